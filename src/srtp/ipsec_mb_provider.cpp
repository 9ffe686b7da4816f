#include "srtp/providers.h"

#ifdef PARLEY_HAS_IPSECMB

#define NO_COMPAT_IMB_API_053  // Its old names are macros, such as SHA1.
#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "crypto/hash.h"
#include "crypto/openssl_ptr.h"
#include "srtp/hmac_sha1.h"
#include "srtp/layout.h"

namespace parley::srtp {
namespace {

using MbManager = crypto::OpensslPtr<IMB_MGR, free_mb_mgr>;

// The round keys, and the powers of the hash key that GHASH takes many blocks at a time with: 1
// KiB.
struct GcmKeys final : KeySchedule {
  GcmKeys(IMB_MGR* manager, Profile profile, For what, const SessionKeys& keys)
      : KeySchedule(profile, what) {
    if (key_size() == 32) {
      IMB_AES256_GCM_PRE(manager, keys.key.data(), &data);
    } else {
      IMB_AES128_GCM_PRE(manager, keys.key.data(), &data);
    }
  }
  ~GcmKeys() override { OPENSSL_cleanse(&data, sizeof data); }

  alignas(64) gcm_key_data data;  // Read by whole cache lines.
};
static_assert(sizeof(GcmKeys) <= KeySchedule::kMostBytes);

struct AesCmKeys final : KeySchedule {
  AesCmKeys(IMB_MGR* manager, Profile profile, For what, const SessionKeys& keys)
      : KeySchedule(profile, what), hmac(keys.auth_key) {
    alignas(16) std::array<std::uint8_t, sizeof round_keys> for_decryption;  // CTR needs none.
    IMB_AES_KEYEXP_128(manager, keys.key.data(), round_keys.data(), for_decryption.data());
    OPENSSL_cleanse(for_decryption.data(), for_decryption.size());
  }
  ~AesCmKeys() override { OPENSSL_cleanse(round_keys.data(), round_keys.size()); }

  alignas(16) std::array<std::uint8_t, 11 * 16> round_keys;
  HmacSha1 hmac;
};

const GcmKeys& gcm_keys(const KeySchedule* keys) {
  return static_cast<const GcmKeys&>(*keys);
}

const AesCmKeys& aes_cm_keys(const KeySchedule* keys) {
  return static_cast<const AesCmKeys&>(*keys);
}

class IpsecMbProvider final : public Provider {
 public:
  explicit IpsecMbProvider(MbManager manager) : manager_(std::move(manager)) {
    for (IMB_JOB& job : jobs_) {
      job.cipher_mode = IMB_CIPHER_CNTR;
      job.cipher_direction = IMB_DIR_ENCRYPT;
      job.key_len_in_bytes = 16;
      job.iv_len_in_bytes = sizeof(Iv);
      job.hash_alg = IMB_AUTH_HMAC_SHA_1;
      job.auth_tag_output_len_in_bytes = sizeof(HmacSha1::Digest);
    }
  }

  Kind kind() const override { return Kind::kIpsecMb; }

  std::unique_ptr<KeySchedule> expand(Profile profile, For what, const SessionKeys& keys) override {
    if (sizes_of(profile).aead()) {
      return std::make_unique<GcmKeys>(manager_.get(), profile, what, keys);
    }
    return std::make_unique<AesCmKeys>(manager_.get(), profile, what, keys);
  }

  void seal(std::span<const Sealing> batch) override;
  bool open(const Opening& opening) override;

 private:
  // Packets that are handed to AES-CM and HMAC-SHA1 at once.
  static constexpr std::size_t kBurst = 64;
  // So many at least fill the lanes of the multi-buffer SHA-1 well enough to beat one after
  // another.
  static constexpr std::size_t kMinHashBurst = 6;
  // The lanes count bytes in 16 bits.
  static constexpr std::size_t kMaxHashedTogether = 32'768;

  using AesCmBatch = std::span<const Sealing* const>;

  void seal_aead(const Sealing& sealing);
  void seal_aes_cm(AesCmBatch batch);
  void encrypt(AesCmBatch batch);
  void authenticate(AesCmBatch batch);
  void authenticate_together(AesCmBatch batch);
  bool open_aead(const Opening& opening);
  bool open_aes_cm(const Opening& opening);
  void set_cipher_job(IMB_JOB& job, const KeySchedule* keys, const std::uint8_t* from,
                      std::uint8_t* to, std::size_t size, const Iv& iv);
  void run_cipher_jobs(std::size_t count);

  MbManager manager_;
  std::array<IMB_JOB, kBurst> jobs_ = {};
  std::array<HmacSha1::Digest, kBurst> digests_ = {};
};

void IpsecMbProvider::seal(std::span<const Sealing> batch) {
  std::array<const Sealing*, kBurst> aes_cm;
  std::size_t waiting = 0;
  for (const Sealing& sealing : batch) {
    if (sealing.keys->aead()) {
      seal_aead(sealing);
      continue;
    }
    aes_cm[waiting++] = &sealing;
    if (waiting < kBurst) continue;
    seal_aes_cm(aes_cm);
    waiting = 0;
  }
  if (waiting > 0) seal_aes_cm(AesCmBatch(aes_cm).first(waiting));
}

void IpsecMbProvider::seal_aead(const Sealing& sealing) {
  const GcmKeys& keys = gcm_keys(sealing.keys);
  const AssociatedData associated(keys, sealing.packet, sealing.plain_size,
                                  !sealing.payload.empty(), sealing.suffix);
  const auto encrypt = keys.key_size() == 32 ? manager_->gcm256_enc : manager_->gcm128_enc;
  std::uint8_t* out = sealing.packet + sealing.plain_size;
  std::uint8_t* tag = out + sealing.payload.size();
  gcm_context_data context;
  encrypt(&keys.data, &context, out, sealing.payload.data(), sealing.payload.size(),
          sealing.iv.data(), associated.bytes().data(), associated.bytes().size(), tag,
          keys.tag_size());
  if (keys.rtcp()) write_u32(tag + keys.tag_size(), sealing.suffix);
}

void IpsecMbProvider::seal_aes_cm(AesCmBatch batch) {
  encrypt(batch);
  for (const Sealing* sealing : batch) {
    write_u32(sealing->packet + sealing->plain_size + sealing->payload.size(), sealing->suffix);
  }
  authenticate(batch);
}

void IpsecMbProvider::encrypt(AesCmBatch batch) {
  std::size_t count = 0;
  for (const Sealing* sealing : batch) {
    if (sealing->payload.empty()) continue;
    set_cipher_job(jobs_[count++], sealing->keys, sealing->payload.data(),
                   sealing->packet + sealing->plain_size, sealing->payload.size(), sealing->iv);
  }
  run_cipher_jobs(count);
}

void IpsecMbProvider::authenticate(AesCmBatch batch) {
  const bool together =
      batch.size() >= kMinHashBurst && std::ranges::all_of(batch, [](const Sealing* sealing) {
        return sealing->plain_size + sealing->payload.size() <= kMaxHashedTogether;
      });
  if (together) {
    authenticate_together(batch);
    return;
  }
  for (const Sealing* sealing : batch) {
    const AesCmKeys& keys = aes_cm_keys(sealing->keys);
    const MacPlace place(keys, sealing->plain_size, sealing->payload.size());
    const auto digest = keys.hmac.digest(Bytes(sealing->packet, place.mac_size));
    std::copy_n(digest.begin(), keys.tag_size(), sealing->packet + place.tag_at);
  }
}

void IpsecMbProvider::authenticate_together(AesCmBatch batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const AesCmKeys& keys = aes_cm_keys(batch[i]->keys);
    IMB_JOB& job = jobs_[i];
    job.src = batch[i]->packet;
    job.msg_len_to_hash_in_bytes =
        MacPlace(keys, batch[i]->plain_size, batch[i]->payload.size()).mac_size;
    job.u.HMAC._hashed_auth_key_xor_ipad =
        reinterpret_cast<const std::uint8_t*>(keys.hmac.inner().data());
    job.u.HMAC._hashed_auth_key_xor_opad =
        reinterpret_cast<const std::uint8_t*>(keys.hmac.outer().data());
    job.auth_tag_output = digests_[i].data();
  }
  const auto count = static_cast<std::uint32_t>(batch.size());
  PARLEY_ASSERT(IMB_SUBMIT_HASH_BURST(manager_.get(), jobs_.data(), count, IMB_AUTH_HMAC_SHA_1) ==
                count);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const KeySchedule& keys = *batch[i]->keys;
    const MacPlace place(keys, batch[i]->plain_size, batch[i]->payload.size());
    std::copy_n(digests_[i].begin(), keys.tag_size(), batch[i]->packet + place.tag_at);
  }
}

bool IpsecMbProvider::open(const Opening& opening) {
  return opening.keys->aead() ? open_aead(opening) : open_aes_cm(opening);
}

bool IpsecMbProvider::open_aead(const Opening& opening) {
  const GcmKeys& keys = gcm_keys(opening.keys);
  std::uint8_t* payload = opening.packet + opening.plain_size;
  std::array<std::uint8_t, kMaxTagSize> tag;
  std::array<std::uint8_t, kMaxTagSize> expected;
  std::copy_n(payload + opening.payload_size, tag.size(), tag.begin());
  const AssociatedData associated(keys, opening.packet, opening.plain_size,
                                  opening.payload_size > 0, opening.suffix);
  const auto decrypt = keys.key_size() == 32 ? manager_->gcm256_dec : manager_->gcm128_dec;
  gcm_context_data context;
  decrypt(&keys.data, &context, payload, payload, opening.payload_size, opening.iv.data(),
          associated.bytes().data(), associated.bytes().size(), expected.data(), expected.size());
  if (crypto::constant_time_equal(tag, expected)) return true;
  std::fill_n(payload, opening.payload_size, std::uint8_t{0});
  return false;
}

bool IpsecMbProvider::open_aes_cm(const Opening& opening) {
  const AesCmKeys& keys = aes_cm_keys(opening.keys);
  const MacPlace place(keys, opening.plain_size, opening.payload_size);
  std::array<std::uint8_t, kMaxTagSize> tag;
  std::copy_n(opening.packet + place.tag_at, keys.tag_size(), tag.begin());
  write_u32(opening.packet + place.suffix_at, opening.suffix);
  const auto digest = keys.hmac.digest(Bytes(opening.packet, place.mac_size));
  if (!crypto::constant_time_equal(Bytes(tag).first(keys.tag_size()),
                                   Bytes(digest).first(keys.tag_size()))) {
    return false;
  }
  if (opening.payload_size == 0) return true;
  std::uint8_t* payload = opening.packet + opening.plain_size;
  set_cipher_job(jobs_[0], opening.keys, payload, payload, opening.payload_size, opening.iv);
  run_cipher_jobs(1);
  return true;
}

void IpsecMbProvider::set_cipher_job(IMB_JOB& job, const KeySchedule* keys,
                                     const std::uint8_t* from, std::uint8_t* to, std::size_t size,
                                     const Iv& iv) {
  job.enc_keys = aes_cm_keys(keys).round_keys.data();
  job.dec_keys = job.enc_keys;
  job.src = from;
  job.dst = to;
  job.msg_len_to_cipher_in_bytes = size;
  job.iv = iv.data();
}

void IpsecMbProvider::run_cipher_jobs(std::size_t count) {
  if (count == 0) return;
  const auto jobs = static_cast<std::uint32_t>(count);
  PARLEY_ASSERT(IMB_SUBMIT_CIPHER_BURST(manager_.get(), jobs_.data(), jobs, IMB_CIPHER_CNTR,
                                        IMB_DIR_ENCRYPT, IMB_KEY_128_BYTES) == jobs);
}

}  // namespace

std::unique_ptr<Provider> make_ipsec_mb_provider() {
  MbManager manager(alloc_mb_mgr(0));
  if (!manager) return nullptr;
  constexpr std::uint64_t kNeeded = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ | IMB_FEATURE_SSE4_2;
  if ((manager->features & kNeeded) != kNeeded) return nullptr;  // It would emulate, slowly.
  init_mb_mgr_auto(manager.get(), nullptr);
  if ((manager->features & IMB_FEATURE_SELF_TEST) != 0 &&
      (manager->features & IMB_FEATURE_SELF_TEST_PASS) == 0) {
    return nullptr;
  }
  return std::make_unique<IpsecMbProvider>(std::move(manager));
}

}  // namespace parley::srtp

#else

namespace parley::srtp {

std::unique_ptr<Provider> make_ipsec_mb_provider() {
  return nullptr;
}

}  // namespace parley::srtp

#endif

#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "crypto/hash.h"
#include "crypto/openssl_ptr.h"
#include "srtp/hmac_sha1.h"
#include "srtp/layout.h"
#include "srtp/providers.h"

namespace parley::srtp {
namespace {

using CipherContext = crypto::OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// Its context holds the expanded key; each packet only sets another IV.
class OpensslKeys final : public KeySchedule {
 public:
  OpensslKeys(Profile profile, For what, const SessionKeys& keys)
      : KeySchedule(profile, what), context_(EVP_CIPHER_CTX_new()) {
    PARLEY_ASSERT(EVP_EncryptInit_ex(context_.get(), cipher(), nullptr, keys.key.data(), nullptr) ==
                  1);
    if (!aead()) hmac_.emplace(Bytes(keys.auth_key));
  }

  EVP_CIPHER_CTX* context() const { return context_.get(); }
  const HmacSha1& hmac() const { return *hmac_; }

 private:
  const EVP_CIPHER* cipher() const {
    if (!aead()) return EVP_aes_128_ctr();
    return key_size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  }

  CipherContext context_;
  std::optional<HmacSha1> hmac_;
};

const OpensslKeys& openssl_keys(const KeySchedule* keys) {
  return static_cast<const OpensslKeys&>(*keys);
}

// With `out` null, `in` is associated data.
bool update(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in) {
  if (in.empty()) return true;
  int size = 0;
  return EVP_CipherUpdate(context, out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

bool begin(EVP_CIPHER_CTX* context, const Iv& iv, bool encrypt) {
  return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), encrypt ? 1 : 0) == 1;
}

void seal_aead(const OpensslKeys& keys, const Sealing& sealing) {
  EVP_CIPHER_CTX* context = keys.context();
  const AssociatedData associated(keys, sealing.packet, sealing.plain_size,
                                  !sealing.payload.empty(), sealing.suffix);
  std::uint8_t* out = sealing.packet + sealing.plain_size;
  std::uint8_t* tag = out + sealing.payload.size();
  int size = 0;
  PARLEY_ASSERT(begin(context, sealing.iv, true) && update(context, nullptr, associated.bytes()) &&
                update(context, out, sealing.payload) &&
                EVP_CipherFinal_ex(context, tag, &size) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
                                    static_cast<int>(keys.tag_size()), tag) == 1);
  if (keys.rtcp()) write_u32(tag + keys.tag_size(), sealing.suffix);
}

void seal_aes_cm(const OpensslKeys& keys, const Sealing& sealing) {
  PARLEY_ASSERT(begin(keys.context(), sealing.iv, true) &&
                update(keys.context(), sealing.packet + sealing.plain_size, sealing.payload));
  const MacPlace place(keys, sealing.plain_size, sealing.payload.size());
  write_u32(sealing.packet + place.suffix_at, sealing.suffix);
  const auto digest = keys.hmac().digest(Bytes(sealing.packet, place.mac_size));
  std::copy_n(digest.begin(), keys.tag_size(), sealing.packet + place.tag_at);
}

bool open_aead(const OpensslKeys& keys, const Opening& opening) {
  EVP_CIPHER_CTX* context = keys.context();
  std::uint8_t* payload = opening.packet + opening.plain_size;
  std::array<std::uint8_t, kMaxTagSize> tag;
  std::copy_n(payload + opening.payload_size, tag.size(), tag.begin());
  const AssociatedData associated(keys, opening.packet, opening.plain_size,
                                  opening.payload_size > 0, opening.suffix);
  std::uint8_t none = 0;
  int size = 0;
  PARLEY_ASSERT(begin(context, opening.iv, false) &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                                    tag.data()) == 1 &&
                update(context, nullptr, associated.bytes()) &&
                update(context, payload, Bytes(payload, opening.payload_size)));
  if (EVP_CipherFinal_ex(context, &none, &size) == 1) return true;
  std::fill_n(payload, opening.payload_size, std::uint8_t{0});
  return false;
}

bool open_aes_cm(const OpensslKeys& keys, const Opening& opening) {
  const MacPlace place(keys, opening.plain_size, opening.payload_size);
  std::array<std::uint8_t, kMaxTagSize> tag;
  std::copy_n(opening.packet + place.tag_at, keys.tag_size(), tag.begin());
  write_u32(opening.packet + place.suffix_at, opening.suffix);
  const auto digest = keys.hmac().digest(Bytes(opening.packet, place.mac_size));
  if (!crypto::constant_time_equal(Bytes(tag).first(keys.tag_size()),
                                   Bytes(digest).first(keys.tag_size()))) {
    return false;
  }
  std::uint8_t* payload = opening.packet + opening.plain_size;
  PARLEY_ASSERT(begin(keys.context(), opening.iv, true) &&
                update(keys.context(), payload, Bytes(payload, opening.payload_size)));
  return true;
}

class OpensslProvider final : public Provider {
 public:
  Kind kind() const override { return Kind::kOpenssl; }

  std::unique_ptr<KeySchedule> expand(Profile profile, For what, const SessionKeys& keys) override {
    return std::make_unique<OpensslKeys>(profile, what, keys);
  }

  void seal(std::span<const Sealing> batch) override {
    for (const Sealing& sealing : batch) {
      const OpensslKeys& keys = openssl_keys(sealing.keys);
      keys.aead() ? seal_aead(keys, sealing) : seal_aes_cm(keys, sealing);
    }
  }

  bool open(const Opening& opening) override {
    const OpensslKeys& keys = openssl_keys(opening.keys);
    return keys.aead() ? open_aead(keys, opening) : open_aes_cm(keys, opening);
  }
};

}  // namespace

std::unique_ptr<Provider> make_openssl_provider() {
  return std::make_unique<OpensslProvider>();
}

}  // namespace parley::srtp

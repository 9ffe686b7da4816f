#include "srtp/key_derivation.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <span>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"

namespace parley::srtp {
namespace {

using CipherContext = crypto::OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// RFC 3711, 4.3.2; those of SRTCP are three higher.
constexpr std::uint8_t kEncryptionLabel = 0;
constexpr std::uint8_t kAuthenticationLabel = 1;
constexpr std::uint8_t kSaltLabel = 2;
constexpr std::uint8_t kFirstRtcpLabel = 3;

// Where the label stands in the 112 bits of key_id: above a 48-bit index that is always zero here.
constexpr std::size_t kLabelOffset = 7;

// Fills `out`, which is zero, with the key stream of AES-CM that begins at x * 2^16, where x =
// key_id XOR master_salt (RFC 3711, 4.3.3). A salt of 96 bits is as one of 112 with zeros behind.
void derive(const MasterKey& master, std::uint8_t label, std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 16> iv = {};
  std::ranges::copy(master.salt(), iv.begin());
  iv[kLabelOffset] ^= label;
  const EVP_CIPHER* cipher = master.key().size() == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
  const CipherContext context(EVP_CIPHER_CTX_new());
  int size = 0;
  PARLEY_ASSERT(
      EVP_EncryptInit_ex(context.get(), cipher, nullptr, master.key().data(), iv.data()) == 1 &&
      EVP_EncryptUpdate(context.get(), out.data(), &size, out.data(),
                        static_cast<int>(out.size())) == 1);
}

SessionKeys derive_keys(const MasterKey& master, std::uint8_t first_label) {
  const ProfileSizes sizes = sizes_of(master.profile());
  const auto label = [&](std::uint8_t which) {
    return static_cast<std::uint8_t>(first_label + which);
  };
  SessionKeys keys;
  derive(master, label(kEncryptionLabel), std::span(keys.key).first(sizes.key));
  derive(master, label(kSaltLabel), std::span(keys.salt).first(sizes.salt));
  if (sizes.auth_key == 0) return keys;
  derive(master, label(kAuthenticationLabel), std::span(keys.auth_key).first(sizes.auth_key));
  return keys;
}

}  // namespace

SessionKeys::~SessionKeys() {
  OPENSSL_cleanse(key.data(), key.size());
  OPENSSL_cleanse(salt.data(), salt.size());
  OPENSSL_cleanse(auth_key.data(), auth_key.size());
}

SessionKeys derive_rtp_keys(const MasterKey& master) {
  return derive_keys(master, 0);
}

SessionKeys derive_rtcp_keys(const MasterKey& master) {
  return derive_keys(master, kFirstRtcpLabel);
}

}  // namespace parley::srtp

#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace parley::crypto {
namespace {

// Looked up once and kept: OpenSSL would search for it at every call, for longer than a short text
// takes to hash.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  PARLEY_ASSERT(algorithm != nullptr);
  return algorithm;
}

template <class Digest>
Digest hash(const EVP_MD* algorithm, Bytes data) {
  Digest digest;
  unsigned size = 0;
  const int result = EVP_Digest(data.data(), data.size(), digest.data(), &size, algorithm, nullptr);
  PARLEY_ASSERT(result == 1 && size == digest.size());
  return digest;
}

template <class Digest>
Digest hmac(const EVP_MD* algorithm, Bytes key, Bytes data) {
  Digest digest;
  unsigned size = 0;
  // A null key would mean "the key of last time" to OpenSSL.
  static constexpr std::uint8_t kNoKey = 0;
  const auto* const result =
      HMAC(algorithm, key.empty() ? &kNoKey : key.data(), static_cast<int>(key.size()), data.data(),
           data.size(), digest.data(), &size);
  PARLEY_ASSERT(result != nullptr && size == digest.size());
  return digest;
}

}  // namespace

Md5Digest md5(Bytes data) {
  static const EVP_MD* const kMd5 = fetch("MD5");
  return hash<Md5Digest>(kMd5, data);
}

Sha1Digest sha1(Bytes data) {
  static const EVP_MD* const kSha1 = fetch("SHA1");
  return hash<Sha1Digest>(kSha1, data);
}

Sha256Digest sha256(Bytes data) {
  static const EVP_MD* const kSha256 = fetch("SHA256");
  return hash<Sha256Digest>(kSha256, data);
}

Sha1Digest hmac_sha1(Bytes key, Bytes data) {
  return hmac<Sha1Digest>(EVP_sha1(), key, data);
}

Sha256Digest hmac_sha256(Bytes key, Bytes data) {
  return hmac<Sha256Digest>(EVP_sha256(), key, data);
}

Sha256Digest derive_key(Bytes secret, std::string_view purpose) {
  ByteWriter info;
  info.text(purpose);
  info.u8(1);
  return hmac_sha256(secret, info.view());
}

bool constant_time_equal(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace parley::crypto

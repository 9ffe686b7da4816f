// For SHA1_Init() and its like (see hmac_sha1): what is to take their place takes ten times as
// long.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>

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
  return hmac_sha1(key, {data});
}

// RFC 2104, made of plain SHA-1. Each connectivity check of ICE takes two, and OpenSSL's HMAC()
// spends most of its time on looking itself up.
Sha1Digest hmac_sha1(Bytes key, std::initializer_list<Bytes> parts) {
  constexpr std::size_t kBlock = 64;
  std::array<std::uint8_t, kBlock> pad = {};
  if (key.size() > kBlock) {
    std::ranges::copy(sha1(key), pad.begin());
  } else {
    std::ranges::copy(key, pad.begin());
  }
  const auto begin = [&](SHA_CTX& context, std::uint8_t mask) {
    std::array<std::uint8_t, kBlock> masked;
    std::ranges::transform(pad, masked.begin(),
                           [&](std::uint8_t b) { return static_cast<std::uint8_t>(b ^ mask); });
    SHA1_Init(&context);
    SHA1_Update(&context, masked.data(), masked.size());
  };
  Sha1Digest digest;
  SHA_CTX context;
  begin(context, 0x36);
  for (const Bytes part : parts) SHA1_Update(&context, part.data(), part.size());
  SHA1_Final(digest.data(), &context);
  begin(context, 0x5C);
  SHA1_Update(&context, digest.data(), digest.size());
  SHA1_Final(digest.data(), &context);
  return digest;
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

// For SHA1_Init() and its like (see hmac): what is to take their place takes ten times as
// long.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
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

struct Sha1 {
  using Digest = Sha1Digest;
  void begin() { SHA1_Init(&context); }
  void add(Bytes data) { SHA1_Update(&context, data.data(), data.size()); }
  void end(Digest& digest) { SHA1_Final(digest.data(), &context); }

  SHA_CTX context;
};

struct Sha256 {
  using Digest = Sha256Digest;
  void begin() { SHA256_Init(&context); }
  void add(Bytes data) { SHA256_Update(&context, data.data(), data.size()); }
  void end(Digest& digest) { SHA256_Final(digest.data(), &context); }

  SHA256_CTX context;
};

// RFC 2104, made of the plain hash. Each connectivity check of ICE takes two, and OpenSSL's HMAC()
// spends most of its time on looking itself up.
template <class Hash>
typename Hash::Digest hmac(Bytes key, std::initializer_list<Bytes> parts) {
  constexpr std::size_t kBlock = 64;  // Of both hashes.
  Hash hash;
  typename Hash::Digest digest;
  std::array<std::uint8_t, kBlock> pad = {};
  if (key.size() > kBlock) {
    hash.begin();
    hash.add(key);
    hash.end(digest);
    std::ranges::copy(digest, pad.begin());
  } else {
    std::ranges::copy(key, pad.begin());
  }
  const auto begin = [&](std::uint8_t mask) {
    std::array<std::uint8_t, kBlock> masked;
    std::ranges::transform(pad, masked.begin(),
                           [&](std::uint8_t b) { return static_cast<std::uint8_t>(b ^ mask); });
    hash.begin();
    hash.add(masked);
  };
  begin(0x36);
  for (const Bytes part : parts) hash.add(part);
  hash.end(digest);
  begin(0x5C);
  hash.add(digest);
  hash.end(digest);
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

Sha1Digest hmac_sha1(Bytes key, std::initializer_list<Bytes> parts) {
  return hmac<Sha1>(key, parts);
}

Sha256Digest hmac_sha256(Bytes key, Bytes data) {
  return hmac<Sha256>(key, {data});
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

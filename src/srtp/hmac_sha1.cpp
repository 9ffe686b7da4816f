// OpenSSL's old face of SHA-1 is the one that can begin from a state: EVP's allocates to copy one.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "srtp/hmac_sha1.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "base/assert.h"

namespace parley::srtp {
namespace {

using Block = std::array<std::uint8_t, SHA_CBLOCK>;

constexpr std::uint8_t kInnerPadding = 0x36;
constexpr std::uint8_t kOuterPadding = 0x5C;

HmacSha1::State state_after(Bytes key, std::uint8_t padding) {
  Block block = {};
  std::ranges::copy(key, block.begin());
  for (std::uint8_t& byte : block) byte ^= padding;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, block.data(), block.size());
  const HmacSha1::State state{context.h0, context.h1, context.h2, context.h3, context.h4};
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(&context, sizeof context);
  return state;
}

HmacSha1::Digest finish(const HmacSha1::State& state, Bytes message) {
  SHA_CTX context = {};
  context.h0 = state[0];
  context.h1 = state[1];
  context.h2 = state[2];
  context.h3 = state[3];
  context.h4 = state[4];
  context.Nl = SHA_CBLOCK * 8;  // Bits read so far.
  SHA1_Update(&context, message.data(), message.size());
  HmacSha1::Digest digest;
  SHA1_Final(digest.data(), &context);
  return digest;
}

}  // namespace

HmacSha1::HmacSha1(Bytes key) {
  PARLEY_ASSERT(key.size() <= SHA_CBLOCK);
  inner_ = state_after(key, kInnerPadding);
  outer_ = state_after(key, kOuterPadding);
}

HmacSha1::~HmacSha1() {
  OPENSSL_cleanse(inner_.data(), sizeof inner_);
  OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

HmacSha1::Digest HmacSha1::digest(Bytes message) const {
  return finish(outer_, finish(inner_, message));
}

}  // namespace parley::srtp

#include "dtls/aead.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"

namespace parley::dtls {
namespace {

using Context = crypto::OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr const char* kNames[] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305"};
constexpr std::size_t kCiphers = std::size(kNames);

Context make_context(AeadCipher cipher) {
  const crypto::OpensslPtr<EVP_CIPHER, EVP_CIPHER_free> algorithm(
      EVP_CIPHER_fetch(nullptr, kNames[std::to_underlying(cipher)], nullptr));
  Context context(EVP_CIPHER_CTX_new());
  PARLEY_ASSERT(EVP_CipherInit_ex2(context.get(), algorithm.get(), nullptr, nullptr, 1, nullptr) ==
                1);
  return context;
}

// Looked up once a thread: it costs more than a record.
EVP_CIPHER_CTX* context_of(AeadCipher cipher) {
  thread_local std::array<Context, kCiphers> contexts;
  Context& context = contexts.at(std::to_underlying(cipher));
  if (context == nullptr) context = make_context(cipher);
  return context.get();
}

EVP_CIPHER_CTX* begin(AeadCipher cipher, Bytes key, const AeadNonce& nonce, bool encrypt) {
  PARLEY_ASSERT(key.size() == key_size(cipher));
  EVP_CIPHER_CTX* const context = context_of(cipher);
  PARLEY_ASSERT(EVP_CipherInit_ex2(context, nullptr, key.data(), nonce.data(), encrypt ? 1 : 0,
                                   nullptr) == 1);
  return context;
}

// With `out` null, `in` is associated data.
void update(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in) {
  if (in.empty()) return;
  int size = 0;
  PARLEY_ASSERT(EVP_CipherUpdate(context, out, &size, in.data(), static_cast<int>(in.size())) == 1);
}

}  // namespace

void seal(AeadCipher cipher, Bytes key, const AeadNonce& nonce, Bytes associated, Bytes plain,
          std::span<std::uint8_t> out) {
  PARLEY_ASSERT(out.size() == plain.size() + kAeadTagSize);
  EVP_CIPHER_CTX* const context = begin(cipher, key, nonce, true);
  std::uint8_t* const tag = out.data() + plain.size();
  int size = 0;
  update(context, nullptr, associated);
  update(context, out.data(), plain);
  PARLEY_ASSERT(EVP_CipherFinal_ex(context, tag, &size) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, int{kAeadTagSize}, tag) == 1);
}

bool open(AeadCipher cipher, Bytes key, const AeadNonce& nonce, Bytes associated, Bytes sealed,
          std::span<std::uint8_t> out) {
  PARLEY_ASSERT(sealed.size() == out.size() + kAeadTagSize);
  EVP_CIPHER_CTX* const context = begin(cipher, key, nonce, false);
  std::array<std::uint8_t, kAeadTagSize> tag;
  std::ranges::copy(sealed.last(kAeadTagSize), tag.begin());
  PARLEY_ASSERT(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, int{kAeadTagSize}, tag.data()) == 1);
  std::uint8_t none = 0;
  int size = 0;
  update(context, nullptr, associated);
  update(context, out.data(), sealed.first(out.size()));
  if (EVP_CipherFinal_ex(context, &none, &size) == 1) return true;
  ERR_clear_error();  // Nobody else shall find what this left behind.
  return false;
}

}  // namespace parley::dtls

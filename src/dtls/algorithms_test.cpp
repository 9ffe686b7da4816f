#include "dtls/algorithms.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/openssl_ptr.h"

namespace parley::dtls {
namespace {

bool is_needed() {
  return OPENSSL_version_major() == 3 && OPENSSL_version_minor() < 2;
}

int decoders_of(OSSL_LIB_CTX* library) {
  int count = 0;
  OSSL_DECODER_do_all_provided(
      library, [](OSSL_DECODER*, void* counted) { ++*static_cast<int*>(counted); }, &count);
  return count;
}

TEST(HandshakeAlgorithms, AreAlwaysTheSame) {
  EXPECT_EQ(handshake_algorithms(), handshake_algorithms());
  EXPECT_EQ(handshake_algorithms() != nullptr, is_needed());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(HandshakeAlgorithms, AreFew) {
  if (!is_needed()) GTEST_SKIP() << "this OpenSSL is used as it is";
  EXPECT_EQ(decoders_of(handshake_algorithms()), 4);
  EXPECT_GT(decoders_of(nullptr), 20);
}

TEST(HandshakeAlgorithms, AreNoOthersThanThoseOfAHandshake) {
  if (!is_needed()) GTEST_SKIP() << "this OpenSSL is used as it is";
  using Hash = crypto::OpensslPtr<EVP_MD, EVP_MD_free>;
  EXPECT_NE(Hash(EVP_MD_fetch(handshake_algorithms(), "SHA256", nullptr)), nullptr);
  EXPECT_EQ(Hash(EVP_MD_fetch(handshake_algorithms(), "SM3", nullptr)), nullptr);
  ERR_clear_error();
}

// What a whole name has in common with the beginning of another does not count.
TEST(HandshakeAlgorithms, AreChosenByWholeNames) {
  if (!is_needed()) GTEST_SKIP() << "this OpenSSL is used as it is";
  using Cipher = crypto::OpensslPtr<EVP_CIPHER, EVP_CIPHER_free>;
  EXPECT_NE(Cipher(EVP_CIPHER_fetch(handshake_algorithms(), "AES-128-CBC", nullptr)), nullptr);
  EXPECT_EQ(Cipher(EVP_CIPHER_fetch(handshake_algorithms(), "AES-128-CBC-CTS", nullptr)), nullptr);
  ERR_clear_error();
}

}  // namespace
}  // namespace parley::dtls

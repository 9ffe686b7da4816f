#include "dtls/certificate.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypto/openssl_ptr.h"
#include "dtls/test_pair.h"

namespace parley::dtls {
namespace {

std::string ed25519_key() {
  const crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const crypto::OpensslPtr<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

TEST(DtlsCertificate, IsKeptAsText) {
  const auto& made = client_certificate();
  const auto kept = Certificate::parse(made->pem());
  ASSERT_TRUE(kept.has_value()) << kept.error();
  EXPECT_EQ((*kept)->fingerprint(), made->fingerprint());
  EXPECT_EQ((*kept)->pem(), made->pem());
  EXPECT_EQ((*kept)->not_after(), made->not_after());
}

TEST(DtlsCertificate, HasTheFingerprintThatEverybodyElseFinds) {
  const auto facts = crypto::read_certificate(client_certificate()->pem());
  EXPECT_EQ(client_certificate()->fingerprint().value(), facts.value().sha256_fingerprint);
  EXPECT_TRUE(
      matches(client_certificate()->der(), std::vector{client_certificate()->fingerprint()}));
}

TEST(DtlsCertificate, IsAnotherOneEachTime) {
  EXPECT_NE(make_certificate(7)->fingerprint(), make_certificate(7)->fingerprint());
}

TEST(DtlsCertificate, IsValidForAsLongAsItWasAskedFor) {
  SeededRandom random(1);
  const auto certificate = Certificate::make(kToday, random, std::chrono::days{10});
  EXPECT_GT(certificate->not_after(), kToday + std::chrono::days{8});
  EXPECT_LE(certificate->not_after(), kToday + std::chrono::days{10});
}

TEST(DtlsCertificate, SaysWhatIsMissing) {
  const std::string pem = client_certificate()->pem();
  const std::size_t key = pem.find("-----BEGIN PRIVATE");
  ASSERT_NE(key, std::string::npos);
  EXPECT_EQ(Certificate::parse("").error(), "this holds no certificate in PEM");
  EXPECT_EQ(Certificate::parse(pem.substr(key)).error(), "this holds no certificate in PEM");
  EXPECT_EQ(Certificate::parse(pem.substr(0, key)).error(), "this holds no unencrypted key in PEM");
}

TEST(DtlsCertificate, DoesNotTakeTheKeyOfAnother) {
  const std::string pem = client_certificate()->pem();
  const std::string other = server_certificate()->pem();
  const std::string mixed = pem.substr(0, pem.find("-----BEGIN PRIVATE")) +
                            other.substr(other.find("-----BEGIN PRIVATE"));
  EXPECT_EQ(Certificate::parse(mixed).error(), "the key is not that of the certificate");
}

TEST(DtlsCertificate, TakesNoKeyOfAnotherKind) {
  const std::string pem = client_certificate()->pem();
  const std::string mixed = pem.substr(0, pem.find("-----BEGIN PRIVATE")) + ed25519_key();
  EXPECT_EQ(Certificate::parse(mixed).error(), "the key is not one for ECDSA with P-256");
}

TEST(DtlsCertificate, CutShortIsNone) {
  const std::string pem = client_certificate()->pem();
  for (std::size_t size = 0; size + 40 < pem.size(); size += 7) {
    EXPECT_FALSE(Certificate::parse(pem.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace parley::dtls

#include "dtls/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"
#include "dtls/session.h"

namespace parley::dtls {
namespace {

using Bio = crypto::OpensslPtr<BIO, BIO_free>;
using Key = crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using X509Pointer = crypto::OpensslPtr<X509, X509_free>;

// It is seen by the peer, so it shall be the same for everybody.
constexpr const char* kSubject = "WebRTC";

Bio reader_of(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

// RFC 8827, 6.5 names the curve; another key would still do, but it was not made here.
bool is_p256(const EVP_PKEY* key) {
  char group[32] = {};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
         std::string_view(group) == SN_X9_62_prime256v1;
}

}  // namespace

struct Certificate::Native {
  // Certificate, key, cipher suites, callbacks: what the sessions of both roles have in common.
  crypto::OpensslPtr<SSL_CTX, SSL_CTX_free> context;
};

Certificate::Certificate() = default;

Certificate::~Certificate() = default;

ssl_ctx_st* Certificate::context() const {
  return native_->context.get();
}

std::shared_ptr<const Certificate> Certificate::make(crypto::WallTime now, Random& random,
                                                     std::chrono::days valid_for) {
  const auto made =
      crypto::make_self_signed({.names = {kSubject}, .now = now, .valid_for = valid_for}, random);
  PARLEY_ASSERT(made.has_value());
  return parse(made->certificate_pem + made->key_pem).value();
}

std::expected<std::shared_ptr<const Certificate>, std::string> Certificate::parse(
    std::string_view pem) {
  const X509Pointer x509(PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, nullptr, nullptr));
  const bool belong =
      x509 != nullptr && key != nullptr && X509_check_private_key(x509.get(), key.get()) == 1;
  ERR_clear_error();  // Nobody else shall find what this left behind.
  if (x509 == nullptr) return std::unexpected("this holds no certificate in PEM");
  if (key == nullptr) return std::unexpected("this holds no unencrypted key in PEM");
  if (!is_p256(key.get())) return std::unexpected("the key is not one for ECDSA with P-256");
  if (!belong) return std::unexpected("the key is not that of the certificate");

  std::shared_ptr<Certificate> certificate(new Certificate);
  certificate->native_ = std::make_unique<Native>();
  certificate->native_->context.reset(Session::make_context());
  SSL_CTX* const context = certificate->context();
  if (SSL_CTX_use_certificate(context, x509.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    ERR_clear_error();
    return std::unexpected("OpenSSL refuses this certificate");
  }
  certificate->pem_ = pem;
  certificate->der_ = der_of(x509.get());
  certificate->fingerprint_ = Fingerprint::of(certificate->der_);
  certificate->not_after_ = crypto::read_certificate(pem).value().not_after;
  return certificate;
}

}  // namespace parley::dtls

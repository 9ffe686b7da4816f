#pragma once

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/openssl_ptr.h"
#include "dtls/test_pair.h"

// OpenSSL as its manual shows it, over its own memory BIOs and with its own timers: the oracle.
namespace parley::dtls {

using Records = std::vector<std::vector<std::uint8_t>>;

inline constexpr std::size_t kRecordHeader = 13;

// A DTLS endpoint that has nothing of ours in it but the certificate.
class OpensslPeer {
 public:
  explicit OpensslPeer(Role role, const char* profiles = "SRTP_AES128_CM_SHA1_80") {
    context_.reset(SSL_CTX_new(DTLS_method()));
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_QUERY_MTU);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       [](int, X509_STORE_CTX*) { return 1; });
    EXPECT_EQ(SSL_CTX_set_tlsext_use_srtp(context_.get(), profiles), 0);
    role_ = role;
  }

  SSL_CTX* context() { return context_.get(); }

  // A certificate as GStreamer's, of RSA with 2,048 bits, instead of ours.
  Fingerprint use_rsa() {
    static const crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free> kKey(EVP_RSA_gen(2048));
    return use_key(kKey.get(), EVP_sha256());
  }

  Fingerprint use_ed25519() {
    static const crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free> kKey(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return use_key(kKey.get(), nullptr);
  }

  // A certificate that is not ours, signed with `hash`.
  Fingerprint use_key(EVP_PKEY* key, const EVP_MD* hash) {
    has_own_key_ = true;
    const crypto::OpensslPtr<X509, X509_free> certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 1000);
    X509_set_pubkey(certificate.get(), key);
    EXPECT_GT(X509_sign(certificate.get(), key, hash), 0);
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key), 1);
    std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
    unsigned char* out = der.data();
    i2d_X509(certificate.get(), &out);
    return Fingerprint::of(der, HashAlgorithm::kSha512);
  }

  void start() {
    if (!has_own_key_) use_certificate(server_certificate()->pem());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), memory_bio(), memory_bio());
    SSL_set_mtu(ssl_.get(), 1'200);
    role_ == Role::kClient ? SSL_set_connect_state(ssl_.get()) : SSL_set_accept_state(ssl_.get());
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
  }

  void handle(Bytes datagram) {
    BIO_write(SSL_get_rbio(ssl_.get()), datagram.data(), static_cast<int>(datagram.size()));
    std::uint8_t buffer[2048];
    if (!SSL_is_init_finished(ssl_.get())) SSL_do_handshake(ssl_.get());
    if (SSL_is_init_finished(ssl_.get())) {
      const int size = SSL_read(ssl_.get(), buffer, sizeof buffer);
      if (size > 0) received.append(buffer, buffer + size);
    }
    ERR_clear_error();
  }

  // A record each: memory BIOs forget where a datagram ended.
  Records take_records() {
    std::uint8_t buffer[8192];
    const int size = BIO_read(SSL_get_wbio(ssl_.get()), buffer, sizeof buffer);
    Bytes rest(buffer, static_cast<std::size_t>(std::max(size, 0)));
    Records records;
    while (!rest.empty()) {
      const std::size_t length = kRecordHeader + static_cast<std::size_t>(rest[11] << 8 | rest[12]);
      records.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
      rest = rest.subspan(length);
    }
    return records;
  }

  bool is_connected() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  void send(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  }
  void close() { SSL_shutdown(ssl_.get()); }
  // Begins another handshake over the connection.
  void renegotiate() {
    EXPECT_EQ(SSL_renegotiate(ssl_.get()), 1);
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
  }
  bool has_been_closed() const { return SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN; }

  SrtpExport keys(std::size_t key, std::size_t salt) const {
    std::vector<std::uint8_t> all(2 * (key + salt));
    EXPECT_EQ(SSL_export_keying_material(ssl_.get(), all.data(), all.size(), "EXTRACTOR-dtls_srtp",
                                         19, nullptr, 0, 0),
              1);
    const auto part = [&](std::size_t from, std::size_t size) {
      const Bytes bytes = Bytes(all).subspan(from, size);
      return std::vector(bytes.begin(), bytes.end());
    };
    return {.profile = static_cast<std::uint16_t>(SSL_get_selected_srtp_profile(ssl_.get())->id),
            .client = {.key = part(0, key), .salt = part(2 * key, salt)},
            .server = {.key = part(key, key), .salt = part(2 * key + salt, salt)}};
  }

  std::string received;

 private:
  static BIO* memory_bio() {
    BIO* const bio = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(bio, -1);
    return bio;
  }

  void use_certificate(const std::string& pem) {
    const crypto::OpensslPtr<BIO, BIO_free> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const crypto::OpensslPtr<X509, X509_free> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    const crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
  }

  crypto::OpensslPtr<SSL_CTX, SSL_CTX_free> context_;
  crypto::OpensslPtr<SSL, SSL_free> ssl_;
  Role role_ = Role::kClient;
  bool has_own_key_ = false;
};

inline Config config_towards_openssl(Role role) {
  return {.certificate = client_certificate(),
          .role = role,
          .peer_fingerprints = {server_certificate()->fingerprint()}};
}

// The record again as a sender repeats it: with the next number (RFC 6347, 4.2.4).
inline std::vector<std::uint8_t> repeated(std::vector<std::uint8_t> record, std::uint8_t number) {
  record[10] = number;
  return record;
}

// Carries datagrams to and fro until there are no more. The peer's next plain record has `number`.
inline void exchange(End& end, OpensslPeer& peer, std::uint8_t number = 0) {
  for (int i = 0; i < 20; ++i) {
    end.take_outputs(kStart);
    for (const auto& datagram : end.sent) peer.handle(datagram);
    end.sent.clear();
    for (const auto& record : peer.take_records()) {
      const bool plain = record[4] == 0;  // Epoch 0.
      end.handle(kStart, plain ? repeated(record, number++) : record);
    }
  }
}

}  // namespace parley::dtls

#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

// TLS for tests: a certificate on disk, and a client without a socket.
namespace parley::http {

// A self-signed certificate for "localhost" and its key, in a directory of their own.
class TestCertificate {
 public:
  TestCertificate() {
    std::string directory = "/tmp/parley-http-test-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) std::abort();
    directory_ = directory;
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* const text = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* const chain = std::fopen(chain_file().c_str(), "w");
    PEM_write_X509(chain, certificate);
    std::fclose(chain);
    std::FILE* const key_out = std::fopen(key_file().c_str(), "w");
    PEM_write_PrivateKey(key_out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(key_out);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~TestCertificate() { std::filesystem::remove_all(directory_); }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  std::string chain_file() const { return directory_ + "/chain.pem"; }
  std::string key_file() const { return directory_ + "/key.pem"; }

 private:
  std::string directory_;
};

// Verifies nothing: it is here to talk.
class TestTlsClient {
 public:
  explicit TestTlsClient(int max_version = TLS1_3_VERSION, std::string_view protocol = "http/1.1")
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_, max_version);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_security_level(context_, 0);  // Or it would not even offer TLS 1.1.
    session_ = SSL_new(context_);
    const std::string offer = static_cast<char>(protocol.size()) + std::string(protocol);
    SSL_set_alpn_protos(session_, reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(session_, in_, out_);
    SSL_set_connect_state(session_);
  }
  ~TestTlsClient() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }
  TestTlsClient(const TestTlsClient&) = delete;
  TestTlsClient& operator=(const TestTlsClient&) = delete;

  // Takes what the server sent; what is to be sent to it is in take_output().
  void receive(std::string_view encrypted) {
    BIO_write(in_, encrypted.data(), static_cast<int>(encrypted.size()));
    if (!SSL_is_init_finished(session_)) SSL_do_handshake(session_);
    std::array<char, 4096> buffer;
    for (int size = 0; (size = SSL_read(session_, buffer.data(), buffer.size())) > 0;) {
      received.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ended = (SSL_get_shutdown(session_) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  void send(std::string_view text) {
    SSL_write(session_, text.data(), static_cast<int>(text.size()));
  }
  void close() { SSL_shutdown(session_); }

  std::string take_output() {
    std::string output(BIO_ctrl_pending(out_), '\0');
    BIO_read(out_, output.data(), static_cast<int>(output.size()));
    return output;
  }
  bool is_connected() const { return SSL_is_init_finished(session_) == 1; }
  SSL* session() { return session_; }

  std::string received;
  bool ended = false;

 private:
  SSL_CTX* context_;
  SSL* session_ = nullptr;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
};

}  // namespace parley::http

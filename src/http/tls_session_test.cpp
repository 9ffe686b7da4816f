#include "http/tls_session.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "http/server.h"
#include "http/test_client.h"
#include "http/websocket/test_frames.h"

namespace parley::http {
namespace {

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

class HttpTls : public testing::Test {
 protected:
  HttpTls() : context_(*TlsContext::load(certificate_.chain_file(), certificate_.key_file())) {}

  // Hands what each has for the other across, in pieces, until both are silent.
  void exchange(TlsSession& server, TestTlsClient& client, std::size_t piece = 100'000) {
    for (bool silent = false; !silent;) {
      silent = true;
      for (std::string bytes = client.take_output(); !bytes.empty(); silent = false) {
        const std::string front = bytes.substr(0, piece);
        bytes.erase(0, front.size());
        server.handle_input(as_bytes(front));
        for (Bytes plain; !(plain = server.read(buffer_)).empty();) received_ += as_text(plain);
      }
      if (const SharedBytes out = server.take_output(); !out.empty()) {
        client.receive(out.text());
        silent = false;
      }
    }
  }

  void write(TlsSession& server, std::string_view a, std::string_view b = {}) {
    const std::array<Bytes, 2> parts = {as_bytes(a), as_bytes(b)};
    server.write(parts);
  }

  TestCertificate certificate_;
  std::unique_ptr<TlsContext> context_;
  std::array<std::uint8_t, 16 << 10> buffer_;
  std::string received_;
};

TEST_F(HttpTls, CarriesTextBothWaysInPiecesOfAnySize) {
  const std::string large(100'000, 'x');
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::size_t piece : {1u, 7u, 1000u, 100'000u}) {
      TlsSession server(*context_);
      TestTlsClient client(version);
      received_.clear();
      client.receive("");
      exchange(server, client, piece);
      ASSERT_TRUE(client.is_connected());
      ASSERT_EQ(server.state(), TlsSession::State::kOpen);
      client.send("ping" + large);
      write(server, "head", "body" + large);
      exchange(server, client, piece);
      EXPECT_EQ(received_, "ping" + large);
      EXPECT_EQ(client.received, "headbody" + large);
    }
  }
}

TEST_F(HttpTls, PutsSmallPartsIntoOneRecord) {
  TlsSession server(*context_);
  TestTlsClient client;
  client.receive("");
  exchange(server, client);
  write(server, "\x81\x02", "hi");
  EXPECT_EQ(server.take_output().size(), 4u + 22u);  // Header, content type and tag of TLS 1.3.
}

TEST_F(HttpTls, RefusesOldVersionsAndForeignProtocols) {
  for (const auto& [version, protocol] : std::vector<std::pair<int, std::string>>{
           {TLS1_1_VERSION, "http/1.1"}, {TLS1_3_VERSION, "h2"}}) {
    TlsSession server(*context_);
    TestTlsClient client(version, protocol);
    client.receive("");
    exchange(server, client);
    EXPECT_FALSE(client.is_connected());
    EXPECT_EQ(server.state(), TlsSession::State::kFailed);
  }
}

TEST_F(HttpTls, FailsOnWhatIsNoTls) {
  TlsSession server(*context_);
  server.handle_input(as_bytes("GET / HTTP/1.1\r\nHost: here\r\n\r\n"));
  EXPECT_EQ(server.state(), TlsSession::State::kFailed);
  server.handle_input(as_bytes("more"));
  EXPECT_TRUE(server.read(buffer_).empty());
}

TEST_F(HttpTls, FailsOnARecordThatWasTamperedWith) {
  TlsSession server(*context_);
  TestTlsClient client;
  client.receive("");
  exchange(server, client);
  client.send("secret");
  std::string record = client.take_output();
  record.back() = static_cast<char>(record.back() ^ 1);
  server.handle_input(as_bytes(record));
  EXPECT_TRUE(server.read(buffer_).empty());
  EXPECT_EQ(server.state(), TlsSession::State::kFailed);
  EXPECT_FALSE(server.take_output().empty()) << "the alert";
}

TEST_F(HttpTls, TellsAndHearsTheEnd) {
  TlsSession server(*context_);
  TestTlsClient client;
  client.receive("");
  exchange(server, client);
  client.send("last words");
  client.close();
  exchange(server, client);
  EXPECT_EQ(received_, "last words");
  EXPECT_EQ(server.state(), TlsSession::State::kClosed);

  TlsSession closing(*context_);
  TestTlsClient other;
  other.receive("");
  exchange(closing, other);
  closing.close();
  exchange(closing, other);
  EXPECT_TRUE(other.ended);
}

TEST_F(HttpTls, ResumesASessionByItsTicket) {
  TlsSession server(*context_);
  TestTlsClient client(TLS1_2_VERSION);
  client.receive("");
  exchange(server, client);
  SSL_SESSION* const ticket = SSL_get1_session(client.session());
  TlsSession again(*context_);
  TestTlsClient returning(TLS1_2_VERSION);
  SSL_set_session(returning.session(), ticket);
  returning.receive("");
  exchange(again, returning);
  EXPECT_EQ(SSL_session_reused(returning.session()), 1);
  SSL_SESSION_free(ticket);
}

TEST_F(HttpTls, SessionsOutliveACertificateThatIsReplaced) {
  TlsSession server(*context_);
  context_ = *TlsContext::load(certificate_.chain_file(), certificate_.key_file());
  TestTlsClient client;
  client.receive("");
  exchange(server, client);
  EXPECT_TRUE(client.is_connected());
}

// The whole server, by TLS: a handler that echoes, on a WebSocket.
class Echo final : public WebSocketHandler {
 public:
  void on_open(WebSocket& socket) override { socket_ = &socket; }
  void on_message(Bytes message, WebSocketKind kind) override {
    socket_->send(SharedBytes(message), kind);
  }
  void on_closed(std::uint16_t, std::string_view) override {}

 private:
  WebSocket* socket_ = nullptr;
};

TEST_F(HttpTls, CarriesHttpAndWebSocket) {
  constexpr std::string_view kUpgrade =
      "GET /socket HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  io::EventLoop loop;
  Server server(loop, {});
  server.websocket("/socket", {}, [](const Request& request) {
    EXPECT_EQ(request.origin(), "https://here");
    return std::make_unique<Echo>();
  });
  const net::SocketAddress any{.ip = *net::IpAddress::parse("127.0.0.1")};
  EXPECT_EQ(server.listen_tls(any).error(), "HTTPS needs a certificate");
  ASSERT_TRUE(server.load_certificate(certificate_.chain_file(), certificate_.key_file()));
  TestClient tcp(loop, server.listen_tls(any).value());
  TestTlsClient tls;
  const auto exchange_until = [&](auto predicate) {
    return tcp.wait_until([&] {
      tls.receive(tcp.take_available());
      if (const std::string out = tls.take_output(); !out.empty()) tcp.send(out);
      return predicate();
    });
  };
  ASSERT_TRUE(exchange_until([&] { return tls.is_connected(); }));
  tls.send("GET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n");
  ASSERT_TRUE(exchange_until([&] { return tls.received.ends_with("}"); }));
  EXPECT_TRUE(tls.received.starts_with("HTTP/1.1 404 "));
  tls.received.clear();
  tls.send(kUpgrade);
  ASSERT_TRUE(exchange_until([&] { return tls.received.ends_with("\r\n\r\n"); }));
  tls.received.clear();
  tls.send(websocket::client_frame(0x81, "secret"));
  ASSERT_TRUE(exchange_until([&] { return tls.received == "\x81\x06secret"; }));
  tls.send(websocket::client_frame(0x88, websocket::close_payload(1000)));
  EXPECT_TRUE(exchange_until([&] { return tls.ended; }));

  TestClient plain(loop, server.listen_tls(any).value());
  plain.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  EXPECT_TRUE(plain.wait_for_end());
  EXPECT_EQ(server.counters().tls_failures, 1u);
}

TEST(HttpTlsContext, SaysWhyACertificateCannotBeUsed) {
  const TestCertificate one;
  const TestCertificate other;
  const auto missing = TlsContext::load("/nonexistent.pem", one.key_file());
  EXPECT_TRUE(missing.error().starts_with("cannot read a certificate from /nonexistent.pem: "));
  const auto mismatch = TlsContext::load(one.chain_file(), other.key_file());
  EXPECT_TRUE(mismatch.error().starts_with("cannot use the key in ")) << mismatch.error();
}

}  // namespace
}  // namespace parley::http

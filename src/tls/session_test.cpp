#include "tls/session.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <string>
#include <vector>

#include "tls/test_certificate.h"

namespace parley::tls {
namespace {

// Verifies nothing: it is here to talk.
class OpenSslClient {
 public:
  explicit OpenSslClient(int max_version = TLS1_3_VERSION, std::string_view protocol = "http/1.1")
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
  ~OpenSslClient() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }
  OpenSslClient(const OpenSslClient&) = delete;
  OpenSslClient& operator=(const OpenSslClient&) = delete;

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

class TlsSession : public testing::Test {
 protected:
  TlsSession() : context_(certificate_.for_server()) {}

  // Hands what each has for the other across, in pieces, until both are silent.
  void exchange(Session& server, OpenSslClient& client, std::size_t piece = 100'000) {
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

  void write(Session& server, std::string_view a, std::string_view b = {}) {
    const std::array<Bytes, 2> parts = {as_bytes(a), as_bytes(b)};
    server.write(parts);
  }

  TestCertificate certificate_;
  std::shared_ptr<const Context> context_;
  std::array<std::uint8_t, 16 << 10> buffer_;
  std::string received_;
};

TEST_F(TlsSession, CarriesTextBothWaysInPiecesOfAnySize) {
  const std::string large(100'000, 'x');
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::size_t piece : {1u, 7u, 1000u, 100'000u}) {
      const auto server = Session::accept(*context_, kHttpAlone);
      OpenSslClient client(version);
      received_.clear();
      client.receive("");
      exchange(*server, client, piece);
      ASSERT_TRUE(client.is_connected());
      ASSERT_EQ(server->state(), Session::State::kOpen);
      client.send("ping" + large);
      write(*server, "head", "body" + large);
      exchange(*server, client, piece);
      EXPECT_EQ(received_, "ping" + large);
      EXPECT_EQ(client.received, "headbody" + large);
    }
  }
}

TEST_F(TlsSession, PutsSmallPartsIntoOneRecord) {
  const auto server = Session::accept(*context_, kHttpAlone);
  OpenSslClient client;
  client.receive("");
  exchange(*server, client);
  write(*server, "\x81\x02", "hi");
  EXPECT_EQ(server->take_output().size(), 4u + 22u);  // Header, content type and tag of TLS 1.3.
}

TEST_F(TlsSession, RefusesOldVersions) {
  const auto server = Session::accept(*context_, kHttpAlone);
  OpenSslClient client(TLS1_1_VERSION);
  client.receive("");
  exchange(*server, client);
  EXPECT_FALSE(client.is_connected());
  EXPECT_EQ(server->state(), Session::State::kFailed);
  EXPECT_EQ(server->problem(), "there is no version of TLS that both speak");
}

TEST_F(TlsSession, FailsOnWhatIsNoTls) {
  const auto server = Session::accept(*context_, kHttpAlone);
  server->handle_input(as_bytes("GET / HTTP/1.1\r\nHost: here\r\n\r\n"));
  EXPECT_EQ(server->state(), Session::State::kFailed);
  server->handle_input(as_bytes("more"));
  EXPECT_TRUE(server->read(buffer_).empty());
}

TEST_F(TlsSession, FailsOnARecordThatWasTamperedWith) {
  const auto server = Session::accept(*context_, kHttpAlone);
  OpenSslClient client;
  client.receive("");
  exchange(*server, client);
  client.send("secret");
  std::string record = client.take_output();
  record.back() = static_cast<char>(record.back() ^ 1);
  server->handle_input(as_bytes(record));
  EXPECT_TRUE(server->read(buffer_).empty());
  EXPECT_EQ(server->state(), Session::State::kFailed);
  EXPECT_FALSE(server->take_output().empty()) << "the alert";
}

TEST_F(TlsSession, TellsAndHearsTheEnd) {
  const auto server = Session::accept(*context_, kHttpAlone);
  OpenSslClient client;
  client.receive("");
  exchange(*server, client);
  client.send("last words");
  client.close();
  exchange(*server, client);
  EXPECT_EQ(received_, "last words");
  EXPECT_EQ(server->state(), Session::State::kClosed);

  const auto closing = Session::accept(*context_, kHttpAlone);
  OpenSslClient other;
  other.receive("");
  exchange(*closing, other);
  closing->close();
  exchange(*closing, other);
  EXPECT_TRUE(other.ended);
}

TEST_F(TlsSession, ResumesASessionByItsTicket) {
  const auto server = Session::accept(*context_, kHttpAlone);
  OpenSslClient client(TLS1_2_VERSION);
  client.receive("");
  exchange(*server, client);
  SSL_SESSION* const ticket = SSL_get1_session(client.session());
  const auto again = Session::accept(*context_, kHttpAlone);
  OpenSslClient returning(TLS1_2_VERSION);
  SSL_set_session(returning.session(), ticket);
  returning.receive("");
  exchange(*again, returning);
  EXPECT_EQ(SSL_session_reused(returning.session()), 1);
  SSL_SESSION_free(ticket);
}

TEST_F(TlsSession, SessionsOutliveACertificateThatIsReplaced) {
  const auto server = Session::accept(*context_, kHttpAlone);
  context_ = certificate_.for_server();
  OpenSslClient client;
  client.receive("");
  exchange(*server, client);
  EXPECT_TRUE(client.is_connected());
}

TEST(TlsContext, SaysWhyACertificateCannotBeUsed) {
  const TestCertificate one;
  const TestCertificate other;
  const auto missing = Context::for_server("/nonexistent.pem", one.key_file());
  EXPECT_TRUE(missing.error().starts_with("cannot read a certificate from /nonexistent.pem: "));
  const auto mismatch = Context::for_server(one.chain_file(), other.key_file());
  EXPECT_TRUE(mismatch.error().starts_with("cannot use the key in ")) << mismatch.error();
}

}  // namespace
}  // namespace parley::tls

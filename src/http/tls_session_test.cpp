#include "http/tls_session.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/test_tls.h"

namespace parley::http {
namespace {

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

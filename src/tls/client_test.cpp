#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tls/session.h"
#include "tls/test_certificate.h"

namespace parley::tls {
namespace {

using State = Session::State;

// A client and a server of ours, and the wire between them.
struct Pair {
  Pair(const Context& server_context, const Context& client_context, const std::string& name,
       Protocols spoken = kAllProtocols, Protocols wanted = {})
      : server(Session::accept(server_context, spoken)),
        client(Session::connect(client_context, name, wanted)) {}

  void exchange() {
    for (bool silent = false; !silent;) {
      const bool moved = carry(*client, *server, at_server);
      silent = !carry(*server, *client, at_client) && !moved;
    }
  }
  static bool carry(Session& from, Session& to, std::string& heard) {
    const SharedBytes bytes = from.take_output();
    if (bytes.empty()) return false;
    take(to, bytes.bytes(), heard);
    return true;
  }
  static void take(Session& to, Bytes bytes, std::string& heard) {
    to.handle_input(bytes);
    std::array<std::uint8_t, Session::kMaxRecord> buffer;
    for (Bytes plain; !(plain = to.read(buffer)).empty();) heard += as_text(plain);
  }
  static void say(Session& session, std::string_view text) {
    const std::array<Bytes, 1> parts = {as_bytes(text)};
    session.write(parts);
  }

  std::unique_ptr<Session> server, client;
  std::string at_server, at_client;
};

// What a client finds wrong with a server that has that certificate.
std::string problem_of(const TestCertificate& certificate, const std::string& name,
                       const Context& trust) {
  const auto server = certificate.for_server();
  Pair pair(*server, trust, name);
  pair.exchange();
  if (pair.client->state() == State::kOpen) return "none";
  EXPECT_EQ(pair.client->state(), State::kFailed);
  EXPECT_EQ(pair.server->state(), State::kFailed) << "it hears the client's alert";
  EXPECT_TRUE(pair.server->problem().starts_with("the other side refused: "))
      << pair.server->problem();
  return pair.client->problem();
}

TEST(TlsClient, TalksToAServerThatItTrusts) {
  const TestCertificate certificate({"meet.example", "192.0.2.1", "2001:db8::1"});
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  for (const char* name : {"meet.example", "192.0.2.1", "2001:db8::1"}) {
    Pair pair(*server, *trust, name);
    pair.exchange();
    ASSERT_EQ(pair.client->state(), State::kOpen) << name << ": " << pair.client->problem();
    ASSERT_EQ(pair.server->state(), State::kOpen);
    Pair::say(*pair.client, "ping");
    Pair::say(*pair.server, std::string(100'000, 'x'));
    pair.exchange();
    EXPECT_EQ(pair.at_server, "ping");
    EXPECT_EQ(pair.at_client, std::string(100'000, 'x'));
    EXPECT_EQ(pair.client->problem(), "");
  }
}

TEST(TlsClient, RefusesACertificateForAnotherName) {
  const TestCertificate certificate({"meet.example", "192.0.2.1"});
  const auto trust = certificate.for_clients();
  EXPECT_EQ(problem_of(certificate, "other.example", *trust),
            "the certificate is for another name");
  EXPECT_EQ(problem_of(certificate, "192.0.2.2", *trust),
            "the certificate is not for this IP address");
}

TEST(TlsClient, RefusesACertificateOutsideItsTime) {
  const auto now = std::chrono::system_clock::now();
  const TestCertificate old({"meet.example"}, now - std::chrono::days{400});
  EXPECT_EQ(problem_of(old, "meet.example", *old.for_clients()), "the certificate has expired");
  const TestCertificate early({"meet.example"}, now + std::chrono::days{400});
  EXPECT_EQ(problem_of(early, "meet.example", *early.for_clients()),
            "the certificate is not valid yet");
}

TEST(TlsClient, RefusesASignerWhomItDoesNotTrust) {
  const TestCertificate one({"meet.example"});
  const TestCertificate other({"other.example"});
  EXPECT_EQ(problem_of(one, "meet.example", *other.for_clients()),
            "the certificate is signed by itself, and by nobody who is trusted");
  const auto system = Context::for_clients({});
  ASSERT_TRUE(system.has_value()) << system.error();
  EXPECT_EQ(problem_of(one, "meet.example", **system),
            "the certificate is signed by itself, and by nobody who is trusted");
}

TEST(TlsClient, BelievesAnybodyIfToldTo) {
  const auto trust = Context::for_clients({.by = Verify::By::kNobody}).value();
  const TestCertificate old({"x"}, std::chrono::system_clock::now() - std::chrono::days{400});
  EXPECT_EQ(problem_of(old, "other.example", *trust), "none");
}

TEST(TlsClient, NeedsACertificateToTrust) {
  const auto context = Context::for_clients({.by = Verify::By::kRoots, .pem = "nothing"});
  EXPECT_EQ(context.error(), "there is no certificate in the PEM text");
}

TEST(TlsClient, SaysThatTheOtherSideSpeaksNoTls) {
  const TestCertificate certificate;
  const auto client = Session::connect(*certificate.for_clients(), "localhost", {});
  EXPECT_FALSE(client->take_output().empty()) << "a ClientHello, before anything came";
  client->handle_input(as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  EXPECT_EQ(client->state(), State::kFailed);
  EXPECT_EQ(client->problem(), "the other side does not speak TLS");
}

TEST(TlsAlpn, AgreesOnTheServersFirstThatTheClientOffers) {
  const TestCertificate certificate;
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  constexpr std::array<std::string_view, 2> kNewerHttp = {"h2", kHttp};
  constexpr std::array<std::string_view, 3> kCoturn = {kHttp, kTurn, kNatDiscovery};
  constexpr std::array<std::string_view, 1> kForeign = {"imap"};
  struct Case {
    Protocols spoken, wanted;
    std::string_view agreed;
  };
  const Case cases[] = {
      {kAllProtocols, kNewerHttp, kHttp}, {kAllProtocols, kTurnAndStun, kTurn},
      {kAllProtocols, kCoturn, kTurn},    {kHttpAlone, kCoturn, kHttp},
      {kTurnAndStun, kHttpAlone, ""},     {kHttpAlone, kTurnAndStun, ""},
      {kAllProtocols, kForeign, ""},      {kAllProtocols, {}, ""},
  };
  for (const Case& one : cases) {
    Pair pair(*server, *trust, "localhost", one.spoken, one.wanted);
    pair.exchange();
    ASSERT_EQ(pair.client->state(), State::kOpen) << pair.client->problem();
    EXPECT_EQ(pair.server->protocol(), one.agreed);
    EXPECT_EQ(pair.client->protocol(), one.agreed);
  }
}

TEST(TlsSessionEnd, IsToldFromAStreamThatWasCutOff) {
  const TestCertificate certificate;
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  Pair pair(*server, *trust, "localhost");
  pair.exchange();
  Pair::say(*pair.client, "half a ");
  pair.exchange();
  EXPECT_EQ(pair.server->state(), State::kOpen) << "nothing tells it that this was all";
  pair.client->close();
  pair.exchange();
  EXPECT_EQ(pair.server->state(), State::kClosed);
  EXPECT_EQ(pair.at_server, "half a ");
}

TEST(TlsSessionEnd, ARecordThatIsCutIsNotRead) {
  const TestCertificate certificate;
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  Pair pair(*server, *trust, "localhost");
  pair.exchange();
  Pair::say(*pair.client, "secret");
  const SharedBytes record = pair.client->take_output();
  for (std::size_t size = 0; size + 1 < record.size(); ++size) {
    Pair::take(*pair.server, record.bytes().subspan(size, 1), pair.at_server);
    ASSERT_EQ(pair.at_server, "");
  }
  Pair::take(*pair.server, record.bytes().last(1), pair.at_server);
  EXPECT_EQ(pair.at_server, "secret");
}

// In the middle of a record, and of an answer that has not left.
TEST(TlsHandover, ASessionGoesOnOnAnotherThread) {
  const TestCertificate certificate;
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  Pair pair(*server, *trust, "localhost");
  pair.exchange();
  Pair::say(*pair.client, "one two");
  const SharedBytes record = pair.client->take_output();
  const std::vector<std::uint8_t> wire(record.bytes().begin(), record.bytes().end());
  Pair::take(*pair.server, Bytes(wire).first(9), pair.at_server);
  Pair::say(*pair.server, "answer");
  std::vector<std::uint8_t> back;
  std::thread([&, session = std::move(pair.server)] {
    Pair::take(*session, Bytes(wire).subspan(9), pair.at_server);
    Pair::say(*session, " and more");
    const SharedBytes output = session->take_output();
    back.assign(output.bytes().begin(), output.bytes().end());
  }).join();
  Pair::take(*pair.client, back, pair.at_client);
  EXPECT_EQ(pair.at_server, "one two");
  EXPECT_EQ(pair.at_client, "answer and more");
}

TEST(TlsHandover, ThreadsShareAContext) {
  const TestCertificate certificate;
  const auto server = certificate.for_server();
  const auto trust = certificate.for_clients();
  std::vector<std::thread> threads;
  std::array<State, 4> states = {};
  for (State& state : states) {
    threads.emplace_back([&, server, trust] {
      for (int i = 0; i < 5; ++i) {
        Pair pair(*server, *trust, "localhost");
        pair.exchange();
        state = pair.client->state();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const State state : states) EXPECT_EQ(state, State::kOpen);
}

}  // namespace
}  // namespace parley::tls

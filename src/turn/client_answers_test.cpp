// Whom a client believes (RFC 8489, 9.2.5).
#include <gtest/gtest.h>

#include <functional>
#include <variant>

#include "turn/client.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::Class;
using stun::ErrorCode;
using stun::MessageBuilder;
using stun::MessageView;
using stun::Method;
using test::address;
using test::kPeer;
using test::TestServer;
using test::udp_from;

// A client whose requests wait to be answered: by the server, or by somebody who only knows how
// such answers look.
struct World {
  explicit World(net::Transport transport = net::Transport::kUdp)
      : client({.server = transport, .login = {"ada", "lovelace"}}, random),
        path(udp_from("198.51.100.7:1234")) {
    path.transport = transport;
    client.start(server.now);
    answer();
    answer();
    EXPECT_TRUE(client.is_allocated());
  }

  // The request that has been waiting longest.
  std::vector<std::uint8_t> take_request() {
    while (auto output = client.poll_output()) {
      if (auto* to_server = std::get_if<ToServer>(&*output)) return std::move(to_server->packet);
      told.push_back(*std::move(output));
    }
    ADD_FAILURE() << "no request";
    return {};
  }

  void answer() { answer(take_request()); }
  void answer(Bytes request) {
    server.sent.clear();
    server.from_client(path, request);
    ASSERT_EQ(server.sent.size(), 1u);
    hear(server.sent[0].packet);
  }
  void hear(Bytes packet) { client.handle_input(server.now, {.packet = packet}); }

  // What everybody can say to a request that they have seen.
  static MessageBuilder forged(Bytes request, ErrorCode code) {
    MessageBuilder answer(Class::kError, MessageView::parse(request).value());
    answer.add_error(code, "");
    return answer;
  }

  std::optional<ClientFailed> failure() {
    while (auto output = client.poll_output()) told.push_back(*std::move(output));
    for (const ClientOutput& one : told) {
      if (const auto* failed = std::get_if<ClientFailed>(&one)) return *failed;
    }
    return std::nullopt;
  }

  // Refreshes as the lifetime nears its end.
  std::vector<std::uint8_t> take_refresh() {
    server.advance(client.next_deadline() - server.now);
    client.handle_timeout(server.now);
    return take_request();
  }
  void wait_for_the_end() {
    while (!failure() && client.next_deadline() != kNever) {
      server.now = client.next_deadline();
      client.handle_timeout(server.now);
    }
  }

  TestServer server;
  SeededRandom random{7};
  Client client;
  net::Path path;
  std::vector<ClientOutput> told;  // But for ToServer.
};

TEST(TurnClient, BelievesNobodyWhoDoesNotKnowThePassword) {
  World world;
  world.client.send(world.server.now, kPeer, as_bytes("x"));
  const auto packet = world.take_request();
  MessageBuilder forged(Class::kSuccess, MessageView::parse(packet).value());
  world.hear(forged.view());
  EXPECT_EQ(world.client.counters().dropped_integrity, 1u);
  forged.add_integrity(as_bytes("guess"));
  world.hear(forged.view());
  EXPECT_EQ(world.client.counters().dropped_integrity, 2u);
  MessageBuilder data(Class::kIndication, Method::kData, {});
  data.add_xor_address(Attribute::kXorPeerAddress, address("8.8.8.8:53"));
  data.add_text(Attribute::kData, "x");
  world.hear(data.view());
  EXPECT_EQ(world.client.counters().dropped_unknown, 1u) << "a peer that was never written to";
}

TEST(TurnClient, KeepsItsAllocationWhateverIsSaidWithoutASeal) {
  for (const ErrorCode code :
       {ErrorCode::kBadRequest, ErrorCode::kUnauthenticated, ErrorCode::kAllocationMismatch,
        ErrorCode::kStaleNonce, ErrorCode::kWrongCredentials, ErrorCode::kServerError}) {
    World world;
    const auto request = world.take_refresh();
    world.hear(World::forged(request, code).view());
    EXPECT_EQ(world.client.counters().dropped_integrity, 1u);
    world.answer(request);
    EXPECT_TRUE(world.client.is_allocated()) << "the right answer came after the forged one";
    EXPECT_FALSE(world.failure());
    EXPECT_GT(world.client.next_deadline(), world.server.now + 1min);
  }
}

TEST(TurnClient, AnswersNoLaterChallengeThatAsksForLess) {
  World world;
  const auto request = world.take_refresh();
  MessageBuilder weaker = World::forged(request, ErrorCode::kStaleNonce);
  weaker.add_text(Attribute::kRealm, "example.org");
  weaker.add_text(Attribute::kNonce, "old");
  world.hear(weaker.view());
  MessageBuilder elsewhere = World::forged(request, ErrorCode::kStaleNonce);
  elsewhere.add_text(Attribute::kRealm, "example.com");
  elsewhere.add_text(Attribute::kNonce, "obMatJos2gAAAx");
  elsewhere.add_text(Attribute::kPasswordAlgorithms, std::string{0, 2, 0, 0});
  world.hear(elsewhere.view());
  EXPECT_EQ(world.client.counters().dropped_integrity, 2u);
  EXPECT_FALSE(world.client.poll_output().has_value()) << "nothing was sealed for them";
}

TEST(TurnClient, TellsThatAllAnswersWereForged) {
  World world;
  world.hear(World::forged(world.take_refresh(), ErrorCode::kAllocationMismatch).view());
  EXPECT_FALSE(world.failure());
  world.wait_for_the_end();
  EXPECT_EQ(world.failure()->why, ClientFailure::kForged);
}

TEST(TurnClient, EndsAtOnceWhereAStreamBroughtAForgedAnswer) {
  World world(net::Transport::kTcp);
  world.hear(World::forged(world.take_refresh(), ErrorCode::kBadRequest).view());
  ASSERT_TRUE(world.failure());
  EXPECT_EQ(world.failure()->why, ClientFailure::kForged);
}

// What becomes of a client whose first request is answered by 300; `add` says where it is sent.
ClientFailed failure_when_sent_away(const std::function<void(MessageBuilder&)>& add) {
  TestServer server;
  SeededRandom random(7);
  Client client({.login = {"ada", "lovelace"}}, random);
  client.start(server.now);
  const auto request = std::get<ToServer>(client.poll_output().value()).packet;
  MessageBuilder answer = World::forged(request, ErrorCode::kTryAlternate);
  add(answer);
  client.handle_input(server.now, {.packet = answer.view()});
  return std::get<ClientFailed>(client.poll_output().value());
}

// It would be checked against nothing that anybody can have a certificate for.
TEST(TurnClient, TakesNoDomainThatIsNone) {
  const ClientFailed failed = failure_when_sent_away([](MessageBuilder& answer) {
    answer.add_address(Attribute::kAlternateServer, address("45.10.10.11:5349"));
    answer.add_text(Attribute::kAlternateDomain, "*.example.org");
  });
  EXPECT_EQ(failed.alternate, address("45.10.10.11:5349"));
  EXPECT_EQ(failed.alternate_domain, "");
}

TEST(TurnClient, IsRefusedWhereItIsSentNowhere) {
  const ClientFailed failed = failure_when_sent_away([](MessageBuilder&) {});
  EXPECT_EQ(failed.why, ClientFailure::kRefused);
  EXPECT_FALSE(failed.alternate);
}

TEST(TurnClient, DoesWithoutMobilityWhereItIsForbidden) {
  ServerConfig config = test::make_config();
  config.mobility = false;
  TestServer server(config);
  SeededRandom random(7);
  Client client({.login = {"ada", "lovelace"}, .mobility = true}, random);
  client.start(server.now);
  for (int requests = 0; requests < 3; ++requests) {
    const auto request = std::get<ToServer>(client.poll_output().value()).packet;
    server.sent.clear();
    server.from_client(udp_from("198.51.100.7:1234"), request);
    client.handle_input(server.now, {.packet = server.sent.at(0).packet});
  }
  EXPECT_TRUE(client.is_allocated());
}

// coturn seals neither, and is older than RFC 8489.
TEST(TurnClient, HearsOfAnOldServerThatTheAllocationIsGone) {
  for (const ErrorCode code : {ErrorCode::kAllocationMismatch, ErrorCode::kWrongCredentials}) {
    TestServer server;
    SeededRandom random(7);
    Client client({.login = {"ada", "lovelace"}}, random);
    client.start(server.now);
    const auto first = std::get<ToServer>(client.poll_output().value()).packet;
    MessageBuilder challenge = World::forged(first, ErrorCode::kUnauthenticated);
    challenge.add_text(Attribute::kRealm, "example.org");
    challenge.add_text(Attribute::kNonce, "0123456789abcdef");
    client.handle_input(server.now, {.packet = challenge.view()});
    const auto second = std::get<ToServer>(client.poll_output().value()).packet;
    client.handle_input(server.now,
                        {.packet = World::forged(second, ErrorCode::kBadRequest).view()});
    EXPECT_FALSE(client.poll_output().has_value()) << "this one it seals";
    client.handle_input(server.now, {.packet = World::forged(second, code).view()});
    EXPECT_EQ(std::get<ClientFailed>(client.poll_output().value()).code, code);
  }
}

}  // namespace
}  // namespace parley::turn

// An allocation that follows its client (RFC 8016).
#include <gtest/gtest.h>

#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::Method;
using test::kPeer;
using test::make_config;
using test::Reply;
using test::tcp_from;
using test::TestClient;
using test::TestServer;
using test::udp_from;

struct TurnMobility : testing::Test {
  TestServer world;
  TestClient home{world, udp_from("198.51.100.7:1234")};
  TestClient away{world, udp_from("203.0.113.9:99")};

  std::string allocate(TestClient& client) {
    return client.allocate([](MessageBuilder& m) { m.add_flag(Attribute::kMobilityTicket); })
        .text(Attribute::kMobilityTicket);
  }
  static TestClient::Fill with(const std::string& ticket) {
    return [=](MessageBuilder& m) { m.add_text(Attribute::kMobilityTicket, ticket); };
  }
  RelayId relay() const { return world.open.begin()->first; }
};

TEST_F(TurnMobility, MovesAnAllocationToWhoShowsItsTicket) {
  const std::string ticket = allocate(home);
  ASSERT_EQ(ticket.size(), Tickets::kSize);
  home.bind(0x4000, kPeer);
  const Reply moved = away.refresh(std::nullopt, with(ticket));
  ASSERT_EQ(moved.code(), 0);
  EXPECT_NE(moved.text(Attribute::kMobilityTicket), ticket);

  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, home.path) << "nothing has come from the new path yet";
  EXPECT_EQ(home.send_channel(0x4000, "x"), "x");
  EXPECT_EQ(away.send_channel(0x4000, "x"), "x");
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, away.path);
  EXPECT_EQ(home.send_channel(0x4000, "x"), "") << "the old path is nobody's";
  EXPECT_EQ(home.refresh(600, with(ticket)).code(), 400) << "and the old ticket is used up";
  EXPECT_EQ(away.refresh(0).code(), 0);
  EXPECT_EQ(world.server.held(), 0u);
}

TEST_F(TurnMobility, UsesTheOldPathUntilDataComesOnTheNewOne) {
  const std::string ticket = allocate(home);
  home.bind(0x4000, kPeer);
  away.refresh(600, with(ticket));
  EXPECT_EQ(away.refresh(600).code(), 0);
  EXPECT_EQ(away.permit(kPeer).code(), 0);
  EXPECT_EQ(away.bind(0x4000, kPeer).code(), 0);
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, home.path);
  EXPECT_EQ(away.send_data(kPeer, "x"), "x");
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, away.path);
}

TEST_F(TurnMobility, TakesARequestForDataWhereAllDataGoesOtherWays) {
  TestClient first(world, tcp_from("198.51.100.7:1234"));
  TestClient second(world, tcp_from("203.0.113.9:99"));
  const auto over_tcp = [](MessageBuilder& m) {
    TestClient::tcp()(m);
    m.add_flag(Attribute::kMobilityTicket);
  };
  const std::string ticket =
      first.ask(Method::kAllocate, over_tcp).text(Attribute::kMobilityTicket);
  ASSERT_EQ(first.permit(kPeer).code(), 0);
  ASSERT_EQ(second.refresh(600, with(ticket)).code(), 0);
  ASSERT_EQ(second.refresh(600).code(), 0);
  EXPECT_EQ(first.permit(kPeer).code(), 437);
}

TEST_F(TurnMobility, AnswersARefreshAgainWhoseAnswerWasLost) {
  const std::string ticket = allocate(home);
  const std::string first = away.refresh(600, with(ticket)).text(Attribute::kMobilityTicket);
  const std::string again = away.refresh(600, with(ticket)).text(Attribute::kMobilityTicket);
  EXPECT_EQ(first, again);
  TestClient further(world, udp_from("203.0.113.10:1"));
  EXPECT_EQ(further.refresh(600, with(ticket)).code(), 0) << "moved once more before it heard";
  EXPECT_EQ(further.permit(kPeer).code(), 0);
  EXPECT_EQ(away.permit(kPeer).code(), 437);
  EXPECT_EQ(further.send_data(kPeer, "x"), "x");
  EXPECT_EQ(home.permit(kPeer).code(), 437);
  EXPECT_EQ(further.refresh(600, with(ticket)).code(), 0) << "its data was faster than the answer";
}

TEST_F(TurnMobility, LetsAClientComeBackBeforeItWasAway) {
  const std::string ticket = allocate(home);
  const std::string second = away.refresh(600, with(ticket)).text(Attribute::kMobilityTicket);
  const std::string third = home.refresh(600, with(second)).text(Attribute::kMobilityTicket);
  EXPECT_NE(third, second);
  EXPECT_EQ(home.refresh(600, with(second)).text(Attribute::kMobilityTicket), third);
  EXPECT_EQ(away.permit(kPeer).code(), 437);
  EXPECT_EQ(away.refresh(600, with(third)).code(), 0);
}

TEST_F(TurnMobility, RefusesWrongTicketsAndOtherUsers) {
  const std::string ticket = allocate(home);
  std::string wrong = ticket;
  wrong.back() ^= 1;
  EXPECT_EQ(away.refresh(600, with(wrong)).code(), 400);
  EXPECT_EQ(away.refresh(600, with("short")).code(), 400);
  EXPECT_EQ(home.refresh(600, with(wrong)).code(), 400);
  EXPECT_EQ(away.refresh(600).code(), 437);
  TestClient bob(world, udp_from("203.0.113.9:100"), {"bob", "builder"});
  EXPECT_EQ(bob.refresh(600, with(ticket)).code(), 441);
  EXPECT_EQ(home.refresh(600, with(ticket)).code(), 400) << "it is where it was";
  EXPECT_EQ(home.refresh(0).code(), 0);
  EXPECT_EQ(away.refresh(600, with(ticket)).code(), 437) << "of an allocation that is gone";
}

TEST_F(TurnMobility, TellsNothingByItsTickets) {
  const Tickets tickets(TicketKey{1});
  const auto first = tickets.seal({AllocationId{7}, 9});
  const auto second = tickets.seal({AllocationId{7}, 10});
  EXPECT_EQ(first, tickets.seal({AllocationId{7}, 9}));
  for (std::size_t i = 0; i + 4 <= first.size(); ++i) {
    EXPECT_FALSE(std::ranges::equal(Bytes(first).subspan(i, 4), Bytes(second).subspan(i, 4))) << i;
  }
  EXPECT_EQ(tickets.open(first)->allocation, AllocationId{7});
  EXPECT_EQ(tickets.open(first)->secret, 9u);
  EXPECT_FALSE(Tickets(TicketKey{2}).open(first));
  for (std::size_t i = 0; i < first.size(); ++i) {
    auto tampered = first;
    tampered[i] ^= 1;
    EXPECT_FALSE(tickets.open(tampered)) << i;
    EXPECT_FALSE(tickets.open(Bytes(first).first(i))) << i;
  }
}

TEST_F(TurnMobility, WithoutATicketNothingMoves) {
  home.allocate();
  EXPECT_EQ(away.refresh(600, with(std::string(16, '\0'))).code(), 400);
  EXPECT_EQ(home.refresh(600, with(std::string(16, '\0'))).code(), 405);
}

TEST_F(TurnMobility, WaitsForAClientWhoseStreamEnded) {
  TestClient stream(world, tcp_from("198.51.100.7:1234"));
  const std::string ticket = allocate(stream);
  stream.bind(0x4000, kPeer);
  world.server.client_closed(world.now, stream.path);
  world.drain();
  EXPECT_TRUE(world.from_peer(relay(), kPeer, "x").empty());
  TestClient back(world, tcp_from("203.0.113.9:99"));
  ASSERT_EQ(back.refresh(600, with(ticket)).code(), 0);
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, back.path);
  world.server.client_closed(world.now, back.path);
  world.advance(10min);
  EXPECT_EQ(world.server.held(), 0u) << "not for ever";
}

TEST_F(TurnMobility, GoesOnWithWhicheverStreamIsLeft) {
  TestClient first(world, tcp_from("198.51.100.7:1234"));
  TestClient second(world, tcp_from("203.0.113.9:99"));
  const std::string ticket = allocate(first);
  first.bind(0x4000, kPeer);
  second.refresh(600, with(ticket));
  world.server.client_closed(world.now, second.path);
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, first.path) << "the move did not come to pass";
  second.refresh(600, with(ticket));
  world.server.client_closed(world.now, first.path);
  EXPECT_FALSE(world.from_peer(relay(), kPeer, "x").empty());
  EXPECT_EQ(world.last_path, second.path);
}

TEST_F(TurnMobility, TellsByTheTicketWhichOfSeveralServersHasTheAllocation) {
  const TicketKey key = {1};
  const Tickets tickets(key);
  ServerConfig config = make_config();
  config.instance = 7;
  config.ticket_key = key;
  TestServer seventh(std::move(config));
  TestClient client(seventh, udp_from("198.51.100.7:1234"));
  const std::string ticket = allocate(client);
  const auto asked_for = [&](Method method, const std::string& shown) {
    MessageBuilder request(stun::Class::kRequest, method, {});
    request.add_text(Attribute::kMobilityTicket, shown);
    return tickets.instance_asked_for(request.take());
  };
  EXPECT_EQ(asked_for(Method::kRefresh, ticket), 7);
  EXPECT_EQ(asked_for(Method::kRefresh, allocate(home)), std::nullopt) << "of another key";
  EXPECT_EQ(asked_for(Method::kRefresh, "short"), std::nullopt);
  EXPECT_EQ(asked_for(Method::kAllocate, ticket), std::nullopt);
  EXPECT_EQ(tickets.instance_asked_for({}), std::nullopt);
  EXPECT_EQ(client.refresh(0).code(), 0);
}

TEST_F(TurnMobility, LetsGoFromAnywhere) {
  const std::string ticket = allocate(home);
  EXPECT_EQ(away.refresh(0, with(ticket)).code(), 0);
  EXPECT_EQ(world.server.held(), 0u);
}

}  // namespace
}  // namespace parley::turn

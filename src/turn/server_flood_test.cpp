// What who knows no password can do to a server: nothing.
#include <gtest/gtest.h>

#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::Method;
using test::address;
using test::ip;
using test::kPeer;
using test::make_config;
using test::Reply;
using test::TestClient;
using test::TestServer;
using test::udp_from;

net::Path from_anywhere(SeededRandom& random) {
  const std::uint64_t bits = random.u64();
  const auto byte = [&](int i) { return static_cast<std::uint8_t>(bits >> (8 * i)); };
  return {net::Transport::kUdp,
          test::kServer,
          {net::IpAddress::v4({byte(0), byte(1), byte(2), byte(3)}),
           static_cast<std::uint16_t>(bits >> 48)}};
}

TEST(TurnFlood, HoldsNothingForWhoShowsNoPassword) {
  TestServer world;
  SeededRandom random(3);
  for (int i = 0; i < 5'000; ++i) {
    const auto method = static_cast<Method>(random.u32() % 12);
    MessageBuilder request(stun::Class::kRequest, method, stun::make_transaction_id(random));
    TestClient::udp()(request);
    if (i % 3 == 0) {
      request.add_text(Attribute::kUsername, "ada");
      request.add_text(Attribute::kRealm, "example.org");
      request.add_text(Attribute::kNonce, random.token(29));
      request.add_integrity(as_bytes("guess"));
    }
    world.sent.clear();
    world.from_client(from_anywhere(random), request.view());
    ASSERT_LE(world.sent.size(), 1u);
    world.advance(10us);
  }
  EXPECT_EQ(world.server.held(), 0u);
  EXPECT_EQ(world.server.next_deadline(), kNever);
  EXPECT_TRUE(world.open.empty());
}

// Whoever writes another's address as its own has it sent a challenge, longer than the request: the
// nonce alone is. What is bounded is how much of it comes, however fast it is asked for.
TEST(TurnFlood, ReflectsAChallengeOnlySoOften) {
  using Flood = std::pair<Duration, int>;
  for (const auto& [every, packets] : {Flood{50ms, 200}, Flood{5ms, 2'000}, Flood{500us, 20'000}}) {
    TestServer world;
    TestClient victim(world, udp_from("198.51.100.7:1234"));
    std::size_t answers = 0;
    for (int i = 0; i < packets; ++i) {
      const Reply reply = victim.send(Method::kAllocate, TestClient::udp());
      if (reply.is_there()) {
        ++answers;
        EXPECT_LE(reply.size(), 4u * 28u);
      }
      world.advance(every);
    }
    // A burst, and the rate for ten seconds.
    EXPECT_LE(answers, 50u + 20u * 10u + 1u);
    if (every == 50ms) {
      EXPECT_EQ(answers, 200u) << "all that come at the rate";
    } else {
      EXPECT_EQ(world.server.counters().dropped_rate, static_cast<std::size_t>(packets) - answers);
    }
  }
}

TEST(TurnFlood, DoesNotKeepThoseOutWhoKnowTheirPassword) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  TestClient flood(world, udp_from("198.51.100.7:666"));
  for (int i = 0; i < 1000; ++i) flood.send(Method::kAllocate, TestClient::udp());
  EXPECT_EQ(ada.refresh(600).code(), 0) << "from the same address";
}

TEST(TurnFlood, DropsPacketsOfStrangersUnread) {
  TestServer world;
  SeededRandom random(5);
  for (int i = 0; i < 2'000; ++i) {
    std::vector<std::uint8_t> packet(random.u32() % 64);
    random.fill(packet);
    if (i % 2 == 0 && !packet.empty()) packet[0] = 0x40;
    EXPECT_FALSE(world.from_client(from_anywhere(random), packet));
    EXPECT_TRUE(world.from_peer(RelayId{random.u64()}, kPeer, "x").empty());
  }
  EXPECT_TRUE(world.sent.empty());
  EXPECT_EQ(world.server.held(), 0u);
}

// With what a user may do, over and over: everything comes back.
TEST(TurnFlood, ComesBackToNothingAfterManyAllocations) {
  TestServer world;
  SeededRandom random(7);
  for (int i = 0; i < 500; ++i) {
    net::Path path = from_anywhere(random);
    TestClient ada(world, path);
    ASSERT_EQ(ada.allocate().code(), 0) << i;
    ada.bind(0x4000, kPeer);
    ada.permit(address("93.184.216.35:1"));
    if (i % 2 == 0) {
      ASSERT_EQ(ada.refresh(0).code(), 0);
    } else {
      world.advance(10min);
    }
    ASSERT_EQ(world.server.held(), 0u) << i;
  }
  EXPECT_EQ(world.server.counters().allocations, 500u);
}

}  // namespace
}  // namespace parley::turn

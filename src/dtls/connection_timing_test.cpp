// When a connection sends again, and when it gives up.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "dtls/test_pair.h"

namespace parley::dtls {
namespace {

using Reason = Connection::Reason;
using State = Connection::State;

TEST(ConnectionTiming, TakesTwoRoundTrips) {
  constexpr Duration kOneWay = 20ms;
  Pair pair({.latency = kOneWay});
  pair.start();
  pair.run(1s);
  EXPECT_EQ(pair.server.connected_at, kStart + 3 * kOneWay);
  EXPECT_EQ(pair.client.connected_at, kStart + 4 * kOneWay);
  EXPECT_EQ(pair.client.sent.size() + pair.server.sent.size(), 4u);
  EXPECT_EQ(pair.client.connection.counters().retransmissions, 0u);
}

TEST(ConnectionTiming, RetransmitsTwiceAsLateEachTimeAndThenGivesUp) {
  Connection connection(client_config());
  connection.start(kStart);
  std::vector<Duration> waits;
  Time now = kStart;
  while (connection.state() == State::kConnecting) {
    ASSERT_LT(waits.size(), 20u);
    waits.push_back(connection.next_deadline() - now);
    now = connection.next_deadline();
    connection.handle_timeout(now);
  }
  const std::vector<Duration> expected{50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3s,
                                       3s,   3s,    3s,    3s,    3s,    3s};
  EXPECT_EQ(waits, expected);
  EXPECT_EQ(connection.counters().retransmissions, 12u);
  EXPECT_EQ(connection.counters().datagrams_sent, 13u);
  EXPECT_EQ(connection.state(), State::kFailed);
  EXPECT_EQ(connection.next_deadline(), kNever);
}

// The client's first flight is lost three times; its second then waits no longer than if all were
// well.
TEST(ConnectionTiming, WaitsShortlyAgainAfterProgress) {
  Pair pair;
  pair.client.link.set_down(true);
  pair.start();
  pair.run(200ms);
  pair.client.link.set_down(false);
  pair.run(150ms + 20ms);  // The third repetition is at 350 ms; the answer comes 20 ms later.
  ASSERT_EQ(pair.client.sent.size(), 5u);
  EXPECT_EQ(pair.client.connection.next_deadline(), pair.now + 50ms);
}

TEST(ConnectionTiming, SendsAFlightAgainInOneDatagram) {
  Pair pair;
  pair.client.link.set_down(true);  // Beyond the first flight, which is there already.
  pair.client.connection.start(pair.now);
  pair.settle();
  pair.server.handle(pair.now, pair.client.sent.at(0));
  pair.run(60ms);
  ASSERT_EQ(pair.server.sent.size(), 2u);
  EXPECT_EQ(pair.server.sent[0].size(), pair.server.sent[1].size());
}

TEST(ConnectionTiming, SendsNothingAgainBeforeItsTime) {
  Connection connection(client_config());
  connection.start(kStart);
  connection.handle_timeout(kStart + 49ms);
  EXPECT_EQ(connection.counters().datagrams_sent, 1u);
  connection.handle_timeout(kStart + 50ms);
  EXPECT_EQ(connection.counters().datagrams_sent, 2u);
}

// OpenSSL's own clock would call a wait of a millisecond over at once, whenever it reads.
TEST(ConnectionTiming, SendsNothingAgainBecauseTimePassesElsewhere) {
  Config config = client_config();
  config.first_retransmit = 1ms;
  Connection connection(config);
  connection.start(kStart);
  for (int i = 0; i < 20; ++i) {
    connection.handle_input(kStart, {std::array<std::uint8_t, 20>{22, 0xfe, 0xfd}});
  }
  EXPECT_EQ(connection.state(), State::kConnecting);
  EXPECT_EQ(connection.counters().datagrams_sent, 1u);
}

TEST(ConnectionTiming, GivesUpAtTheLimit) {
  Config config = server_config();
  config.handshake_limit = 7s;
  Connection connection(config);
  connection.start(kStart);
  EXPECT_EQ(connection.next_deadline(), kStart + 7s);
  connection.handle_timeout(kStart + 7s);
  const auto output = connection.poll_output();
  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(std::get<Connection::Failed>(*output).reason, Reason::kTimeout);
}

TEST(ConnectionTiming, DoesNotRepeatItselfOverALongPathThatItKnowsOf) {
  constexpr Duration kOneWay = 200ms;
  Pair pair({.latency = kOneWay});
  pair.client.connection.set_round_trip_time(2 * kOneWay);
  pair.server.connection.set_round_trip_time(2 * kOneWay);
  pair.start();
  pair.run(3s);
  EXPECT_EQ(pair.client.connected_at, kStart + 4 * kOneWay);
  EXPECT_EQ(pair.client.connection.counters().retransmissions, 0u);
  EXPECT_EQ(pair.server.connection.counters().retransmissions, 0u);
}

TEST(ConnectionTiming, SurvivesThatTheLastFlightIsLost) {
  Pair pair;
  pair.start();
  pair.run(29ms);  // The client's second flight is under way.
  pair.server.link.set_down(true);
  pair.run(20ms);
  ASSERT_EQ(pair.server.connection.state(), State::kConnected);
  pair.server.link.set_down(false);
  pair.run(1s);
  EXPECT_TRUE(pair.is_connected());
  EXPECT_EQ(pair.client.connection.counters().retransmissions, 1u);
}

// The server has let go of OpenSSL by then: it repeats the flight by itself, each time anew, and
// goes on with the numbers behind it.
TEST(ConnectionTiming, SurvivesThatTheLastFlightIsLostAgainAndAgain) {
  Pair pair;
  pair.start();
  pair.run(29ms);
  pair.server.link.set_down(true);
  pair.run(20ms);
  ASSERT_EQ(pair.server.connection.state(), State::kConnected);
  ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes("lost")).has_value());
  pair.settle();
  pair.run(400ms);
  pair.server.link.set_down(false);
  pair.run(1s);
  ASSERT_TRUE(pair.is_connected());
  EXPECT_GT(pair.client.connection.counters().retransmissions, 2u);
  ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes("heard")).has_value());
  ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes("answered")).has_value());
  pair.settle();
  pair.run(1s);
  ASSERT_EQ(pair.client.received.size(), 1u);
  EXPECT_EQ(as_text(pair.client.received[0]), "heard");
  ASSERT_EQ(pair.server.received.size(), 1u);
}

}  // namespace
}  // namespace parley::dtls

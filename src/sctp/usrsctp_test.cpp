// Against libusrsctp, which is what browsers spoke for years: in one process, packet by packet, in
// both roles. Its timers run on our virtual time, so nothing waits; only the round trips that it
// measures are of the real clock, and none of what is expected here hangs on them.
#include "sim/usrsctp_peer.h"

#if defined(PARLEY_HAS_LIBUSRSCTP)

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>

#include "sctp/data_channels.h"
#include "sctp/dcep.h"

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;
using sim::UsrsctpPeer;

std::vector<std::uint8_t> payload(std::size_t size, std::uint8_t seed) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * 7);
  return bytes;
}

const std::vector<std::size_t> kSizes = {1,     2,     3,     4,      5,      1'000,
                                         1'150, 1'200, 5'001, 65'536, 262'144};

template <class Engine>
class WithUsrsctp : public testing::Test {
 protected:
  // Lets both talk until `done`; true if that came within so much virtual time.
  bool run(Duration limit, const std::function<bool()>& done) {
    const Time end = now + limit;
    while (now < end) {
      exchange();
      if (done()) return true;
      now += 10ms;
      if (ours.next_deadline() <= now) ours.handle_timeout(now);
      UsrsctpPeer::pass_time(10);
    }
    return done();
  }

  // Until both have nothing more to say at this moment.
  void exchange() {
    for (int round = 0; round < 100'000; ++round) {
      while (auto output = ours.poll_output()) take(*std::move(output));
      if (theirs.sent.empty()) return;
      const auto packet = std::move(theirs.sent.front());
      theirs.sent.pop_front();
      if (!lost()) ours.handle_input(now, {.payload = packet});
    }
    FAIL() << "they go on and on";
  }

  void take(typename Engine::Output output) {
    if (auto* const transmit = std::get_if<typename Engine::Transmit>(&output)) {
      if (!lost()) theirs.handle_input(transmit->packet);
    } else {
      events.push_back(std::move(output));
    }
  }

  bool lost() { return std::uniform_real_distribution(0.0, 1.0)(losses) < loss; }

  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> found;
    for (const auto& event : events) {
      if (const auto* match = std::get_if<Event>(&event)) found.push_back(*match);
    }
    return found;
  }

  Time now{1h};
  SeededRandom random{1};
  std::mt19937 losses{1};
  double loss = 0;
  Engine ours{random};
  UsrsctpPeer theirs;
  std::vector<typename Engine::Output> events;
};

class AssociationWithUsrsctp : public WithUsrsctp<Association> {
 protected:
  bool is_connected() const { return theirs.is_up && all<Association::Connected>().size() == 1; }
  void connect() {
    ours.connect(now);
    theirs.connect();
    ASSERT_TRUE(run(10s, [&] { return is_connected(); }));
  }
  bool has_received(std::size_t messages) const {
    return all<Association::MessageReceived>().size() >= messages;
  }
};

TEST_F(AssociationWithUsrsctp, OpensWhenTheyConnect) {
  theirs.connect();
  EXPECT_TRUE(run(10s, [&] { return is_connected(); }));
}

TEST_F(AssociationWithUsrsctp, OpensWhenWeConnect) {
  theirs.listen();
  ours.connect(now);
  EXPECT_TRUE(run(10s, [&] { return theirs.accept(); }));
  EXPECT_TRUE(run(10s, [&] { return all<Association::Connected>().size() == 1; }));
}

TEST_F(AssociationWithUsrsctp, OpensWhenBothConnect) {
  connect();
}

TEST_F(AssociationWithUsrsctp, OpensUnderLoss) {
  loss = 0.3;
  ours.connect(now);
  theirs.connect();
  EXPECT_TRUE(run(120s, [&] { return is_connected(); }));
}

TEST_F(AssociationWithUsrsctp, CarriesMessagesOfAllSizesBothWays) {
  connect();
  for (const std::size_t size : kSizes) {
    const auto seed = static_cast<std::uint8_t>(size);
    ASSERT_TRUE(ours.send(now, {.stream = {3}, .payload = payload(size, seed)}).has_value());
    ASSERT_TRUE(theirs.send(4, 51, payload(size, seed)));
  }
  ASSERT_TRUE(run(
      60s, [&] { return theirs.received.size() == kSizes.size() && has_received(kSizes.size()); }));
  const auto received = all<Association::MessageReceived>();
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    const auto expected = payload(kSizes[i], static_cast<std::uint8_t>(kSizes[i]));
    EXPECT_EQ(theirs.received[i].stream, 3) << i;
    EXPECT_EQ(theirs.received[i].ppid, 53u) << i;
    EXPECT_EQ(theirs.received[i].payload, expected) << i;
    EXPECT_EQ(received[i].message,
              (Message{.stream = {4}, .ppid = Ppid::kString, .payload = expected}));
  }
}

TEST_F(AssociationWithUsrsctp, DeliversInOrderThroughLoss) {
  connect();
  loss = 0.05;
  constexpr std::size_t kMessages = 500;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const auto bytes = payload(1 + i * 13 % 4'000, static_cast<std::uint8_t>(i));
    ASSERT_TRUE(ours.send(now, {.stream = {0}, .payload = bytes}).has_value());
    ASSERT_TRUE(theirs.send(0, 53, bytes));
  }
  ASSERT_TRUE(
      run(600s, [&] { return theirs.received.size() == kMessages && has_received(kMessages); }));
  const auto received = all<Association::MessageReceived>();
  for (std::size_t i = 0; i < kMessages; ++i) {
    const auto bytes = payload(1 + i * 13 % 4'000, static_cast<std::uint8_t>(i));
    ASSERT_EQ(theirs.received[i].payload, bytes) << i;
    ASSERT_EQ(received[i].message.payload, bytes) << i;
  }
}

TEST_F(AssociationWithUsrsctp, CarriesUnorderedMessages) {
  connect();
  loss = 0.1;
  for (std::uint8_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(ours.send(now, {.payload = payload(2'000, i)}, {.ordered = false}).has_value());
    ASSERT_TRUE(theirs.send(0, 53, payload(2'000, i), {.unordered = true}));
  }
  ASSERT_TRUE(run(300s, [&] { return theirs.received.size() == 100 && has_received(100); }));
  EXPECT_TRUE(std::ranges::all_of(theirs.received, &UsrsctpPeer::Message::unordered));
  for (const auto& event : all<Association::MessageReceived>()) EXPECT_FALSE(event.ordered);
}

TEST_F(AssociationWithUsrsctp, GivesUpMessagesOfLimitedReliability) {
  connect();
  loss = 0.2;
  for (std::uint8_t i = 0; i < 200; ++i) {
    ASSERT_TRUE(ours.send(now, {.payload = payload(3'000, i)}, {.max_retransmits = 0}).has_value());
    ASSERT_TRUE(theirs.send(0, 53, payload(3'000, i), {.max_retransmits = 0}));
    run(20ms, [] { return false; });
  }
  loss = 0;
  ASSERT_TRUE(ours.send(now, {.payload = payload(5, 1)}).has_value());
  ASSERT_TRUE(theirs.send(0, 53, payload(5, 1)));
  ASSERT_TRUE(run(60s, [&] {
    return !theirs.received.empty() && theirs.received.back().payload == payload(5, 1) &&
           has_received(1) &&
           all<Association::MessageReceived>().back().message.payload == payload(5, 1);
  }));
  EXPECT_GT(ours.counters().messages_abandoned, 10u);
  EXPECT_GT(theirs.received.size(), 50u);
  EXPECT_LT(theirs.received.size(), 201u);
  EXPECT_LT(all<Association::MessageReceived>().size(), 201u);
}

TEST_F(AssociationWithUsrsctp, ResetsStreamsBothWays) {
  connect();
  for (std::uint8_t life = 0; life < 3; ++life) {
    ASSERT_TRUE(ours.send(now, {.stream = {2}, .payload = payload(100, life)}).has_value());
    ASSERT_TRUE(theirs.send(2, 53, payload(100, life)));
    const std::size_t count = life + 1U;
    ASSERT_TRUE(run(10s, [&] { return theirs.received.size() == count && has_received(count); }));
    ours.reset_streams(now, {{2}});
    ASSERT_TRUE(theirs.reset_streams({2}));
    ASSERT_TRUE(run(10s, [&] {
      return all<Association::OutgoingStreamsReset>().size() == count &&
             all<Association::IncomingStreamsReset>().size() == count &&
             theirs.incoming_resets == count && theirs.outgoing_resets == count;
    })) << int{life};
  }
}

TEST_F(AssociationWithUsrsctp, ShutsDownFromEitherEnd) {
  connect();
  ASSERT_TRUE(ours.send(now, {.payload = payload(50'000, 1)}).has_value());
  ours.shutdown(now);
  ASSERT_TRUE(run(20s, [&] { return all<Association::Closed>().size() == 1; }));
  EXPECT_EQ(all<Association::Closed>().front().reason, CloseReason::kShutdown);
  EXPECT_EQ(theirs.received.size(), 1u);
}

TEST_F(AssociationWithUsrsctp, IsShutDownByThem) {
  connect();
  ASSERT_TRUE(theirs.send(0, 53, payload(50'000, 1)));
  theirs.shutdown();
  ASSERT_TRUE(run(20s, [&] { return all<Association::Closed>().size() == 1; }));
  EXPECT_EQ(all<Association::Closed>().front().reason, CloseReason::kShutdown);
  EXPECT_TRUE(has_received(1));
}

TEST_F(AssociationWithUsrsctp, TellsThemOfAnAbort) {
  connect();
  ours.abort(now, "enough");
  run(1s, [&] { return theirs.is_down; });
  EXPECT_TRUE(theirs.is_down);
}

// A channel by hand on their side: OPEN, ACK, messages, a reset each way.
class ChannelsWithUsrsctp : public WithUsrsctp<DataChannels> {};

TEST_F(ChannelsWithUsrsctp, OpensTalksAndCloses) {
  ours.start(now, true);
  theirs.connect();
  const auto channel = ours.open(now, {.label = "ours", .ordered = false, .max_retransmits = 3});
  ASSERT_TRUE(run(10s, [&] { return theirs.received.size() == 1; }));
  EXPECT_EQ(theirs.received[0].ppid, 50u);
  EXPECT_FALSE(theirs.received[0].unordered);
  ASSERT_TRUE(theirs.send(0, 50, dcep::ack()));
  ASSERT_TRUE(theirs.send(1, 50, dcep::open({.label = "theirs", .protocol = "p"})));
  ASSERT_TRUE(run(10s, [&] { return all<DataChannels::ChannelAnnounced>().size() == 1; }));
  const auto announced = all<DataChannels::ChannelAnnounced>().front();
  EXPECT_EQ(announced.options, (ChannelOptions{.label = "theirs", .protocol = "p"}));
  ASSERT_TRUE(run(10s, [&] { return theirs.received.size() == 2; }));
  EXPECT_EQ(theirs.received[1].payload, dcep::ack());

  ASSERT_TRUE(ours.send(now, *channel, DataChannels::Kind::kText, Bytes{}).has_value());
  ASSERT_TRUE(theirs.send(1, 56, payload(1, 0)));
  ASSERT_TRUE(run(10s, [&] {
    return theirs.received.size() == 3 && all<DataChannels::MessageReceived>().size() == 1;
  }));
  EXPECT_EQ(theirs.received[2].ppid, 56u);
  EXPECT_TRUE(theirs.received[2].unordered);
  EXPECT_TRUE(all<DataChannels::MessageReceived>().front().payload.empty());

  ours.close(now, *channel);
  ASSERT_TRUE(run(10s, [&] { return theirs.incoming_resets == 1; }));
  ASSERT_TRUE(theirs.reset_streams({0, 1}));
  EXPECT_TRUE(run(10s, [&] { return all<DataChannels::ChannelClosed>().size() == 2; }));
  EXPECT_EQ(ours.channel_count(), 0u);
}

}  // namespace
}  // namespace parley::sctp

#endif

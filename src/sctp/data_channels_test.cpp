#include "sctp/data_channels.h"

#include <gtest/gtest.h>

#include <string>

#include "sctp/test_pair.h"

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;
using Peers = Pair<DataChannels>;
using Kind = DataChannels::Kind;

constexpr sim::LinkConfig kWire{.latency = 25ms};

class Channels : public testing::Test {
 protected:
  void start() {
    peers.a.start(peers.now, true);
    peers.b.start(peers.now, false);
  }
  ChannelId open(DataChannels& end, const ChannelOptions& options) {
    const auto id = end.open(peers.now, options);
    EXPECT_TRUE(id.has_value()) << to_string(id.error());
    return id.value_or(ChannelId{});
  }
  // Opens it at a; what b sees it as.
  std::pair<ChannelId, ChannelId> open_through(const ChannelOptions& options) {
    const ChannelId ours = open(peers.a, options);
    peers.run(500ms);
    const auto announced = all<DataChannels::ChannelAnnounced>(peers.from_b);
    EXPECT_FALSE(announced.empty());
    return {ours, announced.empty() ? ChannelId{} : announced.back().channel};
  }

  Peers peers{DataChannels::Config{}, kWire};
};

TEST_F(Channels, OpenWithAllTheirOptions) {
  const std::vector<ChannelOptions> kinds = {
      {.label = "plain"},
      {.label = "", .protocol = "proto", .ordered = false},
      {.label = "\xc3\xa9", .max_retransmits = 0, .priority = Priority::kHigh},
      {.label = "c", .ordered = false, .max_retransmits = 65'535, .priority = Priority::kMedium},
      {.label = "t", .max_packet_lifetime = 500ms, .priority = Priority::kVeryLow},
      {.label = std::string(65'535, 'x'), .ordered = false, .max_packet_lifetime = 1ms},
  };
  for (const ChannelOptions& options : kinds) open(peers.a, options);
  start();
  peers.run(5s);
  EXPECT_EQ(count<DataChannels::ChannelOpened>(peers.from_a), kinds.size());
  const auto announced = all<DataChannels::ChannelAnnounced>(peers.from_b);
  ASSERT_EQ(announced.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(announced[i].options, kinds[i]) << i;
    EXPECT_EQ(peers.b.stream(announced[i].channel), StreamId{static_cast<std::uint16_t>(2 * i)});
  }
}

TEST_F(Channels, CarryTextBinaryAndNothing) {
  start();
  const auto [ours, theirs] = open_through({.label = "x"});
  const std::string text = "hello";
  ASSERT_TRUE(peers.a.send(peers.now, ours, Kind::kText, as_bytes(text)).has_value());
  ASSERT_TRUE(peers.a.send(peers.now, ours, Kind::kText, Bytes{}).has_value());
  ASSERT_TRUE(peers.a.send(peers.now, ours, Kind::kBinary, Bytes{}).has_value());
  ASSERT_TRUE(peers.b.send(peers.now, theirs, Kind::kBinary, as_bytes(text)).has_value());
  peers.run(1s);
  const auto at_b = all<DataChannels::MessageReceived>(peers.from_b);
  ASSERT_EQ(at_b.size(), 3u);
  EXPECT_EQ(at_b[0].kind, Kind::kText);
  EXPECT_EQ(as_text(at_b[0].payload), text);
  EXPECT_EQ(at_b[1].kind, Kind::kText);
  EXPECT_TRUE(at_b[1].payload.empty());
  EXPECT_EQ(at_b[2].kind, Kind::kBinary);
  EXPECT_TRUE(at_b[2].payload.empty());
  EXPECT_EQ(count<DataChannels::MessageReceived>(peers.from_a), 1u);
  EXPECT_EQ(peers.a.counters(ours).messages_sent, 3u);
  EXPECT_EQ(peers.b.counters(theirs).bytes_received, 5u);
}

TEST_F(Channels, CloseInBothDirectionsAndLendTheirIdToTheNext) {
  start();
  const auto [ours, theirs] = open_through({.label = "first"});
  ASSERT_TRUE(peers.a.send(peers.now, ours, Kind::kText, as_bytes("last words")).has_value());
  peers.a.close(peers.now, ours);
  EXPECT_EQ(peers.a.state(ours), DataChannels::ChannelState::kClosing);
  peers.run(1s);
  EXPECT_EQ(count<DataChannels::MessageReceived>(peers.from_b), 1u);
  EXPECT_EQ(count<DataChannels::ChannelClosing>(peers.from_b), 1u);
  EXPECT_EQ(count<DataChannels::ChannelClosed>(peers.from_a), 1u);
  EXPECT_EQ(count<DataChannels::ChannelClosed>(peers.from_b), 1u);
  const auto [next, next_theirs] = open_through({.label = "second"});
  EXPECT_EQ(peers.a.stream(next), StreamId{0});
  EXPECT_NE(theirs, next_theirs);
  ASSERT_TRUE(peers.b.send(peers.now, next_theirs, Kind::kText, as_bytes("hi")).has_value());
  peers.run(1s);
  EXPECT_EQ(count<DataChannels::MessageReceived>(peers.from_a), 1u);
}

TEST_F(Channels, OfTheTwoEndsHaveIdsOfTheirOwnParity) {
  open(peers.a, {.label = "early a"});
  open(peers.b, {.label = "early b"});
  start();
  peers.run(1s);
  const ChannelId late = open(peers.b, {.label = "late b"});
  peers.run(1s);
  EXPECT_EQ(peers.b.stream(late), StreamId{3});
  std::vector<std::string> labels;
  for (const auto& event : all<DataChannels::ChannelAnnounced>(peers.from_a)) {
    labels.push_back(event.options.label);
    EXPECT_EQ(peers.a.stream(event.channel)->value % 2, 1);
  }
  EXPECT_EQ(labels, (std::vector<std::string>{"early b", "late b"}));
}

TEST_F(Channels, MayBeNegotiatedWithoutAWord) {
  const ChannelOptions options{.label = "known", .negotiated = 7};
  const ChannelId a = open(peers.a, options);
  const ChannelId b = open(peers.b, options);
  start();
  peers.run(1s);
  EXPECT_EQ(count<DataChannels::ChannelOpened>(peers.from_a), 1u);
  EXPECT_EQ(count<DataChannels::ChannelOpened>(peers.from_b), 1u);
  ASSERT_TRUE(peers.a.send(peers.now, a, Kind::kText, as_bytes("hi")).has_value());
  peers.run(1s);
  const auto messages = all<DataChannels::MessageReceived>(peers.from_b);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].channel, b);
  EXPECT_EQ(peers.a.open(peers.now, options).error(), OpenError::kIdInUse);
  peers.b.close(peers.now, b);
  peers.run(1s);
  EXPECT_EQ(peers.a.channel_count() + peers.b.channel_count(), 0u);
}

TEST_F(Channels, RefuseOptionsThatMakeNoSense) {
  const auto error = [&](const ChannelOptions& options) {
    return peers.a.open(peers.now, options).error();
  };
  EXPECT_EQ(error({.label = std::string(65'536, 'x')}), OpenError::kLabelTooLong);
  EXPECT_EQ(error({.protocol = std::string(65'536, 'x')}), OpenError::kLabelTooLong);
  EXPECT_EQ(error({.max_retransmits = 1, .max_packet_lifetime = 1ms}), OpenError::kBadReliability);
  EXPECT_EQ(error({.negotiated = 65'535}), OpenError::kIdInUse);
  EXPECT_EQ(error({.negotiated = 1'024}), OpenError::kTooMany);
}

TEST_F(Channels, DoNotSendBeforeTheyAreOpenNorAfter) {
  const ChannelId id = open(peers.a, {.label = "x"});
  const auto send = [&] { return peers.a.send(peers.now, id, Kind::kText, as_bytes("x")); };
  EXPECT_EQ(send().error(), ChannelSendError::kNotOpen);
  start();
  peers.run(1s);
  EXPECT_TRUE(send().has_value());
  const std::vector<std::uint8_t> big(262'145);
  EXPECT_EQ(peers.a.send(peers.now, id, Kind::kText, Bytes(big)).error(),
            ChannelSendError::kTooLarge);
  peers.a.close(peers.now, id);
  EXPECT_EQ(send().error(), ChannelSendError::kNotOpen);
  peers.run(1s);
  EXPECT_EQ(send().error(), ChannelSendError::kNotOpen);
  EXPECT_EQ(peers.a.state(id), DataChannels::ChannelState::kClosed);
}

TEST_F(Channels, GoInOrderUntilTheirOpenIsAcknowledged) {
  start();
  peers.run(1s);
  std::size_t unordered = 0;
  peers.filter_to_b = [&](sim::Datagram& packet) {
    if (packet[12] == 0 && (packet[13] & 4) != 0) ++unordered;
    return true;
  };
  const ChannelId id = open(peers.a, {.label = "x", .ordered = false});
  ASSERT_TRUE(peers.a.send(peers.now, id, Kind::kText, as_bytes("early")).has_value());
  peers.run(1s);
  EXPECT_EQ(unordered, 0u);
  ASSERT_TRUE(peers.a.send(peers.now, id, Kind::kText, as_bytes("late")).has_value());
  peers.run(1s);
  EXPECT_EQ(unordered, 1u);
  EXPECT_EQ(count<DataChannels::MessageReceived>(peers.from_b), 2u);
}

TEST_F(Channels, ClosedBeforeTheyAreOpenAreClosedAtThePeerToo) {
  const ChannelId early = open(peers.a, {.label = "x"});
  peers.a.close(peers.now, early);  // Before there is a stream.
  const ChannelId late = open(peers.a, {.label = "y"});
  start();
  peers.a.close(peers.now, late);
  peers.run(2s);
  EXPECT_EQ(count<DataChannels::ChannelClosed>(peers.from_a), 2u);
  EXPECT_EQ(count<DataChannels::ChannelOpened>(peers.from_a), 0u);
  EXPECT_EQ(count<DataChannels::ChannelAnnounced>(peers.from_b), 1u);
  EXPECT_EQ(count<DataChannels::ChannelClosed>(peers.from_b), 1u);
}

// The answer to our reset is lost, and the peer, for whom the channel is closed, opens the next
// one.
TEST_F(Channels, OutliveALostAnswerToAReset) {
  start();
  const auto [ours, theirs] = open_through({.label = "first"});
  bool lose = false;
  peers.filter_to_b = [&](sim::Datagram&) { return true; };
  peers.filter_to_a = [&](sim::Datagram& packet) {
    return !(packet[12] == 130 && packet[17] == 16 && lose);  // RE-CONFIG with a response.
  };
  peers.filter_to_b = [&](sim::Datagram& packet) {
    return !(packet[12] == 130 && packet[17] == 16 && lose);
  };
  lose = true;
  peers.a.close(peers.now, ours);
  peers.run(40ms);  // b has our request, and sends its own.
  peers.run(60ms);
  lose = false;
  peers.run(5s);
  EXPECT_EQ(peers.a.channel_count(), 0u);
  EXPECT_EQ(peers.b.channel_count(), 0u);
  for (int i = 0; i < 5; ++i) {
    const auto [next, next_theirs] = open_through({.label = "next"});
    ASSERT_TRUE(peers.a.send(peers.now, next, Kind::kText, as_bytes("x")).has_value());
    peers.run(200ms);
    peers.b.close(peers.now, next_theirs);
    peers.run(1s);
    EXPECT_EQ(peers.a.channel_count(), 0u);
  }
  EXPECT_EQ(count<DataChannels::MessageReceived>(peers.from_b), 5u);
}

TEST_F(Channels, OpenAndCloseUnderLossForLong) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Peers lossy(DataChannels::Config{},
                {.latency = 20ms, .jitter = 20ms, .reorder = true, .loss = 0.2}, seed);
    lossy.a.start(lossy.now, true);
    lossy.b.start(lossy.now, false);
    std::size_t opened = 0;
    for (int round = 0; round < 20; ++round) {
      DataChannels& end = round % 2 == 0 ? lossy.a : lossy.b;
      const auto id = end.open(lossy.now, {.label = "x", .ordered = round % 3 != 0});
      ASSERT_TRUE(id.has_value());
      ++opened;
      lossy.run(std::chrono::milliseconds{100 * (round % 7)});
      static_cast<void>(end.send(lossy.now, *id, Kind::kText, as_bytes("hello")));
      end.close(lossy.now, *id);
      lossy.run(std::chrono::milliseconds{30 * (round % 5)});
    }
    ASSERT_TRUE(lossy.run(120s, [&] {
      return lossy.a.channel_count() + lossy.b.channel_count() == 0;
    })) << seed;
    lossy.run(10s);
    EXPECT_EQ(lossy.a.drops().no_channel + lossy.b.drops().no_channel, 0u) << seed;
    EXPECT_EQ(count<DataChannels::ChannelAnnounced>(lossy.from_a) +
                  count<DataChannels::ChannelAnnounced>(lossy.from_b),
              opened)
        << seed;
  }
}

TEST_F(Channels, CloseWithTheConnection) {
  start();
  open_through({.label = "x"});
  peers.a.abort(peers.now, "bye");
  peers.run(1s);
  const auto closed = all<DataChannels::ChannelClosed>(peers.from_b);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_TRUE(closed[0].failed);
  EXPECT_TRUE(std::holds_alternative<DataChannels::Closed>(peers.from_b.back()));
  EXPECT_EQ(peers.a.open(peers.now, {}).error(), OpenError::kClosed);
}

TEST_F(Channels, TellWhenTheirBufferRunsLow) {
  start();
  const auto [ours, theirs] = open_through({.label = "x"});
  EXPECT_EQ(count<DataChannels::BufferedAmountLow>(peers.from_a), 0u);  // For no OPEN.
  peers.a.set_buffered_amount_low_threshold(ours, 10'000);
  ASSERT_TRUE(
      peers.a.send(peers.now, ours, Kind::kBinary, std::vector<std::uint8_t>(100'000)).has_value());
  EXPECT_EQ(peers.a.buffered_amount(ours), 100'000u);
  peers.run(5s);
  EXPECT_EQ(peers.a.buffered_amount(ours), 0u);
  EXPECT_EQ(count<DataChannels::BufferedAmountLow>(peers.from_a), 1u);
}

TEST(ChannelLimits, RefuseMoreThanConfigured) {
  DataChannels::Config narrow;
  narrow.max_channels = 3;
  narrow.max_remote_text = 20;
  Peers peers(DataChannels::Config{}, narrow, kWire, 1);
  peers.a.start(peers.now, true);
  peers.b.start(peers.now, false);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(peers.a.open(peers.now, {.label = "x"}).has_value());
  peers.run(5s);
  EXPECT_EQ(peers.b.channel_count(), 3u);
  EXPECT_EQ(peers.b.drops().refused_opens, 2u);
  EXPECT_EQ(peers.a.channel_count(), 3u);  // The others were reset.
  EXPECT_EQ(peers.b.open(peers.now, {}).error(), OpenError::kTooMany);
  for (const auto& event : all<DataChannels::ChannelAnnounced>(peers.from_b)) {
    peers.b.close(peers.now, event.channel);
  }
  peers.run(5s);
  ASSERT_TRUE(peers.a.open(peers.now, {.label = std::string(21, 'x')}).has_value());
  ASSERT_TRUE(peers.a.open(peers.now, {.label = std::string(20, 'x')}).has_value());
  peers.run(5s);
  EXPECT_EQ(peers.b.channel_count(), 1u);
}

TEST(ChannelLimits, OpenNoneForWhoseOpenThereIsNoRoom) {
  DataChannels::Config narrow;
  narrow.association.max_send_buffer = 1'000;
  Peers peers(narrow, kWire);
  const auto early = peers.a.open(peers.now, {.label = std::string(2'000, 'x')});
  ASSERT_TRUE(early.has_value());  // It is not known yet.
  peers.a.start(peers.now, true);
  peers.run(0s);
  EXPECT_EQ(count<DataChannels::ChannelClosed>(peers.from_a), 1u);
  EXPECT_EQ(peers.a.open(peers.now, {.label = std::string(2'000, 'x')}).error(),
            OpenError::kTooMany);
  EXPECT_EQ(peers.a.channel_count(), 0u);
  EXPECT_TRUE(peers.a.open(peers.now, {.label = "x"}).has_value());
}

// Both ends take themselves for the DTLS client: the ids of the peer are ours.
TEST(ChannelLimits, RefuseAnIdOfTheWrongParity) {
  Peers peers(DataChannels::Config{}, kWire);
  peers.a.start(peers.now, true);
  peers.b.start(peers.now, true);
  ASSERT_TRUE(peers.a.open(peers.now, {.label = "x"}).has_value());
  peers.run(5s);
  EXPECT_EQ(peers.b.channel_count(), 0u);
  EXPECT_EQ(peers.b.drops().refused_opens, 1u);
  EXPECT_EQ(peers.a.channel_count(), 0u);
}

}  // namespace
}  // namespace parley::sctp

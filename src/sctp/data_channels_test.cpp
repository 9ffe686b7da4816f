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

}  // namespace
}  // namespace parley::sctp

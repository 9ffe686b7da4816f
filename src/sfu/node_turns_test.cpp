// What goes on while a turn's packets are on their way to many receivers, a batch at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "sfu/test_raw_room.h"
#include "sfu/test_raw_source.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFrame = 8;
constexpr std::size_t kReceivers = 30;  // A frame of theirs is four batches.

// A publisher and many who see him.
class NodeTurns : public testing::Test {
 protected:
  NodeTurns() : room(1, config()) {
    room.join({.camera = 1, .video_slots = 0});
    for (std::size_t i = 0; i < kReceivers; ++i) room.join({});
    room.run(200ms);
    source.emplace(room, kFrame);
    send_frame();
    room.run(1s);  // The estimate is known, and the layer.
    for (const auto& client : room.clients) client->packets = 0;
  }

  static Node::Config config() {
    Node::Config config;
    config.participant.downlink.limits = {.start = DataRate::mbps(20), .max = DataRate::mbps(20)};
    return config;
  }

  void send_packet() {
    std::vector<std::uint8_t> datagram = source->next();
    const net::Path path{.local = RawRoom::server(), .remote = room.clients[0]->address};
    room.node.handle_input(room.now, {path, datagram});
  }
  void send_frame() {
    for (std::size_t i = 0; i < kFrame; ++i) send_packet();
  }
  // The next batch leaves.
  bool send_batch() {
    room.take_outputs();
    return room.send_batch();
  }
  std::size_t with_packets(std::uint64_t count) const {
    return static_cast<std::size_t>(std::ranges::count_if(room.clients, [&](const auto& client) {
      return client->packets == count && client->transport.counters().dropped == kNothing;
    }));
  }

  static constexpr decltype(peer::TransportCounters::dropped) kNothing = {};
  RawRoom room;
  std::optional<RawSource> source;
};

TEST_F(NodeTurns, ABatchGoesToAFewReceiversAndTheNextToOthers) {
  const std::uint64_t before = room.runs;
  send_frame();
  ASSERT_TRUE(send_batch());
  EXPECT_EQ(with_packets(kFrame), net::DatagramBatch::kMaxDatagrams / kFrame);
  EXPECT_EQ(with_packets(0), 1 + kReceivers - net::DatagramBatch::kMaxDatagrams / kFrame);
  while (send_batch()) continue;
  EXPECT_EQ(with_packets(kFrame), kReceivers);
  EXPECT_EQ(room.runs - before, kReceivers);  // To each his frame in one run.
}

TEST_F(NodeTurns, WhatComesMeanwhileGoesToEveryoneOnce) {
  for (int i = 0; i < 3; ++i) {
    for (int packet = 0; packet < 4; ++packet) send_packet();
    ASSERT_TRUE(send_batch());
  }
  EXPECT_LT(with_packets(12), kReceivers);
  while (send_batch()) continue;
  EXPECT_EQ(with_packets(12), kReceivers);
  EXPECT_EQ(room.node.counters().packets_held, kFrame + 12);  // The history's.
}

TEST_F(NodeTurns, WhoLeavesOrComesMeanwhileTakesNothingFromTheOthers) {
  send_frame();
  ASSERT_TRUE(send_batch());
  room.node.disconnect(room.now, {kReceivers});  // All of his was still to come.
  room.node.disconnect(room.now, {2});           // Nothing was.
  room.join({});
  while (send_batch()) continue;
  EXPECT_EQ(with_packets(kFrame), kReceivers - 1);
  room.run(1s);
  EXPECT_GT(room.clients.back()->packets, 0u);
}

TEST_F(NodeTurns, WhatAPublisherSentBeforeHeLeftGoesToAll) {
  send_frame();
  ASSERT_TRUE(send_batch());
  room.node.disconnect(room.now, {1});
  while (send_batch()) continue;
  EXPECT_EQ(with_packets(kFrame), kReceivers);
}

// Sharing a link anew, as each does once a second, falls into the middle of it.
TEST_F(NodeTurns, ALinkThatIsSharedMeanwhileCarriesEachPacketOnce) {
  for (int i = 0; i < 100; ++i) {
    send_frame();
    ASSERT_TRUE(send_batch());
    room.now += 20ms;
    room.node.handle_timeout(room.now);
    while (send_batch()) continue;
    room.run(20ms);
  }
  EXPECT_EQ(with_packets(100 * kFrame), kReceivers);
}

}  // namespace
}  // namespace parley::sfu

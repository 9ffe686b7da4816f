#include "cc/packet_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using rtp::Ssrc;
using Queue = PacketQueue<int>;

constexpr Time kStart{1h};

void push(Queue& queue, Priority priority, int packet, Ssrc stream = Ssrc{1}, int size = 1'000) {
  queue.push({.priority = priority,
              .stream = stream,
              .size = DataSize::bytes(size),
              .packet = packet,
              .enqueued = kStart});
}

std::vector<int> take_all(Queue& queue, Time now = kStart) {
  std::vector<int> packets;
  while (const auto entry = queue.take(now)) packets.push_back(entry->packet);
  return packets;
}

TEST(PacketQueue, GivesTheMoreImportantFirst) {
  Queue queue;
  push(queue, Priority::kPadding, 1);
  push(queue, Priority::kVideo, 2);
  push(queue, Priority::kRetransmission, 3);
  push(queue, Priority::kAudio, 4);
  push(queue, Priority::kVideo, 5);
  EXPECT_EQ(queue.next(), Priority::kAudio);
  EXPECT_EQ(take_all(queue), (std::vector{4, 3, 2, 5, 1}));
  EXPECT_FALSE(queue.next().has_value());
  EXPECT_TRUE(queue.empty());
}

TEST(PacketQueue, LetsStreamsShareByBytes) {
  Queue queue;
  for (int i = 0; i < 4; ++i) push(queue, Priority::kVideo, 10 + i, Ssrc{1}, 1'000);
  for (int i = 0; i < 4; ++i) push(queue, Priority::kVideo, 20 + i, Ssrc{2}, 500);
  EXPECT_EQ(take_all(queue), (std::vector{20, 10, 21, 22, 11, 23, 12, 13}));
}

TEST(PacketQueue, OwesNothingToAStreamThatWasSilent) {
  Queue queue;
  for (int i = 0; i < 6; ++i) push(queue, Priority::kVideo, i, Ssrc{1});
  for (int i = 0; i < 4; ++i) queue.take(kStart);
  for (int i = 10; i < 13; ++i) push(queue, Priority::kVideo, i, Ssrc{2});
  EXPECT_EQ(take_all(queue), (std::vector{4, 10, 5, 11, 12}));
}

TEST(PacketQueue, KeepsTheOrderOfEachStream) {
  std::mt19937 random{1};
  Queue queue;
  std::map<Ssrc, int> last;
  for (int i = 1; i < 20'000; ++i) {
    push(queue, Priority::kVideo, i, Ssrc{static_cast<std::uint32_t>(random() % 5)},
         static_cast<int>(random() % 1'200));
    if (random() % 2 == 0) continue;
    const auto entry = queue.take(kStart);
    ASSERT_GT(entry->packet, last[entry->stream]);
    last[entry->stream] = entry->packet;
  }
}

TEST(PacketQueue, CountsWhatWaits) {
  Queue queue;
  push(queue, Priority::kVideo, 1, Ssrc{1}, 300);
  push(queue, Priority::kAudio, 2, Ssrc{2}, 100);
  EXPECT_EQ(queue.packets(), 2u);
  EXPECT_EQ(queue.size(), DataSize::bytes(400));
  queue.take(kStart);
  EXPECT_EQ(queue.size(), DataSize::bytes(300));
}

TEST(PacketQueue, DropsTheLastOfTheLeastImportantWhenFull) {
  Queue queue({.max_packets = 3});
  push(queue, Priority::kVideo, 1);
  push(queue, Priority::kVideo, 2);
  push(queue, Priority::kPadding, 3);
  push(queue, Priority::kAudio, 4);
  push(queue, Priority::kAudio, 5);
  push(queue, Priority::kPadding, 6);
  EXPECT_EQ(queue.dropped().full, 3u);
  EXPECT_EQ(take_all(queue), (std::vector{4, 5, 1}));
}

TEST(PacketQueue, DropsAStreamAndLeavesTheOthers) {
  Queue queue;
  for (int i = 0; i < 5; ++i) {
    push(queue, Priority::kVideo, 10 + i, Ssrc{1});
    push(queue, Priority::kVideo, 20 + i, Ssrc{2}, 500);
  }
  push(queue, Priority::kRetransmission, 30, Ssrc{1});
  EXPECT_EQ(queue.packets(Priority::kVideo, Ssrc{1}), 5u);
  EXPECT_EQ(queue.drop(Priority::kVideo, Ssrc{1}), 5u);
  EXPECT_EQ(queue.drop(Priority::kVideo, Ssrc{1}), 0u);
  EXPECT_EQ(queue.drop(Priority::kVideo, Ssrc{3}), 0u);
  EXPECT_EQ(queue.packets(Priority::kVideo, Ssrc{1}), 0u);
  EXPECT_EQ(queue.packets(Priority::kVideo, Ssrc{2}), 5u);
  EXPECT_EQ(queue.size(), DataSize::bytes(5 * 500 + 1'000));
  push(queue, Priority::kVideo, 15, Ssrc{1}, 100);
  EXPECT_EQ(queue.packets(), 7u);
  EXPECT_EQ(take_all(queue).size(), 7u);
  EXPECT_EQ(queue.size(), DataSize());
}

TEST(PacketQueue, DropsTheLastThatWaits) {
  Queue queue;
  for (int i = 0; i < 200; ++i) push(queue, Priority::kVideo, i, Ssrc{1});
  EXPECT_EQ(queue.drop(Priority::kVideo, Ssrc{1}), 200u);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.next().has_value());
  push(queue, Priority::kVideo, 7);
  EXPECT_EQ(take_all(queue), std::vector{7});
}

TEST(PacketQueue, FindsThePacketToDropAmongStreamsThatHaveNone) {
  Queue queue({.max_packets = 2});
  push(queue, Priority::kVideo, 1, Ssrc{1}, 0);
  push(queue, Priority::kVideo, 2, Ssrc{2}, 0);
  queue.drop(Priority::kVideo, Ssrc{2});
  push(queue, Priority::kAudio, 3);
  push(queue, Priority::kAudio, 4);
  EXPECT_EQ(queue.dropped().full, 1u);
  EXPECT_EQ(take_all(queue), (std::vector{3, 4}));
}

TEST(PacketQueue, ForgetsWhatIsTooOld) {
  Queue queue({.max_age = 2s});
  push(queue, Priority::kVideo, 1);
  queue.push({.size = DataSize::bytes(1), .packet = 2, .enqueued = kStart + 1s});
  EXPECT_EQ(take_all(queue, kStart + 2s + 1us), std::vector{2});
  EXPECT_EQ(queue.dropped().old, 1u);
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace parley::cc

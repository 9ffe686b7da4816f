#include "rtp/reorder_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

OrderedPacket packet(std::uint64_t seq) {
  return {.seq = {seq}};
}

std::vector<std::uint64_t> take(ReorderBuffer& buffer, Time now) {
  std::vector<std::uint64_t> taken;
  while (const auto next = buffer.poll(now)) taken.push_back(next->seq.value);
  return taken;
}

TEST(ReorderBuffer, GivesWhatIsInOrderAtOnce) {
  ReorderBuffer buffer({.patience = 100ms});
  EXPECT_EQ(buffer.next_deadline(), kNever);
  buffer.insert(kStart, packet(5));
  buffer.insert(kStart, packet(6));
  EXPECT_EQ(buffer.next_deadline(), kAtOnce);
  EXPECT_TRUE(buffer.poll(kStart)->lost_before);  // Nobody knows what was before the first.
  EXPECT_FALSE(buffer.poll(kStart)->lost_before);
  EXPECT_FALSE(buffer.poll(kStart));
}

TEST(ReorderBuffer, WaitsForAGapToBeFilled) {
  ReorderBuffer buffer({.patience = 100ms});
  buffer.insert(kStart, packet(5));
  buffer.insert(kStart, packet(8));
  buffer.insert(kStart, packet(7));
  EXPECT_EQ(take(buffer, kStart), (std::vector<std::uint64_t>{5}));
  EXPECT_EQ(buffer.next_deadline(), kStart + 100ms);
  buffer.insert(kStart + 50ms, packet(6));
  EXPECT_EQ(take(buffer, kStart + 50ms), (std::vector<std::uint64_t>{6, 7, 8}));
  EXPECT_EQ(buffer.counters().lost, 0u);
}

TEST(ReorderBuffer, DoesNotWaitBeforeAWholeKeyFrame) {
  ReorderBuffer buffer({.patience = 100ms});
  buffer.insert(kStart, packet(5));
  take(buffer, kStart);
  buffer.insert(kStart, packet(7));
  buffer.insert(kStart, {.seq = {9}, .starts_key_frame = true});
  buffer.insert(kStart, {.seq = {11}, .marker = true});
  buffer.insert(kStart, packet(13));
  EXPECT_EQ(take(buffer, kStart), (std::vector<std::uint64_t>{}));  // It is not yet whole.
  buffer.insert(kStart, packet(10));
  EXPECT_EQ(buffer.next_deadline(), kAtOnce);
  EXPECT_TRUE(buffer.poll(kStart)->lost_before);
  EXPECT_TRUE(buffer.poll(kStart)->lost_before);
  // What is missing behind it is waited for as ever.
  EXPECT_EQ(take(buffer, kStart), (std::vector<std::uint64_t>{10, 11}));
  EXPECT_EQ(buffer.next_deadline(), kStart + 100ms);
}

TEST(ReorderBuffer, KeepsAKeyFrameInItsOrderWhereNothingIsMissing) {
  ReorderBuffer buffer({.patience = 100ms});
  buffer.insert(kStart, packet(5));
  buffer.insert(kStart, {.seq = {6}, .marker = true, .starts_key_frame = true});
  EXPECT_EQ(take(buffer, kStart), (std::vector<std::uint64_t>{5, 6}));
  buffer.insert(kStart, packet(8));
  EXPECT_EQ(buffer.next_deadline(), kStart + 100ms);
}

TEST(ReorderBuffer, GivesAGapUpAfterItsPatience) {
  ReorderBuffer buffer({.patience = 100ms});
  buffer.insert(kStart, packet(5));
  take(buffer, kStart);
  buffer.insert(kStart + 10ms, packet(8));
  EXPECT_EQ(take(buffer, kStart + 109ms), (std::vector<std::uint64_t>{}));
  const auto next = buffer.poll(kStart + 110ms);
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->lost_before);
  EXPECT_EQ(buffer.counters().lost, 2u);
  buffer.insert(kStart + 120ms, packet(7));
  EXPECT_EQ(buffer.counters().late, 1u);
  EXPECT_EQ(buffer.next_deadline(), kNever);
}

TEST(ReorderBuffer, TakesAPacketOnce) {
  ReorderBuffer buffer({.patience = 100ms});
  buffer.insert(kStart, packet(5));
  buffer.insert(kStart, packet(5));
  EXPECT_EQ(buffer.counters().duplicate, 1u);
  EXPECT_EQ(take(buffer, kStart).size(), 1u);
}

TEST(ReorderBuffer, HoldsNoMoreThanItsCapacity) {
  ReorderBuffer buffer({.patience = 1h, .capacity = 10});
  buffer.insert(kStart, packet(1));
  take(buffer, kStart);
  for (std::uint64_t seq = 3; seq < 13; ++seq) buffer.insert(kStart, packet(seq));
  EXPECT_EQ(buffer.next_deadline(), kAtOnce);
  EXPECT_EQ(take(buffer, kStart).size(), 10u);
  EXPECT_EQ(buffer.counters().lost, 1u);
  for (std::uint64_t seq = 20; seq < 40; ++seq) buffer.insert(kStart, packet(seq));
  EXPECT_EQ(buffer.size(), 10u);
}

TEST(ReorderBuffer, PutsAnyOrderRight) {
  std::mt19937 random{1};
  ReorderBuffer buffer({.patience = 1s});
  std::vector<std::uint64_t> seqs(1'000);
  for (std::size_t i = 0; i < seqs.size(); ++i) seqs[i] = i + 100;
  for (std::size_t i = 1; i < seqs.size(); i += 8) {
    std::shuffle(seqs.begin() + static_cast<std::ptrdiff_t>(i),
                 seqs.begin() + static_cast<std::ptrdiff_t>(std::min(i + 8, seqs.size())), random);
  }
  std::vector<std::uint64_t> taken;
  for (const std::uint64_t seq : seqs) {
    buffer.insert(kStart, packet(seq));
    std::ranges::copy(take(buffer, kStart), std::back_inserter(taken));
  }
  std::ranges::sort(seqs);
  EXPECT_EQ(taken, seqs);
}

}  // namespace
}  // namespace parley::rtp

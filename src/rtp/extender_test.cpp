#include "rtp/extender.h"

#include <gtest/gtest.h>

#include <random>

namespace parley::rtp {
namespace {

TEST(Extender, CountsOnOverTheWrap) {
  Extender<std::uint16_t> sequence;
  const std::uint64_t first = sequence.extend(65'534);
  EXPECT_EQ(sequence.extend(65'535), first + 1);
  EXPECT_EQ(sequence.extend(0), first + 2);
  EXPECT_EQ(sequence.extend(3), first + 5);
}

TEST(Extender, PutsTheLateBeforeTheNewest) {
  Extender<std::uint16_t> sequence;
  const std::uint64_t first = sequence.extend(1);
  EXPECT_EQ(sequence.extend(65'535), first - 2);
  EXPECT_EQ(sequence.extend(2), first + 1);
}

TEST(Extender, LeavesRoomBelowTheFirst) {
  Extender<std::uint16_t> sequence;
  const std::uint64_t first = sequence.extend(0);
  EXPECT_EQ(sequence.extend(65'535), first - 1);
}

TEST(Extender, TakesExactlyHalfARoundForOlder) {
  Extender<std::uint16_t> sequence;
  const std::uint64_t first = sequence.extend(0);
  EXPECT_EQ(sequence.peek(32'767), first + 32'767);
  EXPECT_EQ(sequence.peek(32'768), first - 32'768);
}

TEST(Extender, PeekForgets) {
  Extender<std::uint16_t> sequence;
  const std::uint64_t first = sequence.extend(100);
  EXPECT_EQ(sequence.peek(20'000), first + 19'900);
  EXPECT_EQ(sequence.extend(101), first + 1);
}

TEST(Extender, FollowsATimestampForHours) {
  Extender<std::uint32_t> timestamp;
  std::mt19937 random{1};
  std::uint64_t truth = 4'000'000'000;
  const std::uint64_t offset = timestamp.extend(static_cast<std::uint32_t>(truth)) - truth;
  for (int i = 0; i < 100'000; ++i) {
    truth += random() % 1'000'000;
    const std::uint64_t seen = truth - random() % 900'000;  // Some packets are late.
    ASSERT_EQ(timestamp.extend(static_cast<std::uint32_t>(seen)), seen + offset);
    timestamp.extend(static_cast<std::uint32_t>(truth));
  }
}

}  // namespace
}  // namespace parley::rtp

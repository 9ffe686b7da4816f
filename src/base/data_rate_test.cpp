#include "base/data_rate.h"

#include <gtest/gtest.h>

#include <limits>

namespace parley {
namespace {

using namespace std::chrono_literals;

TEST(DataRate, IsSizeOverTime) {
  EXPECT_EQ(DataSize::bytes(1'250) / 10ms, DataRate::mbps(1));
  EXPECT_EQ(DataRate::mbps(1) * 10ms, DataSize::bytes(1'250));
  EXPECT_EQ(DataSize::bytes(1'250) / DataRate::mbps(1), 10ms);
  EXPECT_EQ(DataRate::kbps(300).in_bps(), 300'000);
  EXPECT_EQ(DataRate::bps(1'500).in_kbps(), 1.5);
}

TEST(DataRate, RoundsATimeUpSoThatTheSizeIsThrough) {
  const DataRate third = DataRate::bps(3'000'000);
  EXPECT_EQ(DataSize::bytes(1) / third, 3us);  // 2 2/3.
  EXPECT_GE(third * (DataSize::bytes(1'200) / third), DataSize::bytes(1'200));
}

TEST(DataRate, ScalesAndCompares) {
  EXPECT_EQ(DataRate::kbps(100) * 0.85, DataRate::kbps(85));
  EXPECT_EQ(DataRate::kbps(300) / DataRate::kbps(200), 1.5);
  EXPECT_LT(DataRate::kbps(999), DataRate::mbps(1));
  EXPECT_EQ(DataSize::bytes(5) - DataSize::bytes(8), DataSize::bytes(-3));
  EXPECT_EQ(DataSize::bytes(std::size_t{100}) * 0.5, DataSize::bytes(50));
}

TEST(DataRate, StaysInRangeWhateverIsDoneToIt) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const DataRate fast = DataRate::bps(kMost);
  EXPECT_TRUE(fast.is_infinite());
  EXPECT_EQ(fast, DataRate::infinite());
  EXPECT_EQ(fast + fast, fast);
  EXPECT_EQ(fast * 1e300, fast);
  EXPECT_EQ(DataRate::mbps(kMost), fast);
  EXPECT_LT(DataRate::mbps(-kMost), DataRate());
  EXPECT_EQ(fast * Duration::max(), DataSize::bytes(kMost));
  EXPECT_EQ(DataSize::bytes(kMost) / 1us, fast);
  EXPECT_GT(DataSize::bytes(kMost) / DataRate::bps(1), 1h);
  EXPECT_EQ(DataSize::bytes(std::numeric_limits<std::size_t>::max()), DataSize::bytes(kMost));
  EXPECT_LT(DataRate::kbps(1) * std::numeric_limits<double>::quiet_NaN(), DataRate());
}

}  // namespace
}  // namespace parley

#include "cc/alr_detector.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

struct Sender {
  AlrDetector alr;
  Time now = kStart;

  Sender() { alr.set_target(kStart, DataRate::kbps(1'000)); }
  void send(Duration time, DataRate rate) {
    for (const Time end = now + time; now < end; now += 10ms) alr.handle_sent(now, rate * 10ms);
  }
  bool is_limited() const { return alr.limited_since().has_value(); }
};

TEST(AlrDetector, IsNotLimitedWhileTheTargetIsUsed) {
  Sender sender;
  sender.send(10s, DataRate::kbps(1'000));
  EXPECT_FALSE(sender.is_limited());
  sender.send(10s, DataRate::kbps(700));
  EXPECT_FALSE(sender.is_limited());
}

TEST(AlrDetector, IsLimitedSoonAfterTheApplicationSendsLess) {
  Sender sender;
  sender.send(10s, DataRate::kbps(1'000));
  const Time before = sender.now;
  sender.send(2s, DataRate::kbps(100));
  ASSERT_TRUE(sender.is_limited());
  EXPECT_LT(*sender.alr.limited_since() - before, 1500ms);
}

TEST(AlrDetector, EndsSoonAfterTheApplicationSendsMore) {
  Sender sender;
  sender.send(5s, DataRate::kbps(100));
  EXPECT_TRUE(sender.is_limited());
  sender.send(700ms, DataRate::kbps(1'000));
  EXPECT_FALSE(sender.is_limited());
}

TEST(AlrDetector, IsNotStirredByASingleFrame) {
  Sender sender;
  sender.send(5s, DataRate::kbps(100));
  sender.alr.handle_sent(sender.now, DataSize::bytes(6'000));
  EXPECT_TRUE(sender.is_limited());
}

TEST(AlrDetector, SavesNoMoreThanAWindow) {
  Sender sender;
  sender.now += 1h;
  sender.alr.handle_sent(sender.now, DataSize::bytes(1));
  EXPECT_TRUE(sender.is_limited());
  sender.send(700ms, DataRate::kbps(1'000));
  EXPECT_FALSE(sender.is_limited());
}

TEST(AlrDetector, BearsATargetOfZeroAndTimeThatStands) {
  Sender sender;
  sender.alr.set_target(kStart - 1s, DataRate());
  sender.alr.handle_sent(kStart - 1h, DataSize::bytes(1));
  sender.alr.handle_sent(kStart + 1h, DataSize::bytes(1));
  EXPECT_FALSE(sender.is_limited());
}

}  // namespace
}  // namespace parley::cc

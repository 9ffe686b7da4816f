#include "mcu/video/load_control.h"

#include <gtest/gtest.h>

#include <functional>

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// One whose pictures take so long as `cost` says of a step.
struct Machine {
  void run(Duration time, const std::function<Duration(const LoadControl::Step&)>& cost) {
    for (const Time end = now + time; now < end;) {
      now += Duration(1'000'000 / control.step().frames_per_second);
      changes += control.handle_picture(now, cost(control.step())) ? 1 : 0;
    }
  }
  LoadControl control{{}};
  Time now = kStart;
  int changes = 0;
};

TEST(LoadControl, ReducesNothingWhileThereIsTime) {
  Machine machine;
  machine.run(60s, [](const auto&) { return 20ms; });
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{30, 8}));
  EXPECT_EQ(machine.control.reason(), LoadControl::Reason::kNone);
  EXPECT_NEAR(machine.control.load(), 0.75, 0.01);
}

TEST(LoadControl, OnePictureThatTakesLongIsNoOverload) {
  Machine machine;
  machine.run(1s, [](const auto&) { return 20ms; });
  (void)machine.control.handle_picture(machine.now, 300ms);
  machine.run(5s, [](const auto&) { return 20ms; });
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{30, 8}));
}

TEST(LoadControl, FirstTheRateFallsThenTheSize) {
  Machine machine;
  machine.run(2s, [](const auto&) { return 35ms; });  // At 20 a second it fits.
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{20, 8}));
  EXPECT_EQ(machine.control.reason(), LoadControl::Reason::kOverload);
  const auto slow = [](const LoadControl::Step& step) {
    return Duration(90'000 * step.eighths * step.eighths / 64);
  };
  machine.run(5s, slow);
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{15, 6}));
}

TEST(LoadControl, GoesAsLowAsThereAreStepsAndNoFurther) {
  Machine machine;
  machine.run(60s, [](const auto&) { return 5s; });
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{5, 4}));
}

TEST(LoadControl, ComesBackWhenThereIsTimeAgain) {
  Machine machine;
  machine.run(5s, [](const auto&) { return 70ms; });
  EXPECT_LT(machine.control.step().frames_per_second, 20);
  machine.run(60s, [](const auto&) { return 5ms; });
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{30, 8}));
  EXPECT_EQ(machine.control.reason(), LoadControl::Reason::kNone);
}

TEST(LoadControl, DoesNotGoUpAndDownAllTheTime) {
  Machine machine;  // Fits at 15 a second, and at 20 not quite.
  machine.run(120s, [](const auto&) { return 45ms; });
  EXPECT_EQ(machine.control.step(), (LoadControl::Step{15, 8}));
  EXPECT_EQ(machine.changes, 2);
}

TEST(LoadControl, SaysWhy) {
  EXPECT_EQ(to_string(LoadControl::Reason::kNone), "none");
  EXPECT_FALSE(to_string(LoadControl::Reason::kOverload).empty());
}

}  // namespace
}  // namespace parley::mcu

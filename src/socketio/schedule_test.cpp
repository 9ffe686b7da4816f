#include "socketio/schedule.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(Schedule, CallsInTheOrderOfTime) {
  std::string calls;
  Schedule schedule;
  schedule.begin(kStart);
  schedule.after(2s, [&] { calls += 'b'; });
  schedule.after(1s, [&] { calls += 'a'; });
  schedule.end();
  EXPECT_EQ(schedule.next(), kStart + 1s);
  schedule.run(kStart + 1s);
  EXPECT_EQ(calls, "a");
  schedule.run(kStart + 3s);
  EXPECT_EQ(calls, "ab");
  EXPECT_EQ(schedule.next(), kNever);
}

TEST(Schedule, CountsFromTheNextTurnWhatIsAskedBetweenTurns) {
  int calls = 0;
  Schedule schedule;
  schedule.begin(kStart);
  schedule.end();
  schedule.after(1s, [&] { ++calls; });
  EXPECT_EQ(schedule.next(), kAtOnce);  // It wants to be told the time.
  schedule.begin(kStart + 1h);
  schedule.end();
  EXPECT_EQ(schedule.next(), kStart + 1h + 1s);
  schedule.run(kStart + 1h + 1s);
  EXPECT_EQ(calls, 1);
}

TEST(Schedule, LetsACallScheduleTheNext) {
  int calls = 0;
  Schedule schedule;
  schedule.begin(kStart);
  schedule.after(0s, [&] { schedule.after(1s, [&] { ++calls; }); });
  schedule.run(kStart);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(schedule.next(), kStart + 1s);
}

TEST(Schedule, RemembersTheLatestTime) {
  Schedule schedule;
  schedule.begin(kStart);
  schedule.end();
  EXPECT_EQ(schedule.latest(), kStart);
}

}  // namespace
}  // namespace parley::socketio

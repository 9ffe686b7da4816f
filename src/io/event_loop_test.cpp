#include "io/event_loop.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "io/clock.h"
#include "io/fd.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

// A descriptor that is readable whenever the test says so.
struct Event final : Watcher {
  explicit Event(EventLoop& loop_) : loop(loop_), fd(eventfd(0, EFD_NONBLOCK)) {
    loop.watch(fd.get(), *this);
    loop.run_turn(0ms);  // It begins writable.
    times_told = 0;
  }
  ~Event() {
    if (watched) unwatch();
  }

  void on_ready(Readiness readiness) override {
    last = readiness;
    ++times_told;
    if (then) then();
  }
  void fire() {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(fd.get(), &one, sizeof one), 8);
  }
  void unwatch() {
    loop.unwatch(fd.get(), *this);
    watched = false;
  }

  EventLoop& loop;
  Fd fd;
  bool watched = true;
  int times_told = 0;
  Readiness last = {};
  std::function<void()> then;
};

TEST(EventLoop, TellsReadinessOncePerEdge) {
  EventLoop loop;
  Event event(loop);
  event.fire();
  loop.run_turn(0ms);
  EXPECT_TRUE(event.last.readable);
  loop.run_turn(0ms);
  EXPECT_EQ(event.times_told, 1);
  event.fire();
  loop.run_turn(0ms);
  EXPECT_EQ(event.times_told, 2);
}

TEST(EventLoop, TellsOfInputAloneWhereThatIsAskedFor) {
  EventLoop loop;
  Event event(loop);
  event.unwatch();
  loop.watch_input(event.fd.get(), event);
  loop.run_turn(0ms);
  EXPECT_EQ(event.times_told, 0);  // It is writable.
  event.fire();
  loop.run_turn(0ms);
  EXPECT_TRUE(event.last.readable);
  event.watched = true;
}

TEST(EventLoop, BeginsATurnNoSoonerThanAPauseAfterOneThatFollowedQuickly) {
  EventLoop loop;
  Event event(loop);
  loop.set_pause(20ms);
  loop.run_turn(0ms);
  for (int i = 0; i < 3; ++i) {
    const Time last = loop.now();
    event.fire();
    loop.run_turn(1s);
    EXPECT_GE(loop.now() - last, 20ms);
  }
  EXPECT_EQ(event.times_told, 3);
  loop.set_pause(0ms);
}

TEST(EventLoop, APauseKeepsNoTimerWaiting) {
  EventLoop loop;
  loop.set_pause(std::chrono::hours{1});
  loop.run_turn(0ms);
  int due = 0;
  Timer timer(loop, [&] { ++due; });
  for (int i = 1; i <= 3; ++i) {
    timer.arm(i == 2 ? kAtOnce : loop.now() + 1ms);
    loop.run_turn(1s);
    EXPECT_EQ(due, i);
  }
}

TEST(EventLoop, TellsNothingToWhomeverWasUnwatchedInTheSameTurn) {
  EventLoop loop;
  Event first(loop);
  Event second(loop);
  first.then = [&] { second.unwatch(); };
  second.then = [&] { first.unwatch(); };
  first.fire();
  second.fire();
  loop.run_turn(0ms);
  EXPECT_EQ(first.times_told + second.times_told, 1);
}

TEST(EventLoop, RunsATurnInItsOrder) {
  EventLoop loop;
  std::string order;
  Event event(loop);
  event.then = [&] { order += "ready "; };
  Timer timer(loop, [&] { order += "timer "; });
  loop.defer([&] { order += "deferred "; });
  loop.post([&] { order += "posted "; });
  timer.arm(kAtOnce);
  event.fire();
  loop.run_turn(0ms);
  EXPECT_EQ(order, "ready timer posted deferred ");
}

TEST(EventLoop, ShowsOneTimeForAWholeTurn) {
  EventLoop loop;
  loop.run_turn(0ms);
  const Time start = loop.now();
  while (monotonic_now() == start) {
  }
  EXPECT_EQ(loop.now(), start);
  loop.run_turn(0ms);
  EXPECT_GT(loop.now(), start);
}

TEST(EventLoop, StopsAtOnceWhenStoppedBeforeItRuns) {
  EventLoop loop;
  loop.stop();
  loop.run();
  bool ran = false;  // And it can be run again.
  loop.post([&] {
    ran = true;
    loop.stop();
  });
  loop.run();
  EXPECT_TRUE(ran);
}

TEST(EventLoop, IsStoppedByASignalHandler) {
  static EventLoop* running = nullptr;
  EventLoop loop;
  running = &loop;
  const auto before = std::signal(SIGUSR1, [](int) { running->stop(); });
  loop.post([] { std::raise(SIGUSR1); });
  loop.run();
  std::signal(SIGUSR1, before);
}

TEST(EventLoop, RunsCallsFromAnotherThreadInTheOrderOfPosting) {
  EventLoop loop;
  constexpr int kCalls = 10'000;
  std::vector<int> seen;
  std::thread other([&] {
    for (int i = 0; i < kCalls; ++i) loop.post([&seen, i] { seen.push_back(i); });
    loop.post([&] { loop.stop(); });
  });
  loop.run();
  other.join();
  ASSERT_EQ(seen.size(), std::size_t{kCalls});
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST(EventLoop, RunsWhatIsDeferredMeanwhileInTheSameTurn) {
  EventLoop loop;
  bool ran = false;
  loop.defer([&] { loop.defer([&] { ran = true; }); });
  loop.run_turn(0ms);
  EXPECT_TRUE(ran);
}

TEST(EventLoop, KeepsServingOthersWhenOneDefersForEver) {
  EventLoop loop;
  Event other(loop);
  int calls = 0;
  std::function<void()> again = [&] {
    if (++calls < 1000) loop.defer(again);
  };
  loop.defer(again);
  other.fire();
  loop.run_turn(1h);  // Neither turn waits, although no timer is armed.
  EXPECT_EQ(other.times_told, 1);
  EXPECT_LT(calls, 100);
  while (calls < 1000) loop.run_turn(1h);
}

TEST(EventLoop, DestroysCallsThatNeverRan) {
  const auto token = std::make_shared<int>();
  {
    EventLoop loop;
    loop.post([token] {});
    loop.defer([token] {});
    EXPECT_EQ(token.use_count(), 3);
  }
  EXPECT_EQ(token.use_count(), 1);
}

struct Flush final : TurnEnd {
  explicit Flush(std::function<void(Flush&)> then_) : then(std::move(then_)) {}
  void on_turn_end() override {
    ++times;
    then(*this);
  }
  std::function<void(Flush&)> then;
  int times = 0;
};

TEST(TurnEnd, ComesOnceHoweverOftenItWasAskedForAndAfterDeferredCalls) {
  EventLoop loop;
  bool deferred = false;
  Flush flush([&](Flush&) { EXPECT_TRUE(deferred); });
  loop.at_turn_end(flush);
  loop.at_turn_end(flush);
  loop.defer([&] { deferred = true; });
  loop.run_turn(0ms);
  EXPECT_EQ(flush.times, 1);
  loop.run_turn(0ms);
  EXPECT_EQ(flush.times, 1);
}

TEST(TurnEnd, ComesInTheSameTurnWhenAnotherTurnEndAskedForIt) {
  EventLoop loop;
  Flush second([](Flush&) {});
  Flush first([&](Flush&) { loop.at_turn_end(second); });
  loop.at_turn_end(first);
  loop.run_turn(0ms);
  EXPECT_EQ(second.times, 1);
}

TEST(TurnEnd, NeverComesOnceItIsDestroyed) {
  EventLoop loop;
  auto second = std::make_unique<Flush>([](Flush&) { FAIL(); });
  Flush first([&](Flush&) { second.reset(); });
  loop.at_turn_end(first);
  loop.at_turn_end(*second);
  loop.run_turn(0ms);
  EXPECT_EQ(first.times, 1);
}

TEST(TurnEnd, MayDestroyItself) {
  EventLoop loop;
  std::unique_ptr<Flush> flush;
  Flush after([](Flush&) {});
  flush = std::make_unique<Flush>([&](Flush&) { flush.reset(); });
  loop.at_turn_end(*flush);
  loop.at_turn_end(after);
  loop.run_turn(0ms);
  EXPECT_EQ(flush, nullptr);
  EXPECT_EQ(after.times, 1);
}

TEST(Timer, IsCalledOnceAndNotBeforeItsDeadline) {
  EventLoop loop;
  int calls = 0;
  const Time deadline = monotonic_now() + 3ms;
  Timer timer(loop, [&] {
    ++calls;
    EXPECT_GE(loop.now(), deadline);
  });
  timer.arm(deadline);
  EXPECT_TRUE(timer.is_armed());
  while (calls == 0) loop.run_turn(1h);
  EXPECT_FALSE(timer.is_armed());
  loop.run_turn(0ms);
  EXPECT_EQ(calls, 1);
}

TEST(Timer, IsNotCalledOnceDisarmedOrDestroyed) {
  EventLoop loop;
  Timer disarmed(loop, [] { FAIL(); });
  disarmed.arm(kAtOnce);
  disarmed.disarm();
  {
    Timer destroyed(loop, [] { FAIL(); });
    destroyed.arm(kAtOnce);
  }
  loop.run_turn(0ms);
}

TEST(Timer, IsReplacedByALaterOrAnEarlierDeadline) {
  EventLoop loop;
  std::string order;
  Timer a(loop, [&] { order += "a"; });
  Timer b(loop, [&] { order += "b"; });
  Timer c(loop, [&] { order += "c"; });
  a.arm(Time{1s});
  b.arm(Time{2s});
  c.arm(Time{3s});
  a.arm(Time{4s});
  c.arm(Time{1s});
  loop.run_turn(0ms);  // The monotonic clock is past all of them.
  EXPECT_EQ(order, "cba");
}

TEST(Timer, ThatArmsItselfForNowDoesNotKeepTheLoop) {
  EventLoop loop;
  int calls = 0;
  Timer timer(loop, [&] {
    ++calls;
    timer.arm(kAtOnce);
  });
  timer.arm(kAtOnce);
  loop.run_turn(1h);
  EXPECT_EQ(calls, 1);
  loop.run_turn(1h);
  EXPECT_EQ(calls, 2);
}

TEST(Timer, ComesByItsDeadlineAmongThousandsThatChange) {
  constexpr int kTimers = 2'000;
  EventLoop loop;
  std::mt19937 random{1};
  std::vector<Time> deadlines(kTimers, kNever);
  std::vector<Time> due;
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < kTimers; ++i) {
    const auto index = static_cast<std::size_t>(i);
    timers.push_back(std::make_unique<Timer>(loop, [&, index] {
      due.push_back(deadlines[index]);
      deadlines[index] = kNever;
    }));
  }
  for (int change = 0; change < 10 * kTimers; ++change) {
    const std::size_t index = random() % kTimers;
    deadlines[index] =
        random() % 4 == 0 ? kNever : Time{std::chrono::microseconds{random() % 1000}};
    timers[index]->arm(deadlines[index]);
  }
  const auto armed = std::ranges::count_if(deadlines, [](Time t) { return t != kNever; });
  loop.run_turn(0ms);
  EXPECT_EQ(std::ssize(due), armed);
  EXPECT_TRUE(std::ranges::is_sorted(due));
}

}  // namespace
}  // namespace parley::io

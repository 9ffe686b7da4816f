#include "server/worker_pool.h"

#include <gtest/gtest.h>

#include <latch>
#include <optional>

namespace parley::server {
namespace {

using namespace std::chrono_literals;

// Turns the loop until that is true; five seconds are too long.
template <class Predicate>
bool wait_until(io::EventLoop& loop, Predicate predicate) {
  for (int turns = 0; turns < 5'000 && !predicate(); ++turns) loop.run_turn(1ms);
  return predicate();
}

TEST(WorkerPool, WorksElsewhereAndTellsHere) {
  io::EventLoop loop;
  WorkerPool pool(loop, {});
  std::thread::id worked_on, told_on;
  pool.run([] { return std::this_thread::get_id(); },
           [&](std::thread::id id) {
             worked_on = id;
             told_on = std::this_thread::get_id();
           });
  ASSERT_TRUE(wait_until(loop, [&] { return told_on != std::thread::id(); }));
  EXPECT_EQ(told_on, std::this_thread::get_id());
  EXPECT_NE(worked_on, told_on);
}

TEST(WorkerPool, SaysWhenItIsFull) {
  io::EventLoop loop;
  std::latch started(1), go(1);
  int done = 0;
  WorkerPool pool(loop, {.threads = 1, .max_waiting = 2});
  const auto count = [&](bool) { ++done; };
  pool.run(
      [&] {
        started.count_down();
        go.wait();
        return true;
      },
      count);
  started.wait();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(pool.has_room());
    pool.run([] { return true; }, count);
  }
  EXPECT_FALSE(pool.has_room());
  go.count_down();
  EXPECT_TRUE(wait_until(loop, [&] { return done == 3; }));
  EXPECT_TRUE(pool.has_room());
}

TEST(WorkerPool, TellsNobodyOnceItIsGone) {
  io::EventLoop loop;
  bool told = false;
  int worked = 0;
  {
    std::latch started(1);
    WorkerPool pool(loop, {.threads = 1, .max_waiting = 9});
    pool.run(
        [&] {
          started.count_down();
          return ++worked;
        },
        [&](int) { told = true; });
    started.wait();
  }
  EXPECT_EQ(worked, 1);
  loop.run_turn(0ms);
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace parley::server

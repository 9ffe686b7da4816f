#include "io/loop_thread.h"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "io/signals.h"

namespace parley::io {
namespace {

TEST(LoopThread, RunsCallsOnItsOwnThreadAndWaitsForThem) {
  LoopThread thread("test");
  std::thread::id there;
  thread.run_there([&] { there = std::this_thread::get_id(); });
  EXPECT_NE(there, std::this_thread::get_id());
  std::thread::id again;
  thread.run_there([&] { again = std::this_thread::get_id(); });
  EXPECT_EQ(again, there);
}

TEST(LoopThread, FinishesItsTurnBeforeItIsGone) {
  std::atomic<int> calls = 0;
  {
    LoopThread thread("test");
    thread.run_there([&] {
      for (int i = 0; i < 100; ++i) thread.loop().defer([&] { ++calls; });
    });
  }
  EXPECT_EQ(calls, 100);
}

TEST(Signals, ComeAsCallsOnTheLoop) {
  EventLoop loop;
  std::vector<int> seen;
  {
    Signals signals(loop, {SIGTERM, SIGHUP}, [&](int signal) { seen.push_back(signal); });
    ::kill(::getpid(), SIGHUP);
    loop.run_turn(std::chrono::seconds{5});
    ::kill(::getpid(), SIGTERM);
    loop.run_turn(std::chrono::seconds{5});
  }
  EXPECT_EQ(seen, (std::vector<int>{SIGHUP, SIGTERM}));
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGTERM), 0);
}

}  // namespace
}  // namespace parley::io

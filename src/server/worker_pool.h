#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "io/event_loop.h"

namespace parley::server {

// A few threads for work that takes long, such as bcrypt. What waits is bounded: whoever comes when
// it is full is told so at once, which is better than an answer that nobody waits for any more.
class WorkerPool {
 public:
  struct Config {
    std::size_t threads = 2;
    std::size_t max_waiting = 32;  // At a quarter of a second each: four seconds for the last.
  };

  WorkerPool(io::EventLoop& loop, Config config);
  ~WorkerPool();  // What waits is dropped, what runs is finished; no `done` is called after it.
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // From the loop's thread only, as all that follows: so it stays true until run().
  bool has_room();

  // Runs `work()` on one of the threads, then `done(result)` on the loop. There must be room.
  template <class Work, class Done>
  void run(Work work, Done done) {
    push([this, work = std::move(work), done = std::move(done)]() mutable {
      post([result = work(), done = std::move(done)]() mutable { done(std::move(result)); });
    });
  }

 private:
  using Call = std::move_only_function<void()>;

  void push(Call call);
  void post(Call call);
  void work(std::stop_token stop);

  io::EventLoop& loop_;
  Config config_;
  std::shared_ptr<bool> open_ = std::make_shared<bool>(true);  // Read and written on the loop.
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Call> waiting_;  // Guarded by mutex_.
  std::vector<std::jthread> threads_;
};

}  // namespace parley::server

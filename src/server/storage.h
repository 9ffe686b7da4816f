#pragma once

#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "io/event_loop.h"
#include "store/repositories.h"

namespace parley::server {

struct StorageConfig {
  std::size_t max_queued = 10'000;    // Jobs. A disk that hangs must not eat the memory.
  std::size_t max_in_a_commit = 500;  // So that the first of a burst does not wait for the last.
};

// The store on a thread of its own, so that a disk keeps no meeting waiting.
//
//   storage.run([id](store::Store& store) { return store.users().find(id); },
//               [this](store::Result<std::optional<store::User>> user) { ... });
//
// Jobs are carried out in the order in which they were given. Those that wait while one commit is
// on its way to the disk share the next: ten messages at once cost one sync. Each job is all or
// nothing by itself; one that fails undoes none of the others.
//
// All functions are called on the loop's thread.
class Storage {
 public:
  struct Counters {
    std::size_t queued = 0;  // Jobs now, those under way among them.
    std::uint64_t jobs = 0, commits = 0;
    std::uint64_t unavailable = 0;  // Jobs that the database failed.
    std::uint64_t refused = 0;      // Jobs that found the queue full; they are `unavailable` too.
    std::chrono::microseconds busy = {};
  };

  Storage(io::EventLoop& loop, std::unique_ptr<store::Store> store, StorageConfig config = {});
  ~Storage();  // Carries out what was given. Nothing is told after it.
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  // Calls `job` with the store on the other thread, as one transaction; it owns all it needs. Then
  // calls `done` with what it returned, a Result, on the loop: when that is on the disk. Where the
  // disk did not take it, or the queue is full, `done` hears Error::kUnavailable. Never at once.
  template <std::invocable<store::Store&> Job,
            std::invocable<std::invoke_result_t<Job&, store::Store&>> Done>
  void run(Job job, Done done) {
    queue(std::make_unique<TaskOf<Job, Done>>(std::move(job), std::move(done)));
  }

  const Counters& counters() const { return counters_; }

 private:
  class Task {
   public:
    virtual ~Task() = default;
    virtual void run(store::Store& store) = 0;
    virtual void fail() = 0;    // Whatever came of it is void.
    virtual bool failed() = 0;  // By the database, not by what was asked.
    virtual void finish() = 0;
  };

  template <class Job, class Done>
  class TaskOf final : public Task {
   public:
    TaskOf(Job job, Done done) : job_(std::move(job)), done_(std::move(done)) {}

    void run(store::Store& store) override {
      result_ = store.transaction([&] { return job_(store); });
    }
    void fail() override { result_ = std::unexpected(store::Error::kUnavailable); }
    bool failed() override { return !result_ && result_.error() == store::Error::kUnavailable; }
    void finish() override { done_(std::move(result_)); }

   private:
    Job job_;
    Done done_;
    std::invoke_result_t<Job&, store::Store&> result_ = std::unexpected(store::Error::kUnavailable);
  };

  using Batch = std::vector<std::unique_ptr<Task>>;

  void queue(std::unique_ptr<Task> task);

  // On the thread.
  void work();
  Batch next_batch();  // Waits for it; empty at the end.
  void carry_out(Batch batch);

  void finish(const Batch& batch, std::chrono::microseconds took);

  io::EventLoop& loop_;
  std::unique_ptr<store::Store> store_;  // Touched on the thread alone.
  StorageConfig config_;
  Counters counters_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // Read on the loop's thread alone.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Task>> queue_;
  bool ending_ = false;

  std::jthread thread_;
};

}  // namespace parley::server

#pragma once

#include <chrono>

#include "server/storage.h"
#include "store/sqlite.h"

namespace parley::server {

// A Storage in memory, for the tests of those who use it.
class TestStorage {
 public:
  explicit TestStorage(io::EventLoop& loop) : loop_(loop) {}

  Storage& operator*() { return storage_; }
  Storage* operator->() { return &storage_; }

  // Runs the loop until nothing is under way any more, not even what was asked meanwhile.
  void settle() {
    while (storage_.counters().queued > 0) loop_.run_turn(std::chrono::seconds{1});
  }

  // Runs the job and returns what came of it.
  template <class Job>
  auto await(Job job) {
    std::optional<std::invoke_result_t<Job&, store::Store&>> result;
    storage_.run(std::move(job), [&](auto came) { result.emplace(std::move(came)); });
    while (!result) loop_.run_turn(std::chrono::seconds{1});
    return *std::move(result);
  }

 private:
  io::EventLoop& loop_;
  Storage storage_{loop_, store::open_in_memory()};
};

}  // namespace parley::server

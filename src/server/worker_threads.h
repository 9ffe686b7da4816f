#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/time.h"
#include "io/event_loop.h"
#include "io/loop_thread.h"

namespace parley::server {

// Threads of one kind. Those that relay and carry media, one a core: each runs a loop, on which a
// worker of the relay and one of media live side by side. Or mixers.
class WorkerThreads {
 public:
  // Between turns that follow quickly (io::EventLoop::set_pause). That long a packet may wait under
  // load, and in the middle half of it: little beside the 5 ms steps in which senders pace. Being
  // woken for each would cost as much as carrying it; a longer pause saves ever less.
  static constexpr Duration kPause = std::chrono::microseconds{400};

  // At least one; named "parley-KIND-0" and so on.
  explicit WorkerThreads(std::size_t count, std::string_view kind = "media");

  std::size_t size() const { return threads_.size(); }
  io::LoopThread& at(std::size_t index) { return *threads_[index]; }

 private:
  std::vector<std::unique_ptr<io::LoopThread>> threads_;
};

// A service that lives on one of them: made, used and destroyed on its thread alone.
template <class Service>
class OnThread {
 public:
  // `make(loop)` returns a unique_ptr. Calls from any other thread, as all that follow.
  template <class Make>
  OnThread(io::LoopThread& thread, Make make) : thread_(thread) {
    thread_.run_there([&] { service_ = make(thread_.loop()); });
  }
  ~OnThread() {
    thread_.run_there([this] { service_.reset(); });
  }
  OnThread(const OnThread&) = delete;
  OnThread& operator=(const OnThread&) = delete;

  // Runs `call` with the service: ask() waits until it has returned, tell() does not.
  template <class Call>
  auto ask(Call call) {
    using Result = decltype(call(*service_));
    if constexpr (std::is_void_v<Result>) {
      thread_.run_there([&] { call(*service_); });
    } else {
      std::optional<Result> result;
      thread_.run_there([&] { result.emplace(call(*service_)); });
      return *std::move(result);
    }
  }
  template <class Call>
  void tell(Call call) {
    thread_.loop().post([this, call = std::move(call)]() mutable { call(*service_); });
  }

 private:
  io::LoopThread& thread_;
  std::unique_ptr<Service> service_;
};

}  // namespace parley::server

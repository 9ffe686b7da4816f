#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "crypto/system_random.h"
#include "io/event_loop.h"
#include "io/loop_thread.h"
#include "io/port_share.h"
#include "server/relay/relay_service.h"

namespace parley::server {

// One thread with its loop and its service, which is touched there alone.
class RelayWorker {
 public:
  RelayWorker(const RelayConfig& config, io::PortShare share);
  ~RelayWorker();
  RelayWorker(const RelayWorker&) = delete;
  RelayWorker& operator=(const RelayWorker&) = delete;

  // Runs `call` with the service on the worker's thread: ask() waits until it has returned, tell()
  // does not.
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
  io::LoopThread thread_;
  crypto::SystemRandom random_;
  std::unique_ptr<RelayService> service_;
};

}  // namespace parley::server

#pragma once

#include <expected>
#include <memory>
#include <string>

#include "io/loop_thread.h"
#include "net/address.h"
#include "server/stun_service.h"

namespace parley::server {

// A StunService on a thread of its own, so that a flood of requests keeps no meeting waiting. Its
// functions are called from the thread that made it.
class StunWorker {
 public:
  static std::expected<std::unique_ptr<StunWorker>, std::string> start(
      const net::SocketAddress& address, StunService::Config config);
  ~StunWorker();

  const net::SocketAddress& address() const { return address_; }
  StunService::Counters counters();  // Waits for the worker's turn to end.

 private:
  StunWorker() : thread_("parley-stun") {}

  io::LoopThread thread_;
  std::unique_ptr<StunService> service_;  // Touched on that thread alone.
  net::SocketAddress address_;
};

}  // namespace parley::server

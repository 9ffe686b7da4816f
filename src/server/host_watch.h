#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"
#include "io/event_loop.h"
#include "server/relay_addresses.h"

namespace parley::server {

// Looks every minute whether this host has other addresses than before: IPv6 changes them each day
// (RFC 8981), a provider its prefix, and a laptop its network.
class HostWatch {
 public:
  using Read = std::function<HostAddresses()>;
  using Tell = std::function<void(const HostAddresses&)>;

  static constexpr Duration kInterval = std::chrono::minutes{1};

  // `tell` is called when they differ from `known`, then from what was told last.
  HostWatch(io::EventLoop& loop, HostAddresses known, Tell tell,
            Read read = HostAddresses::of_this_host, Duration interval = kInterval);

 private:
  void look();

  io::EventLoop& loop_;
  HostAddresses known_;
  Tell tell_;
  Read read_;
  Duration interval_;
  io::Timer timer_;
};

}  // namespace parley::server

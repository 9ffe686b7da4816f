#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"
#include "io/event_loop.h"
#include "server/address_news.h"
#include "server/relay_addresses.h"

namespace parley::server {

// Tells when this host has other addresses than before: IPv6 changes them each day (RFC 8981), a
// provider its prefix, and a laptop its network. It looks as soon as the kernel has news, though no
// more often than each `pause`, and every minute besides: where the kernel tells nothing.
class HostWatch {
 public:
  using Read = std::function<HostAddresses()>;
  using Tell = std::function<void(const HostAddresses&)>;

  static constexpr Duration kInterval = std::chrono::minutes{1};
  // A look takes a millisecond where there are a thousand addresses, and a host of many containers
  // has news all the time.
  static constexpr Duration kPause = std::chrono::milliseconds{100};

  // `tell` is called when they differ from `known`, then from what was told last.
  HostWatch(io::EventLoop& loop, HostAddresses known, Tell tell,
            Read read = HostAddresses::of_this_host, Duration interval = kInterval,
            Duration pause = kPause);

  // There is news: looks now, or once the pause is over.
  void look_soon();

 private:
  void look();

  io::EventLoop& loop_;
  HostAddresses known_;
  Tell tell_;
  Read read_;
  Duration interval_;
  Duration pause_;
  Time next_look_ = kAtOnce;  // No sooner.
  io::Timer timer_;
  AddressNews news_;
};

}  // namespace parley::server

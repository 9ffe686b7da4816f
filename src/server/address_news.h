#pragma once

#include <cstdint>

#include "io/event_loop.h"
#include "io/fd.h"

namespace parley::server {

// Hears from the kernel as soon as this host gains or loses an address, a route or a link
// (rtnetlink(7)). What it is not told; nor how often: several changes may be one piece of news.
class AddressNews final : private io::Watcher {
 public:
  // Where the system lets nobody listen there is never any.
  AddressNews(io::EventLoop& loop, io::EventLoop::Call on_news);
  ~AddressNews();
  AddressNews(const AddressNews&) = delete;
  AddressNews& operator=(const AddressNews&) = delete;

  bool is_listening() const { return fd_.is_open(); }

 private:
  void on_ready(io::Readiness readiness) override;

  io::EventLoop& loop_;
  io::EventLoop::Call on_news_;
  io::Fd fd_;
};

}  // namespace parley::server

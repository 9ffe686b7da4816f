#include "server/host_watch.h"

#include <algorithm>
#include <utility>

namespace parley::server {

HostWatch::HostWatch(io::EventLoop& loop, HostAddresses known, Tell tell, Read read,
                     Duration interval, Duration pause)
    : loop_(loop),
      known_(std::move(known)),
      tell_(std::move(tell)),
      read_(std::move(read)),
      interval_(interval),
      pause_(pause),
      timer_(loop, [this] { look(); }),
      news_(loop, [this] { look_soon(); }) {
  timer_.arm(loop_.now() + interval_);
}

void HostWatch::look_soon() {
  timer_.arm(std::max(loop_.now(), next_look_));
}

void HostWatch::look() {
  next_look_ = loop_.now() + pause_;
  timer_.arm(loop_.now() + interval_);
  HostAddresses now = read_();
  if (now == known_) return;
  known_ = std::move(now);
  tell_(known_);
}

}  // namespace parley::server

#include "server/host_watch.h"

#include <utility>

namespace parley::server {

HostWatch::HostWatch(io::EventLoop& loop, HostAddresses known, Tell tell, Read read,
                     Duration interval)
    : loop_(loop),
      known_(std::move(known)),
      tell_(std::move(tell)),
      read_(std::move(read)),
      interval_(interval),
      timer_(loop, [this] { look(); }) {
  timer_.arm(loop_.now() + interval_);
}

void HostWatch::look() {
  timer_.arm(loop_.now() + interval_);
  HostAddresses now = read_();
  if (now == known_) return;
  known_ = std::move(now);
  tell_(known_);
}

}  // namespace parley::server

#include "server/media/media_workers.h"

#include <latch>
#include <utility>

namespace parley::server {

MediaWorkers::MediaWorkers(WorkerThreads& threads, stun::BindingServerConfig binding) {
  for (std::size_t i = 0; i < threads.size(); ++i) {
    workers_.push_back(
        std::make_unique<OnThread<MediaService>>(threads.at(i), [&](io::EventLoop& loop) {
          return std::make_unique<MediaService>(loop, binding, random_);
        }));
  }
}

MediaWorkers::Listening MediaWorkers::listen(const net::SocketAddress& first) {
  std::vector<net::SocketAddress> taken;
  for (const auto& worker : workers_) {
    net::SocketAddress address = first;
    if (first.port != 0) address.port = static_cast<std::uint16_t>(first.port + taken.size());
    auto port = worker->ask([&](MediaService& service) { return service.listen(address); });
    if (!port) {
      for (const auto& one : workers_) {
        one->ask([](MediaService& service) { service.stop_listening(); });
      }
      return port;
    }
    taken.push_back(*port);
  }
  for (const net::SocketAddress& one : taken) ports_.push_back(one.port);
  return taken.front();
}

std::vector<MediaCounters> MediaWorkers::counters() {
  std::vector<MediaCounters> each(workers_.size());
  std::latch done(static_cast<std::ptrdiff_t>(workers_.size()));
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->tell([&, i](MediaService& service) {
      each[i] = service.counters();
      done.count_down();
    });
  }
  done.wait();
  return each;
}

}  // namespace parley::server

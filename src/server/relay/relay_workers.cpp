#include "server/relay/relay_workers.h"

#include <latch>
#include <utility>

namespace parley::server {
namespace {

// A port that is free for UDP may be taken for TCP: then another one is tried.
constexpr int kPortAttempts = 16;

}  // namespace

RelayWorkers::RelayWorkers(WorkerThreads& threads, RelayConfig config) {
  const auto count = static_cast<unsigned>(threads.size());
  for (unsigned i = 0; i < count; ++i) {
    workers_.push_back(
        std::make_unique<OnThread<RelayService>>(threads.at(i), [&](io::EventLoop& loop) {
          return std::make_unique<RelayService>(loop, config, io::PortShare{i, count}, random_);
        }));
  }
  if (count == 1) return;
  for (const auto& worker : workers_) {
    worker->ask([this](RelayService& service) {
      service.set_pass_on(
          [this](unsigned to, const net::Path& path, Bytes packet) { pass_on(to, path, packet); });
    });
  }
}

RelayWorkers::~RelayWorkers() {
  // Before the first of them is gone.
  for (const auto& worker : workers_) {
    worker->ask([](RelayService& service) { service.set_pass_on({}); });
  }
}

void RelayWorkers::pass_on(unsigned worker, const net::Path& path, Bytes packet) {
  workers_[worker]->tell([path, packet = std::vector(packet.begin(), packet.end())](
                             RelayService& service) { service.on_passed_on(path, packet); });
}

// One after the other, as io::PortShare wants it; all or none.
template <class Call>
RelayWorkers::Listening RelayWorkers::listen_all(net::SocketAddress address, Call call) {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    auto taken = workers_[i]->ask([&](RelayService& service) { return call(service, address); });
    if (!taken) {
      if (i > 0) stop_listening(address);
      return taken;
    }
    address = *taken;
  }
  return address;
}

void RelayWorkers::stop_listening(const net::SocketAddress& address) {
  for (const auto& worker : workers_) {
    worker->ask([&](RelayService& service) { service.stop_listening(address); });
  }
}

RelayWorkers::Listening RelayWorkers::listen(const net::SocketAddress& address) {
  for (int attempts_left = kPortAttempts;; --attempts_left) {
    const auto udp = listen_udp(address);
    if (!udp) return udp;
    auto tcp = listen_all(*udp, [](RelayService& service, const net::SocketAddress& at) {
      return service.listen_tcp(at);
    });
    if (tcp) return tcp;
    stop_listening(*udp);
    if (address.port != 0 || attempts_left == 1) return tcp;
  }
}

RelayWorkers::Listening RelayWorkers::listen_udp(const net::SocketAddress& address) {
  return listen_all(address, [](RelayService& service, const net::SocketAddress& at) {
    return service.listen_udp(at);
  });
}

RelayWorkers::Listening RelayWorkers::listen_tls(const net::SocketAddress& address) {
  return listen_all(address, [](RelayService& service, const net::SocketAddress& at) {
    return service.listen_tls(at);
  });
}

// All three or none.
RelayWorkers::Listening RelayWorkers::listen_extra(stun::DiscoveryAddresses& addresses) {
  const auto first = listen_udp({addresses.primary.ip, addresses.alternate.port});
  if (!first) return first;
  addresses.alternate.port = first->port;
  std::vector<net::SocketAddress> listening{*first};
  for (const std::uint16_t port : {addresses.primary.port, addresses.alternate.port}) {
    const auto taken = listen_udp({addresses.alternate.ip, port});
    if (!taken) {
      for (const net::SocketAddress& each : listening) stop_listening(each);
      return taken;
    }
    listening.push_back(*taken);
  }
  return first;
}

std::expected<stun::DiscoveryAddresses, std::string> RelayWorkers::listen_discovery(
    const net::SocketAddress& primary, const net::SocketAddress& alternate) {
  for (int attempts_left = kPortAttempts;; --attempts_left) {
    stun::DiscoveryAddresses addresses{.primary = primary, .alternate = alternate};
    const auto taken = listen_extra(addresses);
    if (taken) return addresses;
    if (alternate.port != 0 || attempts_left == 1) return std::unexpected(taken.error());
  }
}

void RelayWorkers::serve(std::optional<turn::ServerConfig> turn,
                         std::optional<stun::DiscoveryAddresses> discovery) {
  if (turn) random_.fill(turn->ticket_key.emplace());
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (turn) turn->instance = static_cast<std::uint16_t>(i);
    if (turn) turn->relay_ports = &relay_ports_;
    workers_[i]->ask([&](RelayService& service) { service.serve(turn, discovery); });
  }
}

void RelayWorkers::set_secrets(const std::vector<std::string>& secrets) {
  for (const auto& worker : workers_) {
    worker->tell([secrets](RelayService& service) { service.set_secrets(secrets); });
  }
}

void RelayWorkers::set_host(const std::vector<net::IpAddress>& own,
                            const std::vector<net::Network>& neighbours) {
  for (const auto& worker : workers_) {
    worker->tell([own, neighbours](RelayService& service) { service.set_host(own, neighbours); });
  }
}

void RelayWorkers::set_certificate(std::shared_ptr<const tls::Context> certificate) {
  for (const auto& worker : workers_) {
    worker->tell([certificate](RelayService& service) { service.set_certificate(certificate); });
  }
}

void RelayWorkers::adopt(tls::Handover connection, const net::SocketAddress& local) {
  const unsigned share = io::share_of(connection.peer.ip, static_cast<unsigned>(workers_.size()));
  workers_[share]->tell([connection = std::move(connection), local](RelayService& service) mutable {
    service.adopt(std::move(connection), local);
  });
}

io::UdpSocket* RelayWorkers::share(std::size_t worker, PortSharer& sharer) {
  return workers_[worker]->ask([&](RelayService& service) { return service.share(sharer); });
}

void RelayWorkers::stop_sharing() {
  for (const auto& worker : workers_) {
    worker->ask([](RelayService& service) { service.stop_sharing(); });
  }
}

RelayCounters RelayWorkers::counters() {
  std::vector<RelayCounters> each(workers_.size());
  std::latch done(static_cast<std::ptrdiff_t>(workers_.size()));
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->tell([&, i](RelayService& service) {
      each[i] = service.counters();
      done.count_down();
    });
  }
  done.wait();
  RelayCounters sum;
  for (const RelayCounters& one : each) sum += one;
  return sum;
}

}  // namespace parley::server

#include "server/stun_service.h"

#include <unistd.h>

#include <utility>

#include "io/tcp.h"
#include "stun/stream_framer.h"

namespace parley::server {
namespace {

// A port that is free for UDP may be taken for TCP: then another one is tried.
constexpr int kPortAttempts = 16;

}  // namespace

// One client over TCP (RFC 8489, 6.2.2): asks as often as it likes, and closes when it is done.
class StunService::Connection final : private io::TcpStream::Handler {
 public:
  Connection(StunService& service, int fd, const net::SocketAddress& peer)
      : service_(service),
        framer_(service.config_.max_message),
        stream_(service.loop_, fd, peer, *this, {.max_queued = service.config_.max_queued}),
        idle_(service.loop_, [this] { end(service_.counters_.closed_idle); }) {
    rest();
  }

  const net::SocketAddress& peer() const { return stream_.peer(); }

 private:
  void on_data(Bytes data) override {
    rest();
    framer_.append(data);
    auto next = framer_.next();
    for (; next && *next; next = framer_.next()) {
      const auto answer = service_.binding_.handle(service_.loop_.now(), peer(), **next);
      if (answer) stream_.send(SharedBytes(Bytes(*answer)));
    }
    if (!next) end(service_.counters_.closed_malformed);
  }

  void on_ended(io::StreamEnd why) override {
    if (why == io::StreamEnd::kSlowReader) ++service_.counters_.closed_slow;
    service_.remove(*this);
  }

  void rest() { idle_.arm(service_.loop_.now() + service_.config_.idle_timeout); }

  void end(std::uint64_t& counter) {
    ++counter;
    service_.remove(*this);
  }

  StunService& service_;
  stun::StreamFramer framer_;
  io::TcpStream stream_;
  io::Timer idle_;
};

StunService::StunService(io::EventLoop& loop, Config config, Random& random)
    : loop_(loop), config_(std::move(config)), binding_(config_.binding, random) {}

StunService::~StunService() = default;

std::expected<std::unique_ptr<StunService>, std::string> StunService::start(
    io::EventLoop& loop, const net::SocketAddress& address, Config config, Random& random) {
  std::unique_ptr<StunService> service(new StunService(loop, std::move(config), random));
  std::expected<void, std::string> listening;
  for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
    listening = service->listen(address);
    if (listening) return service;
    if (address.port != 0) break;
  }
  return std::unexpected(std::move(listening.error()));
}

std::expected<void, std::string> StunService::listen(const net::SocketAddress& address) {
  auto udp = io::UdpSocket::open(loop_, address, *this);
  if (!udp) return std::unexpected(std::move(udp.error()));
  const net::SocketAddress taken{address.ip, (*udp)->address().port};
  auto tcp = io::TcpListener::listen(
      loop_, taken, [this](int fd, const net::SocketAddress& peer) { accept(fd, peer); });
  if (!tcp) return std::unexpected(std::move(tcp.error()));
  udp_ = *std::move(udp);
  tcp_ = *std::move(tcp);
  return {};
}

StunService::Counters StunService::counters() const {
  Counters counters = counters_;
  counters.binding = binding_.counters();
  counters.udp = udp_->counters();
  counters.open_connections = connections_.size();
  return counters;
}

void StunService::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& [path, payload] : datagrams) {
    const auto answer = binding_.handle(loop_.now(), path.remote, payload);
    if (answer) udp_->send(path, *answer);
  }
}

void StunService::accept(int fd, const net::SocketAddress& peer) {
  if (!has_room_for(peer.ip)) {
    ::close(fd);
    return;
  }
  ++counters_.connections;
  ++connections_from_[peer.ip];
  auto connection = std::make_unique<Connection>(*this, fd, peer);
  const Connection* const key = connection.get();
  connections_.emplace(key, std::move(connection));
}

bool StunService::has_room_for(const net::IpAddress& ip) {
  if (connections_.size() >= config_.max_connections) {
    ++counters_.refused_full;
    return false;
  }
  const auto from = connections_from_.find(ip);
  if (from == connections_from_.end() || ip.is_loopback()) return true;
  if (from->second < config_.max_connections_per_address) return true;
  ++counters_.refused_address;
  return false;
}

void StunService::remove(const Connection& connection) {
  const auto from = connections_from_.find(connection.peer().ip);
  if (--from->second == 0) connections_from_.erase(from);
  connections_.erase(&connection);
}

}  // namespace parley::server

#include "io/path_sockets.h"

#include <algorithm>
#include <utility>

#include "base/shared_bytes.h"
#include "io/bind.h"

namespace parley::io {

class PathSockets::Udp final : private UdpSocket::Handler {
 public:
  explicit Udp(PathSockets& owner) : owner_(owner) {}

  std::expected<void, std::string> open(const net::SocketAddress& address) {
    auto socket = UdpSocket::open(owner_.loop_, address, *this, owner_.config_.udp);
    if (!socket) return std::unexpected(std::move(socket.error()));
    socket_ = *std::move(socket);
    address_ = socket_->address();
    return {};
  }

  UdpSocket& socket() { return *socket_; }
  const net::SocketAddress& address() const { return address_; }

  // Whether datagrams leave here that are said to leave from `local`.
  bool serves(const net::SocketAddress& local) const {
    return address_ == local || (address_.ip.is_any() && address_.port == local.port);
  }

 private:
  void on_datagrams(std::span<const ReceivedDatagram> datagrams) override {
    Lifeline::Guard guard(lifeline_);
    for (const ReceivedDatagram& datagram : datagrams) {
      const net::Path path{.transport = net::Transport::kUdp,
                           .local = {datagram.path.local, address_.port},
                           .remote = datagram.path.remote};
      owner_.handler_.on_packet(path, datagram.payload);
      if (!guard.alive()) return;
    }
  }

  PathSockets& owner_;
  std::unique_ptr<UdpSocket> socket_;
  net::SocketAddress address_;
  Lifeline lifeline_;
};

class PathSockets::Connection final : private TcpStream::Handler {
 public:
  Connection(PathSockets& owner, Fd fd, const net::Path& path, bool accepted)
      : owner_(owner),
        path_(path),
        accepted_(accepted),
        stream_(owner.loop_, fd.release(), path.remote, *this,
                {.max_queued = owner.config_.max_queued}) {}

  bool is_accepted() const { return accepted_; }

  void send(Bytes packet) {
    stream_.send(net::PacketFramer::header(packet.size()), SharedBytes(packet));
  }

 private:
  void on_data(Bytes data) override {
    Lifeline::Guard guard(lifeline_);
    framer_.append(data);
    while (const auto packet = framer_.next()) {
      owner_.handler_.on_packet(path_, *packet);
      if (!guard.alive()) return;
    }
  }

  void on_ended(StreamEnd) override {
    PathSockets& owner = owner_;
    const net::Path path = path_;
    owner.forget(path);  // And this with it.
    owner.handler_.on_disconnected(path);
  }

  PathSockets& owner_;
  net::Path path_;
  bool accepted_;
  net::PacketFramer framer_;
  Lifeline lifeline_;
  TcpStream stream_;
};

PathSockets::PathSockets(EventLoop& loop, Handler& handler, Config config)
    : loop_(loop), handler_(handler), config_(config) {}

PathSockets::~PathSockets() = default;

std::expected<net::SocketAddress, std::string> PathSockets::open_udp(
    const net::SocketAddress& address) {
  auto udp = std::make_unique<Udp>(*this);
  if (auto opened = udp->open(address); !opened) return std::unexpected(std::move(opened.error()));
  return udp_.emplace_back(std::move(udp))->address();
}

std::expected<net::SocketAddress, std::string> PathSockets::listen_tcp(
    const net::SocketAddress& address) {
  auto listener = TcpListener::listen(
      loop_, address, [this](int fd, const net::SocketAddress& peer) { accept(Fd(fd), peer); });
  if (!listener) return std::unexpected(std::move(listener.error()));
  return listeners_.emplace_back(*std::move(listener))->address();
}

void PathSockets::close_local(const net::SocketAddress& address) {
  std::erase_if(udp_, [&](const auto& udp) { return udp->address() == address; });
  std::erase_if(listeners_, [&](const auto& listener) { return listener->address() == address; });
}

void PathSockets::connect(const net::Path& path) {
  if (connecting_.contains(path)) return;
  connecting_[path] =
      std::make_unique<TcpConnector>(loop_, path.local, path.remote, config_.connect_limit,
                                     [this, path](Fd fd) { on_connect_done(path, std::move(fd)); });
}

void PathSockets::close(const net::Path& path) {
  connecting_.erase(path);
  forget(path);
}

void PathSockets::send(const net::Path& path, Bytes packet) {
  if (path.transport == net::Transport::kUdp) {
    if (UdpSocket* const socket = find_udp(path.local)) {
      socket->send({.remote = path.remote, .local = path.local.ip}, packet);
    } else {
      ++counters_.dropped_no_path;
    }
    return;
  }
  const auto connection = connections_.find(path);
  if (connection == connections_.end()) {
    ++counters_.dropped_no_path;
  } else if (packet.size() > net::PacketFramer::kMaxPacket) {
    ++counters_.dropped_too_long;
  } else {
    connection->second->send(packet);
  }
}

PathSockets::Counters PathSockets::counters() const {
  Counters counters = counters_;
  for (const auto& udp : udp_) counters.udp += udp->socket().counters();
  return counters;
}

void PathSockets::accept(Fd fd, const net::SocketAddress& peer) {
  if (accepted_ >= config_.max_accepted) {
    ++counters_.tcp_refused;
    return;
  }
  ++counters_.tcp_accepted;
  ++accepted_;
  const net::Path path{
      .transport = net::Transport::kTcp, .local = bound_address(fd), .remote = peer};
  connections_[path] = std::make_unique<Connection>(*this, std::move(fd), path, true);
}

void PathSockets::on_connect_done(const net::Path& asked, Fd fd) {
  const auto done = connecting_.extract(asked);  // The caller: kept until we return.
  if (!fd.is_open()) return handler_.on_disconnected(asked);
  ++counters_.tcp_connected;
  const net::Path actual{
      .transport = net::Transport::kTcp, .local = bound_address(fd), .remote = asked.remote};
  connections_[actual] = std::make_unique<Connection>(*this, std::move(fd), actual, false);
  handler_.on_connected(asked, actual);
}

void PathSockets::forget(const net::Path& path) {
  const auto gone = connections_.extract(path);
  if (!gone.empty() && gone.mapped()->is_accepted()) --accepted_;
}

UdpSocket* PathSockets::find_udp(const net::SocketAddress& local) {
  const auto found =
      std::ranges::find_if(udp_, [&](const auto& udp) { return udp->serves(local); });
  return found == udp_.end() ? nullptr : &(*found)->socket();
}

}  // namespace parley::io

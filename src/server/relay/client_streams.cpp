#include "server/relay/client_streams.h"

#include <utility>

namespace parley::server {

ClientStreams::ClientStreams(io::EventLoop& loop, const RelayConfig& config, Handler& handler)
    : loop_(loop), config_(config), handler_(handler) {}

ClientStreams::~ClientStreams() = default;

std::expected<net::SocketAddress, std::string> ClientStreams::listen(
    const net::SocketAddress& address, bool with_tls, io::PortShare share) {
  // The listener tells nobody before it is known where it listens.
  auto local = std::make_shared<net::SocketAddress>(address);
  auto socket = io::TcpListener::listen(
      loop_, address,
      [this, local, with_tls](int fd, const net::SocketAddress& peer) {
        accept(io::Fd(fd), peer, *local, with_tls);
      },
      share);
  if (!socket) return std::unexpected(std::move(socket.error()));
  *local = (*socket)->address();
  listeners_.push_back({*local, *std::move(socket)});
  return *local;
}

void ClientStreams::stop_listening(const net::SocketAddress& address) {
  std::erase_if(listeners_, [&](const Listener& one) { return one.address == address; });
}

void ClientStreams::set_certificate(std::shared_ptr<const tls::Context> certificate) {
  certificate_ = std::move(certificate);
}

void ClientStreams::accept(io::Fd fd, const net::SocketAddress& peer,
                           const net::SocketAddress& local, bool with_tls) {
  if (with_tls && certificate_ == nullptr) return;
  tls::Handover connection{.fd = std::move(fd), .peer = peer};
  if (with_tls) connection.session = tls::Session::accept(*certificate_, tls::kTurnAndStun);
  adopt(std::move(connection), local);
}

void ClientStreams::adopt(tls::Handover connection, const net::SocketAddress& local) {
  const net::Path path{net::Transport::kTcp, local, connection.peer};
  if (streams_.contains(path) || !has_room_for(connection.peer.ip)) return;
  ++counters_.streams;
  streams_from_.add(connection.peer.ip);
  const std::uint64_t id = ++last_id_;
  auto stream = std::make_unique<ClientStream>(*this, std::move(connection), path, id);
  strangers_.emplace(id, stream.get());
  streams_.emplace(path, std::move(stream));
}

bool ClientStreams::has_room_for(const net::IpAddress& ip) {
  if (streams_from_.of(ip) >= config_.max_streams_per_address) {
    ++counters_.refused_address;
    return false;
  }
  if (streams_.size() < config_.max_streams || turn_away_oldest_stranger()) return true;
  ++counters_.refused_full;
  return false;
}

bool ClientStreams::turn_away_oldest_stranger() {
  while (!strangers_.empty()) {
    ClientStream& oldest = *strangers_.begin()->second;
    strangers_.erase(strangers_.begin());
    if (oldest.is_used()) continue;
    end(oldest, counters_.closed_for_room);
    return true;
  }
  return false;
}

void ClientStreams::send_answer(const net::Path& path, Bytes packet) {
  if (ClientStream* const stream = find(path)) stream->send(packet);
}

void ClientStreams::send_data(const net::Path& path, Bytes packet) {
  ClientStream* const stream = find(path);
  if (stream == nullptr) return;
  if (stream->queued() > config_.max_queued_data) {
    ++counters_.dropped_full;
  } else {
    stream->send(packet);
  }
}

ClientStream* ClientStreams::find(const net::Path& path) {
  const auto stream = streams_.find(path);
  return stream == streams_.end() ? nullptr : stream->second.get();
}

void ClientStreams::end(ClientStream& stream, std::uint64_t& counter) {
  ++counter;
  remove(stream);
}

void ClientStreams::remove(ClientStream& stream) {
  streams_from_.remove(stream.path().remote.ip);
  strangers_.erase(stream.id());
  // It is still there, for who is joined to it, when its end is told.
  const auto removed = streams_.extract(stream.path());
  handler_.on_stream_closed(removed.key());
}

}  // namespace parley::server

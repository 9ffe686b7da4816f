#include "server/relay/peer_streams.h"

#include <algorithm>
#include <utility>

#include "server/relay/peer_stream.h"

namespace parley::server {

PeerStreams::PeerStreams(io::EventLoop& loop, const RelayConfig& config, Handler& handler)
    : loop_(loop), config_(config), handler_(handler) {}

PeerStreams::~PeerStreams() = default;

bool PeerStreams::listen(turn::RelayId id, const net::SocketAddress& local) {
  auto listener = io::TcpListener::listen(
      loop_, local,
      [this, id](int fd, const net::SocketAddress& peer) { accept(id, io::Fd(fd), peer); },
      io::kListenerAmongConnectors);
  if (!listener) return false;
  listeners_.emplace(id, *std::move(listener));
  return true;
}

void PeerStreams::stop_listening(turn::RelayId id) {
  listeners_.erase(id);
}

void PeerStreams::accept(turn::RelayId relay, io::Fd fd, const net::SocketAddress& peer) {
  const auto id = handler_.on_peer_accepted(relay, peer);
  if (!id) return;
  auto stream = std::make_unique<PeerStream>(*this, *id, peer);
  stream->keep(std::move(fd));
  streams_.emplace(*id, std::move(stream));
}

void PeerStreams::connect(turn::ConnectionId id, const net::SocketAddress& local,
                          const net::SocketAddress& peer) {
  auto stream = std::make_unique<PeerStream>(*this, id, peer);
  stream->connect(local);
  streams_.emplace(id, std::move(stream));
}

void PeerStreams::join(turn::ConnectionId id, ClientStream& client) {
  const auto stream = streams_.find(id);
  if (stream == streams_.end()) return client.finish();
  ++counters_.joins;
  stream->second->join(client);
}

void PeerStreams::close(turn::ConnectionId id) {
  const auto stream = streams_.find(id);
  if (stream != streams_.end() && !stream->second->close()) streams_.erase(stream);
}

std::size_t PeerStreams::joined() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(streams_, [](const auto& one) { return one.second->is_joined(); }));
}

}  // namespace parley::server

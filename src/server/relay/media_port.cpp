#include "server/relay/media_port.h"

#include <utility>

namespace parley::server {

std::expected<std::unique_ptr<MediaPort>, std::string> MediaPort::open(
    io::EventLoop& loop, const net::SocketAddress& address, stun::BindingServer& binding) {
  std::unique_ptr<MediaPort> port(new MediaPort(loop, binding));
  auto socket = io::UdpSocket::open(loop, address, *port);
  if (!socket) return std::unexpected(std::move(socket.error()));
  port->socket_ = *std::move(socket);
  return port;
}

void MediaPort::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& [path, payload] : datagrams) {
    const auto answer = binding_.handle(loop_.now(), path.remote, payload);
    if (answer) socket_->send(path, *answer);
  }
}

}  // namespace parley::server

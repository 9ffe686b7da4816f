#include "server/relay/client_port.h"

#include <utility>

namespace parley::server {

std::expected<std::unique_ptr<ClientPort>, std::string> ClientPort::open(
    io::EventLoop& loop, const net::SocketAddress& address, io::PortShare share, Handler& handler,
    bool in_runs) {
  std::unique_ptr<ClientPort> port(new ClientPort(handler));
  io::UdpSocket::Config config;
  config.max_datagram = io::UdpSocket::kMaxDatagram;
  config.in_runs = in_runs;
  config.share = share;
  auto socket = io::UdpSocket::open(loop, address, *port, config);
  if (!socket) return std::unexpected(std::move(socket.error()));
  port->socket_ = *std::move(socket);
  port->address_ = port->socket_->address();
  port->serves_all_ = port->address_.ip.is_any();
  return port;
}

void ClientPort::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& [path, payload] : datagrams) {
    handler_.on_packet({.transport = net::Transport::kUdp,
                        .local = {path.local, address_.port},
                        .remote = path.remote},
                       payload);
  }
  handler_.on_batch_end();
}

}  // namespace parley::server

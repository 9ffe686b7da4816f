#include "server/media/media_service.h"

#include <utility>

namespace parley::server {

MediaService::MediaService(io::EventLoop& loop, stun::BindingServerConfig binding, Random& random)
    : loop_(loop), binding_(std::move(binding), random) {}

MediaService::Listening MediaService::listen(const net::SocketAddress& address) {
  auto socket = io::UdpSocket::open(loop_, address, *this);
  if (!socket) return std::unexpected(std::move(socket.error()));
  udp_ = *std::move(socket);
  return udp_->address();
}

void MediaService::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& [path, payload] : datagrams) {
    const auto answer = binding_.handle(loop_.now(), path.remote, payload);
    if (answer) udp_->send(path, *answer);
  }
}

MediaCounters MediaService::counters() const {
  MediaCounters counters{.binding = binding_.counters()};
  if (udp_ != nullptr) counters.udp = udp_->counters();
  return counters;
}

}  // namespace parley::server

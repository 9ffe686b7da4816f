#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>

#include "io/event_loop.h"
#include "io/udp.h"
#include "net/address.h"
#include "stun/binding_server.h"

namespace parley::server {

// The UDP port of one worker's media. Until there is media, it tells clients which address they are
// seen under there: whoever asks here and at the STUN port from one socket learns what kind of NAT
// it is behind (RFC 5780, 4.3).
class MediaPort final : private io::UdpSocket::Handler {
 public:
  // Both outlive it. The error is for the operator.
  static std::expected<std::unique_ptr<MediaPort>, std::string> open(
      io::EventLoop& loop, const net::SocketAddress& address, stun::BindingServer& binding);

  net::SocketAddress address() const { return socket_->address(); }
  io::UdpSocket::Counters counters() const { return socket_->counters(); }

 private:
  MediaPort(io::EventLoop& loop, stun::BindingServer& binding) : loop_(loop), binding_(binding) {}
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;

  io::EventLoop& loop_;
  stun::BindingServer& binding_;
  std::unique_ptr<io::UdpSocket> socket_;
};

}  // namespace parley::server

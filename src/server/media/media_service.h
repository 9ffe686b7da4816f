#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>

#include "base/random.h"
#include "io/event_loop.h"
#include "io/udp.h"
#include "net/address.h"
#include "server/media/media_counters.h"
#include "stun/binding_server.h"

namespace parley::server {

// One worker's media on its loop, and the port that it has for itself.
//
// Whoever asks there by a plain STUN Binding request is told which address it is seen under: who
// asks at the STUN port from the same socket learns what kind of NAT it is behind (RFC 5780, 4.3).
class MediaService final : private io::UdpSocket::Handler {
 public:
  using Listening = std::expected<net::SocketAddress, std::string>;

  // `loop` and `random` outlive it.
  MediaService(io::EventLoop& loop, stun::BindingServerConfig binding, Random& random);

  // The error is for the operator.
  Listening listen(const net::SocketAddress& address);
  void stop_listening() { udp_.reset(); }

  MediaCounters counters() const;

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;

  io::EventLoop& loop_;
  stun::BindingServer binding_;
  std::unique_ptr<io::UdpSocket> udp_;
};

}  // namespace parley::server

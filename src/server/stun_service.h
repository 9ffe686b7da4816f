#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "base/random.h"
#include "base/time.h"
#include "io/event_loop.h"
#include "io/tcp_listener.h"
#include "io/udp.h"
#include "net/address.h"
#include "stun/binding_server.h"

namespace parley::server {

// Serves STUN Binding on one address, by UDP and by TCP: sockets on this side, stun::BindingServer
// on the other. Lives on one loop.
class StunService final : private io::UdpSocket::Handler {
 public:
  struct Config {
    stun::BindingServerConfig binding = {};
    // Over TCP each client costs a descriptor and about a kilobyte. Loopback is exempt from the
    // second limit: test machines and proxies.
    std::size_t max_connections = 1'000;
    std::size_t max_connections_per_address = 20;
    Duration idle_timeout = std::chrono::seconds{30};
    std::size_t max_message = 2'048;  // Over TCP; a Binding request needs a few hundred bytes.
    std::size_t max_queued = 16'384;  // Answers to one client that does not read.
  };

  struct Counters {
    stun::BindingServer::Counters binding = {};
    io::UdpSocket::Counters udp = {};
    std::size_t open_connections = 0;
    std::uint64_t connections = 0;
    std::uint64_t refused_full = 0, refused_address = 0;
    std::uint64_t closed_idle = 0, closed_malformed = 0, closed_slow = 0;
  };

  // "::" serves IPv4 as well. Port 0 takes one that is free for both protocols. The error is for
  // the operator. `random` is used during the call only.
  static std::expected<std::unique_ptr<StunService>, std::string> start(
      io::EventLoop& loop, const net::SocketAddress& address, Config config, Random& random);
  ~StunService();

  net::SocketAddress address() const { return udp_->address(); }
  Counters counters() const;

 private:
  class Connection;

  StunService(io::EventLoop& loop, Config config, Random& random);
  std::expected<void, std::string> listen(const net::SocketAddress& address);
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;
  void accept(int fd, const net::SocketAddress& peer);
  bool has_room_for(const net::IpAddress& ip);
  void remove(const Connection& connection);  // Destroys it.

  io::EventLoop& loop_;
  Config config_;
  stun::BindingServer binding_;
  Counters counters_;  // What is not counted by the parts.
  std::unique_ptr<io::UdpSocket> udp_;
  std::unique_ptr<io::TcpListener> tcp_;
  std::unordered_map<const Connection*, std::unique_ptr<Connection>> connections_;
  std::unordered_map<net::IpAddress, std::size_t> connections_from_;  // No entry is zero.
};

}  // namespace parley::server

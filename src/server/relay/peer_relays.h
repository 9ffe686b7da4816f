#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "io/event_loop.h"
#include "io/turn_end.h"
#include "io/udp.h"
#include "net/address.h"
#include "turn/server_output.h"

namespace parley::server {

// The relayed addresses: a UDP socket for each.
class PeerRelays final : private io::TurnEnd {
 public:
  class Handler {
   public:
    // `packet` has the room around it that the engine needs.
    virtual void on_peer_packet(turn::RelayId relay, const net::SocketAddress& peer,
                                turn::PeerPacket packet) = 0;
    virtual void on_icmp_error(turn::RelayId relay, const net::SocketAddress& peer,
                               const turn::IcmpError& error) = 0;

   protected:
    ~Handler() = default;
  };

  PeerRelays(io::EventLoop& loop, Handler& handler, bool in_runs = true);
  ~PeerRelays();

  // False: the port is taken, or descriptors have run out.
  bool open(turn::RelayId id, const net::SocketAddress& local);
  void close(turn::RelayId id);  // Nothing if there is none. What was sent before still leaves.
  void send(const turn::ToPeer& packet);

  std::size_t open_relays() const { return relays_.size(); }
  io::UdpSocket::Counters counters() const;  // Also of those that are closed.

 private:
  class Relay;

  void on_turn_end() override;

  io::EventLoop& loop_;
  Handler& handler_;
  bool in_runs_;  // GSO and GRO.
  std::unordered_map<turn::RelayId, std::unique_ptr<Relay>> relays_;
  std::vector<std::unique_ptr<Relay>> closing_;  // Until they have sent what this turn brought.
  io::UdpSocket::Counters closed_ = {};
};

}  // namespace parley::server

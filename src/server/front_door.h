#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/time.h"
#include "io/event_loop.h"
#include "io/tcp_listener.h"
#include "net/address.h"
#include "net/first_bytes.h"
#include "net/source_counts.h"
#include "tls/context.h"
#include "tls/stream.h"

namespace parley::server {

struct FrontDoorConfig {
  // From a connection's first packet until it is known what it speaks, TLS's handshake included.
  Duration time_limit = std::chrono::seconds{10};
  // Whose protocol is not known yet; each costs a descriptor, and TLS some 20 KiB. One more, and
  // the one that has waited longest has to go: a flood cannot keep out who speaks at once.
  std::size_t max_waiting = 4'000;
  std::size_t max_waiting_per_address = 200;  // Of IPv6 a /64. Loopback is exempt.
};

// One TCP port on which everything is spoken: HTTPS and WSS, TURN over TLS and over plain TCP,
// STUN, and ICE over TCP. Finds out by a connection's first bytes, then within TLS by ALPN, and
// without ALPN by the first decrypted bytes; and hands the connection to whom it is for, with all
// that has come and nothing lost.
//
// Who says nothing, or nothing that we know, is closed. Plain HTTP goes to the HTTP server, which
// sends it to HTTPS.
class FrontDoor {
 public:
  struct Behind {
    std::move_only_function<void(tls::Handover)> http = {};
    // STUN and TURN, with the address that we listen on. Null: there is no such server.
    std::move_only_function<void(tls::Handover, const net::SocketAddress& local)> relay = {};
    // ICE over TCP, without TLS. Null: there is no media.
    std::move_only_function<void(tls::Handover, const net::SocketAddress& local)> media = {};
  };

  struct Counters {
    std::uint64_t https = 0, http = 0, turn_tls = 0, turn_tcp = 0, ice_tcp = 0, unknown = 0;
    std::uint64_t silent = 0;  // Not known within the time, or had to go for others.
    std::uint64_t gone = 0;    // Closed by the client before it was known.
    std::uint64_t tls_failures = 0, refused_address = 0;
    std::size_t waiting = 0;
  };

  FrontDoor(io::EventLoop& loop, FrontDoorConfig config, Behind behind);
  ~FrontDoor();

  // For who comes from now on; before listen().
  void set_certificate(std::shared_ptr<const tls::Context> certificate);

  // The address in force, with the port that was taken. The error is for the operator.
  std::expected<net::SocketAddress, std::string> listen(const net::SocketAddress& address);
  // Takes nobody in any more; who waits is closed.
  void stop();

  const Counters& counters() const { return counters_; }

 private:
  class Arrival;
  using Arrivals = std::map<std::uint64_t, std::unique_ptr<Arrival>>;  // In the order of arrival.

  void accept(io::Fd fd, const net::SocketAddress& peer);
  void hand_over(net::Spoken spoken, tls::Handover handover);
  void remove(std::uint64_t id);  // Destroys it.
  void turn_away_oldest();
  void check_deadlines();

  io::EventLoop& loop_;
  const FrontDoorConfig config_;
  Behind behind_;
  Counters counters_;
  std::shared_ptr<const tls::Context> certificate_;
  std::uint64_t next_id_ = 0;
  Arrivals arrivals_;
  net::SourceCounts waiting_from_;
  io::Timer deadline_;
  std::unique_ptr<io::TcpListener> listener_;
};

}  // namespace parley::server

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "io/event_loop.h"
#include "io/fd.h"
#include "io/turn_end.h"
#include "net/first_bytes.h"
#include "server/front_door.h"
#include "tls/stream.h"

namespace parley::server {

// A connection at the front door, until it is known what it speaks.
//
// Its first bytes are looked at and left in the kernel, so a plain connection goes on as if nobody
// had. Of TLS nothing can be left: what is decrypted goes along.
class FrontDoor::Arrival final : private io::Watcher,
                                 private tls::Stream::Handler,
                                 private io::TurnEnd {
 public:
  Arrival(FrontDoor& door, std::uint64_t id, io::Fd fd, const net::SocketAddress& peer);
  ~Arrival();

  const net::SocketAddress& peer() const { return peer_; }
  Time since() const { return since_; }
  bool has_failed() const { return has_failed_; }

 private:
  void on_ready(io::Readiness readiness) override;
  void on_secured() override;
  void on_data(Bytes plain) override;
  void on_tls_failed(std::string_view problem) override;
  void on_ended(io::StreamEnd end) override;
  void on_turn_end() override;

  void decide(net::Spoken spoken);
  void start_tls();
  void leave();
  void give_up();  // Destroys it.

  FrontDoor& door_;
  const std::uint64_t id_;
  const net::SocketAddress peer_;
  const Time since_;
  io::Fd fd_;                            // Until TLS has begun.
  std::unique_ptr<tls::Stream> stream_;  // From then on.
  std::vector<std::uint8_t> received_;   // Decrypted.
  std::optional<net::Spoken> spoken_;    // Acted upon at the turn's end.
  bool has_failed_ = false;              // TLS has; the alert may still be on its way.
};

}  // namespace parley::server

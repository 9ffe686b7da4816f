#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "io/event_loop.h"
#include "io/fd.h"
#include "io/lifeline.h"
#include "io/port_share.h"
#include "io/turn_end.h"
#include "net/address.h"

namespace parley::io {

// Accepts TCP connections on one address. "::" takes IPv4 as well; where the host has no IPv6, it
// takes IPv4 alone.
class TcpListener final : private Watcher, private TurnEnd {
 public:
  // Owns `fd` from then on: non-blocking, to be given to a TcpStream or closed. It may destroy the
  // listener.
  using Accept = std::move_only_function<void(int fd, net::SocketAddress peer)>;

  struct Counters {
    std::uint64_t accepted = 0;
    std::uint64_t pauses = 0;  // For want of descriptors or memory; clients wait meanwhile.
  };

  // Binds and listens. Port 0 takes a free one. The error is a sentence for the operator.
  static std::expected<std::unique_ptr<TcpListener>, std::string> listen(EventLoop& loop,
                                                                         net::SocketAddress address,
                                                                         Accept accept,
                                                                         PortShare share = {});
  ~TcpListener();

  net::SocketAddress address() const;  // With the port that was taken.
  const Counters& counters() const { return counters_; }

 private:
  TcpListener(EventLoop& loop, Fd fd, Accept accept);
  void on_ready(Readiness readiness) override;
  void on_turn_end() override;
  void accept_batch();
  void pause(int error);

  EventLoop& loop_;
  Fd fd_;
  Accept accept_;
  Counters counters_;
  Lifeline lifeline_;
  Timer retry_;  // Armed while accepting is paused.
};

}  // namespace parley::io

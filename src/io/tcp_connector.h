#pragma once

#include <functional>

#include "io/event_loop.h"
#include "io/fd.h"
#include "io/port_share.h"
#include "net/address.h"

namespace parley::io {

// Connects one TCP socket from an address of our choice, and tells how that went; never before the
// constructor has returned. Destroyed earlier, it tells nothing.
class TcpConnector final : private Watcher {
 public:
  // Of the connected, non-blocking socket, to be given to a TcpStream or closed; a closed Fd: it
  // could not be made within the time. To destroy the connector must be the call's last act.
  using Done = std::move_only_function<void(Fd fd)>;

  TcpConnector(EventLoop& loop, const net::SocketAddress& from, const net::SocketAddress& to,
               Duration time_limit, Done done, PortShare share = {});
  ~TcpConnector();

 private:
  void on_ready(Readiness readiness) override;
  void finish(bool connected);

  EventLoop& loop_;
  Fd fd_;
  Done done_;
  Timer give_up_;
};

}  // namespace parley::io

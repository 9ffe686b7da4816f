#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "io/port_share.h"
#include "net/path.h"
#include "turn/tickets.h"

namespace parley::server {

// Packets for another worker. A client that moves to another network (RFC 8016) may reach, from its
// new address, a worker that does not have its allocation. The ticket tells who has; from then on
// all that comes from there is passed on. The answers need no way back: every worker has a socket
// at the address that was asked.
class ClientMoves {
 public:
  // Called on this worker's thread.
  using PassOn = std::function<void(unsigned worker, const net::Path& path, Bytes packet)>;

  explicit ClientMoves(io::PortShare share) : share_(share) {}

  void set_tickets(const turn::TicketKey& key) { tickets_.emplace(key); }
  void set_pass_on(PassOn pass_on) { pass_on_ = std::move(pass_on); }

  // Whether it was passed on. `is_served`: the client has an allocation here, so nobody can lead
  // its packets away.
  template <class IsServed>
  bool pass_on(Time now, const net::Path& path, Bytes packet, IsServed is_served) {
    if (!pass_on_) return false;
    if (!moved_.empty() && pass_on_known(now, path, packet)) return true;
    const auto to = worker_asked_for(packet);
    return to && !is_served() && pass_on_new(now, path, packet, *to);
  }

  std::size_t moved() const { return moved_.size(); }

 private:
  struct Moved {
    unsigned worker = 0;
    Time last_heard = kAtOnce;
  };

  std::optional<unsigned> worker_asked_for(Bytes packet) const;  // Another than this.
  bool pass_on_known(Time now, const net::Path& path, Bytes packet);
  bool pass_on_new(Time now, const net::Path& path, Bytes packet, unsigned to);

  io::PortShare share_;
  std::optional<turn::Tickets> tickets_;
  PassOn pass_on_;
  std::unordered_map<net::Path, Moved> moved_;  // At most kMaxMoved.
};

}  // namespace parley::server

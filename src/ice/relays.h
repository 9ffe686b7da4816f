#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ice/config.h"
#include "ice/output.h"
#include "ice/relay_leg.h"
#include "ice/relay_server.h"
#include "net/address.h"
#include "net/path.h"

namespace parley::ice {

// The TURN servers of an agent: an allocation on each, from each UDP host candidate or over a
// stream, and the packets through them. To the rest of ICE an allocation is one more local address.
class Relays {
 public:
  Relays(const Timers& timers, const Limits& limits, Random& random)
      : timers_(timers), max_legs_(limits.relays), random_(&random) {}

  // Asks those that it does not know yet, and once more those that have failed; lets go of those
  // that are no longer among them.
  void set_servers(Time now, const std::vector<RelayServer>& servers);
  // A UDP host candidate.
  void add_base(Time now, const net::SocketAddress& base);
  void remove_base(const net::SocketAddress& base);
  void close(Time now);

  void server_connected(Time now, ServerStream stream);
  void server_closed(Time now, ServerStream stream);
  void server_data(ServerStream stream, Bytes bytes);
  // Call it after server_data() until it returns nothing. Valid until the next call.
  std::optional<Arrived> next(Time now, ServerStream stream);
  // What a datagram holds for us: itself; where it came from a TURN server, what a peer sent
  // through it, in place; nothing where the server itself had something to say.
  std::optional<Arrived> unwrap(Time now, const Arrived& datagram);

  // False: path.local is none of the relayed addresses.
  bool send(Time now, const net::Path& path, Bytes payload);
  bool owns(const net::Path& path) const { return find_owner(path) != nullptr; }
  // As RelayLeg's.
  std::optional<Output> wrap(const net::Path& path, std::vector<std::uint8_t> packet);
  // So that the peer's packets get in.
  void permit(Time now, const net::Path& path);

  void handle_timeout(Time now);
  std::vector<RelayNews::Change> take_changes() { return std::exchange(news_.changes, {}); }
  std::vector<Output> take_outputs() { return std::exchange(news_.outputs, {}); }
  bool has_news() const { return !news_.outputs.empty() || !news_.changes.empty(); }
  Time next_deadline() const;

  const std::vector<RelayServer>& servers() const { return servers_; }
  // Each server has answered or failed, or has had its time.
  bool complete(Time now) const;
  std::vector<RelayStats> stats() const;

 private:
  void add_leg(Time now, const RelayServer& server, const net::SocketAddress& base);
  void start(Time now, RelayLeg& leg);
  RelayLeg* find_stream(ServerStream stream);
  RelayLeg* find_owner(const net::Path& path) const;

  Timers timers_;
  std::size_t max_legs_;
  Random* random_;
  std::vector<RelayServer> servers_;  // No more than max_legs_.
  std::vector<net::SocketAddress> bases_;
  std::vector<std::unique_ptr<RelayLeg>> legs_;  // Never more than max_legs_.
  std::uint32_t streams_ = 0;
  Time wait_until_ = kAtOnce;  // Gathering; kAtOnce: no longer.
  Time end_at_ = kNever;       // Closed: after that nothing more is said.
  RelayNews news_;
};

}  // namespace parley::ice

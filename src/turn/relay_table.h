#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/random.h"
#include "net/path.h"
#include "turn/protocol.h"
#include "turn/quotas.h"
#include "turn/relay_ports.h"
#include "turn/server_config.h"

namespace parley::turn {

// A relayed transport address.
struct Relay {
  RelayId id = {};
  AllocationId allocation = {};  // Whose it is; of one that is reserved, who reserved it.
  net::Transport transport = net::Transport::kUdp;
  net::SocketAddress local = {};
  net::SocketAddress announced = {};
  bool is_open = false;           // The owner has its socket.
  std::uint64_t reservation = 0;  // RESERVATION-TOKEN: it waits for who shows it.
  Quotas::Lease lease = {};       // Of a reserved one.
  Time expires = kNever;

  Family family() const { return local.ip.is_v4() ? Family::kIpv4 : Family::kIpv6; }
};

// All relayed addresses: which port is whose. Ports are drawn at random, so that nobody can guess
// the next (RFC 8656, 7.2).
class RelayTable {
 public:
  RelayTable(const ServerConfig& config, Random& random);

  bool has_family(Family family) const { return host_of(family) != nullptr; }

  // A free address; with an even port if asked; with the next port free as well if `pair`. Null if
  // none could be found.
  Relay* add(Family family, net::Transport transport, AllocationId allocation, bool even,
             bool pair);
  // The next port after an even one.
  Relay& add_next(const Relay& even);
  Relay* find(RelayId id);
  void set_open(Relay& relay);
  void erase(RelayId id);

  // Of `relay`, which is the next to an even one.
  std::uint64_t reserve(Relay& relay);
  Relay* find_reserved(std::uint64_t token);
  void claim(Relay& relay, AllocationId allocation);

  // 1:1 NAT: the address to send to where a peer is a relay of ours, and the one it is known by.
  net::SocketAddress to_local(const net::SocketAddress& announced) const;
  net::SocketAddress to_announced(const net::SocketAddress& local) const;

  // Whether a relayed address is there, of this server or of another one of this host.
  bool is_relay(net::Transport transport, const net::SocketAddress& peer) const;

  std::size_t size() const { return relays_.size(); }

 private:
  const RelayHost* host_of(Family family) const;
  bool is_free(net::Transport transport, const net::SocketAddress& local) const;
  Relay& insert(net::Transport transport, const net::SocketAddress& local, AllocationId allocation);

  std::vector<RelayHost> hosts_;
  std::uint16_t first_port_;
  std::uint16_t last_port_;
  Random* random_;
  std::unique_ptr<RelayPorts> own_ports_;  // Null where they are shared.
  RelayPorts* ports_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<RelayId, Relay> relays_;
  std::unordered_set<net::Path> taken_;  // Transport and local address; the rest is empty.
  std::unordered_map<std::uint64_t, RelayId> reservations_;
};

}  // namespace parley::turn

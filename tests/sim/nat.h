#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "net/address.h"
#include "net/path.h"

namespace parley::sim {

// The four classic kinds (RFC 3489, 5), by what they let in. All but the last map one inside
// address to one outside address, whoever it talks to.
enum class NatKind : std::uint8_t {
  kFullCone,           // From anybody.
  kAddressRestricted,  // From an IP address that was sent to.
  kPortRestricted,     // From an address and port that was sent to.
  kSymmetric,          // The same, and each destination sees another outside port.
};

std::string_view to_string(NatKind kind);

inline constexpr Duration kNoTimeout = Duration::max();

struct NatConfig {
  NatKind kind = NatKind::kFullCone;
  net::IpAddress outside = {};
  Duration mapping_timeout = kNoTimeout;  // Since the last packet out.
  // Of a symmetric one: whether another port of one address is another destination.
  bool tells_ports_apart = true;
};

// One network address translator, for UDP and TCP.
class Nat {
 public:
  explicit Nat(const NatConfig& config, std::uint64_t seed) : config_(config), random_(seed) {}

  // A packet leaves: the address that the world sees it come from.
  net::SocketAddress translate_out(Time now, net::Transport transport,
                                   const net::SocketAddress& inside, const net::SocketAddress& to);
  // A packet arrives at `outside`: whom inside it is for; nothing if it is not let in.
  std::optional<net::SocketAddress> translate_in(Time now, net::Transport transport,
                                                 const net::SocketAddress& outside,
                                                 const net::SocketAddress& from);

  // Forgets everything, as after a power cut: the next packet out gets another port.
  void reboot() { mappings_.clear(); }

  const NatConfig& config() const { return config_; }

 private:
  struct Mapping {
    net::SocketAddress inside = {};
    net::SocketAddress to = {};  // Of a symmetric NAT, as far as it tells apart; else empty.
    Time used = kAtOnce;
    std::set<net::SocketAddress> sent_to = {};
  };

  bool is_alive(Time now, const Mapping& mapping) const;
  net::SocketAddress key_of(const net::SocketAddress& to) const;
  bool lets_in(const Mapping& mapping, const net::SocketAddress& from) const;
  std::uint16_t free_port(net::Transport transport);

  NatConfig config_;
  std::mt19937_64 random_;
  std::map<std::pair<net::Transport, std::uint16_t>, Mapping> mappings_;  // By the outside port.
};

}  // namespace parley::sim

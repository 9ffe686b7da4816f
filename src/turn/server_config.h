#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/address.h"
#include "net/source_limiter.h"
#include "stun/binding_server.h"
#include "turn/peer_policy.h"
#include "turn/protocol.h"
#include "turn/quotas.h"
#include "turn/relay_ports.h"
#include "turn/tcp_for.h"
#include "turn/tickets.h"
#include "turn/user.h"

namespace parley::turn {

// Where relayed addresses come from. They differ where the server stands behind a one-to-one NAT.
struct RelayHost {
  net::IpAddress local = {};      // To bind sockets to.
  net::IpAddress announced = {};  // What peers reach it at.
};

struct ServerConfig {
  std::string realm = "parley";
  std::string software = "Parley";        // Told only to who has shown a password; may be empty.
  std::vector<User> users = {};           // Their keys are of `realm`.
  std::vector<std::string> secrets = {};  // Of time-limited logins, the newest first.

  // At most one of a family. A family without one is answered with 440.
  std::vector<RelayHost> relay_hosts = {};
  std::uint16_t first_port = 49152;
  std::uint16_t last_port = 65535;
  // Of all servers that share these hosts; outlives them. Null: this is the only one.
  RelayPorts* relay_ports = nullptr;
  // Beyond the relay hosts, which are filled in.
  PeerPolicyConfig peers = {};

  TcpFor tcp = TcpFor::kAll;  // Others hear 442.
  bool mobility = true;       // RFC 8016; else 405.
  bool dont_fragment = true;  // Can the owner set DF? Else 420.
  // How the user of a time-limited login begins that anybody gets, and who is none of
  // TcpFor::kUsers. Empty: there are no such logins.
  std::string guest_prefix = {};

  // Of several servers among which clients may move: their tickets tell whose they are
  // (Tickets::instance_asked_for()). They have one key; without one a server takes its own.
  std::uint16_t instance = 0;
  std::optional<TicketKey> ticket_key = {};

  Duration default_lifetime = kDefaultLifetime;
  Duration max_lifetime = std::chrono::hours{1};
  Duration nonce_lifetime = std::chrono::hours{1};

  // --- Bounds of memory ---
  std::size_t max_allocations = 10'000;
  Quotas::Config quotas = {};
  std::size_t max_channels = 128;     // An allocation.
  std::size_t max_permissions = 128;  // An allocation.
  std::size_t max_connections = 32;   // An allocation over TCP.
  int port_attempts = 16;             // Tried until one is free.

  // Answers to who has not shown a password, a source; the rest is dropped. A challenge is up to
  // four times as long as the shortest request: so little of it is of no use as a reflector.
  net::SourceLimiter::Config unauthenticated = {.per_second = 20, .burst = 50, .sources = 16384};
  // At its addresses for discovery other than the primary one nothing but Binding is answered.
  stun::BindingServerConfig binding = {};
};

}  // namespace parley::turn

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/address.h"
#include "turn/tcp_for.h"
#include "turn/user.h"

namespace parley::server {

// What the operator asked for. docs/operating.md describes every member; settings.cpp lists them
// with their keys and flags.
struct Config {
  // An address to listen on. A default one may be given up where it is taken; one that was asked
  // for may not.
  struct Listen {
    net::SocketAddress address = {};
    bool enabled = true;
    bool asked_for = false;
  };

  struct Http {
    Listen listen = {{net::IpAddress::v4({127, 0, 0, 1}), 8080}};
    std::vector<std::string> allowed_origins = {};  // "https://host:port", or "*" for any.
    std::vector<net::Network> trusted_proxies = {};
    std::int64_t max_connections = 20'000;
    std::int64_t max_connections_per_address = 1'000;
    std::int64_t max_queued_bytes = 4 << 20;
    std::chrono::seconds idle_timeout{75};
  };

  struct Https {
    Listen listen = {{net::IpAddress::v6({}), 8443}};  // IPv4 as well.
    std::string certificate = {};  // PEM files; empty for a self-signed certificate in `data`.
    std::string key = {};
  };

  struct Stun {
    // For clients that discover what their NAT does; stun_discovery.h checks it.
    struct Alternate {
      net::IpAddress ip = {};
      std::optional<std::uint16_t> port = {};  // None: the one above that of `listen`.
    };

    Listen listen = {{net::IpAddress::v6({}), 3478}};  // IPv4 as well.
    std::optional<Alternate> alternate = {};
    // Where clients reach it, behind a one-to-one NAT.
    std::optional<net::IpAddress> alternate_public_address = {};
  };

  struct Rooms {
    std::int64_t max_rooms = 10'000;
    std::int64_t max_participants = 1'024;
    std::int64_t max_mesh_participants = 16;  // In a room that never goes by the server.
    std::int64_t max_waiting = 64;
    std::int64_t max_stage = 32;  // Of a lecture.
    std::int64_t mesh_limit = 2;  // People who are connected directly; more go by the server.
    std::chrono::seconds grace{30};
    std::chrono::seconds resume = std::chrono::hours{24};
    std::chrono::seconds forget_after = std::chrono::hours{24};
    std::int64_t events_per_second = 100;
    std::int64_t events_burst = 1'000;
  };

  struct Auth {
    bool guests = true;        // Whether one may join without an account.
    bool registration = true;  // Whether anybody may make an account.
  };

  // Each worker has a port of its own for media, counted up from this one.
  struct Media {
    Listen listen = {{net::IpAddress::v6({}), 40'000}};  // IPv4 as well.
    std::int64_t workers = 0;                            // Threads that relay; 0: one a core.
    std::int64_t room_share = 100;  // People of one room on one of them, before others have some.
    std::int64_t rooms_in_metrics = 50;  // The largest, of which /metrics tells.
    bool sfu = true;                     // Whether rooms may go by the server.
    // Which make one stream of everyone, for who asks for it, on two threads each: sound, and
    // pictures. 0: nobody may.
    std::int64_t mixers = 1;
  };

  // Over UDP and TCP, TURN is served where STUN is. docs/operating.md has the reasons of the
  // limits.
  struct Turn {
    bool enabled = true;
    Listen tls = {{net::IpAddress::v6({}), 5349}};  // IPv4 as well.
    std::string realm = "parley";
    // NAME:PASSWORD, or NAME: and keys; empty once `users` is made of it (turn_users.h).
    std::vector<std::string> user_texts = {};
    std::vector<turn::User> users = {};
    std::vector<std::string> secrets = {};    // The newest first; none: one out of `data`.
    turn::TcpFor tcp = turn::TcpFor::kUsers;  // RFC 6062. Pages are no users.
    std::vector<net::Network> allow_peers = {};
    std::vector<net::Network> deny_peers = {};
    std::vector<net::Network> nat64 = {};  // Prefixes that lead to IPv4, beyond the well-known one.
    std::int64_t first_port = 49'152;
    std::int64_t last_port = 65'535;
    std::int64_t max_allocations = 10'000;  // A worker.
    std::int64_t user_allocations = 400;
    std::int64_t user_mbit = 100;
    std::int64_t address_allocations = 4'000;
    std::int64_t address_mbit = 1'000;
    std::chrono::seconds credential_lifetime = std::chrono::hours{24};
  };

  std::string file = {};  // That it was read from; empty: none.
  std::string data = "./parley-data";
  std::optional<net::IpAddress> public_address = {};
  log::Level log_level = log::Level::kInfo;
  bool test_hooks = false;
  bool single_port = false;  // Everything on that of `https`.
  Http http = {};
  Https https = {};
  Stun stun = {};
  Rooms rooms = {};
  Auth auth = {};
  Media media = {};
  Turn turn = {};
};

}  // namespace parley::server

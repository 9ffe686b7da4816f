#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "crypto/hash.h"
#include "meeting/answers.h"
#include "net/address.h"

namespace parley::server {

// How the user begins of each login that is handed out here: the relay knows by it that anybody may
// have got it.
inline constexpr std::string_view kPageUser = "page-";

// Tells each client where our STUN and TURN servers are (RFC 7064, RFC 7065): under the operator's
// public address; else under the name by which that client reached us, which is then surely one
// that it can resolve. With a login of its own for TURN, good for a time.
//
// Lives on the control thread.
class IceServers {
 public:
  struct Config {
    std::uint16_t port = 0;      // STUN, and TURN over UDP and TCP; 0: off.
    std::uint16_t tls_port = 0;  // TURN over TLS; 0: off.
    bool turn = false;           // False: STUN alone.
    std::optional<net::IpAddress> public_address = {};
    std::chrono::seconds lifetime = std::chrono::hours{24};  // Of a login.
    // Under which the relay knows our logins: the newest of its secrets.
    std::string secret = {};
    // Hides what we call a client from who sees its login on the wire.
    crypto::Sha256Digest user_key = {};
  };

  struct Client {
    // As in the Host header: "meet.example.org", "192.0.2.1:8080", "[2001:db8::1]:8080".
    std::string_view host = {};
    bool https = false;  // By which it reached us.
    // Who it is, the same each time that it asks: what it has of the relay counts together.
    std::string_view who = {};
  };

  IceServers() = default;  // There is none.
  explicit IceServers(Config config) : config_(std::move(config)) {}

  // Logins from now on are made under this.
  void set_secret(std::string secret) { config_.secret = std::move(secret); }

  std::vector<meeting::IceServer> for_client(const Client& client, UnixTime now) const {
    return for_client(client, now, config_.lifetime);
  }
  // With a login that is good for another time.
  std::vector<meeting::IceServer> for_client(const Client& client, UnixTime now,
                                             std::chrono::seconds lifetime) const;

  const Config& config() const { return config_; }

 private:
  std::vector<std::string> turn_urls(const Client& client, std::string_view name) const;
  std::string user_part(std::string_view who) const;

  Config config_;
};

// The host without its port; an IPv6 address keeps its brackets.
std::string_view without_port(std::string_view host);

}  // namespace parley::server

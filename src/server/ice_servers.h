#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/answers.h"
#include "net/address.h"

namespace parley::server {

// Tells each client where our STUN server is: under the name by which that client reached us, which
// is then surely one that it can resolve; or under the operator's public address.
class IceServers {
 public:
  IceServers() = default;  // There is none.
  IceServers(std::uint16_t stun_port, std::optional<net::IpAddress> public_address)
      : stun_port_(stun_port), public_address_(public_address) {}

  // `host` as in the Host header: "meet.example.org", "192.0.2.1:8080", "[2001:db8::1]:8080".
  std::vector<meeting::IceServer> for_client(std::string_view host) const;

 private:
  std::uint16_t stun_port_ = 0;  // 0: no STUN.
  std::optional<net::IpAddress> public_address_ = {};
};

// The host without its port; an IPv6 address keeps its brackets.
std::string_view without_port(std::string_view host);

}  // namespace parley::server

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"
#include "server/address_check.h"

namespace parley::server {

// What a client's network has to let through, and what may be wrong on our side: for whoever finds
// out why a call does not connect. The ports are those that were taken.
struct Reach {
  std::optional<std::uint16_t> http = {};  // None: off. So for each.
  std::optional<std::uint16_t> https = {};
  std::optional<std::uint16_t> stun = {};      // UDP, and TCP where there is TURN.
  std::optional<std::uint16_t> turn_tls = {};  // TCP.
  std::vector<std::uint16_t> media = {};       // UDP and TCP (RFC 6544); each answers STUN.
  // Where clients find media; none: no meeting goes by this server.
  std::vector<net::IpAddress> media_addresses = {};
  bool single_port = false;
  std::optional<net::IpAddress> public_address = {};
  std::vector<std::string> warnings = {};  // Sentences of the check at the start, for the operator.
  AddressFacts facts = {};                 // What was checked then.
};

}  // namespace parley::server

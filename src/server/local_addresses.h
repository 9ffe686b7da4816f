#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/address.h"

namespace parley::server {

// The addresses of this host's interfaces that are up; IPv4 first. Without IPv6 link-local ones,
// which no browser takes in a link.
std::vector<net::IpAddress> local_addresses();

// On which these are, with the masks that the interfaces have. None of a single address, nor of
// loopback.
std::vector<net::Network> local_networks();

// The address that this host shows to the rest of the world, of IPv4 or IPv6; none where it has no
// way there. Not one of those that IPv6 changes every day (RFC 8981).
std::optional<net::IpAddress> primary_address(bool v6);

std::string local_host_name();  // Empty where it has none.

}  // namespace parley::server

#pragma once

#include <string>
#include <vector>

#include "net/address.h"

namespace parley::server {

// The addresses of this host's interfaces that are up; IPv4 first. Without IPv6 link-local ones,
// which no browser takes in a link.
std::vector<net::IpAddress> local_addresses();

std::string local_host_name();  // Empty where it has none.

}  // namespace parley::server

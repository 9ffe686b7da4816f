#pragma once

#include <vector>

#include "net/address.h"

namespace parley::peer_program {

// The IPv4 addresses of this machine: 127.0.0.1 too, which is all that some have.
std::vector<net::IpAddress> own_addresses();

}  // namespace parley::peer_program

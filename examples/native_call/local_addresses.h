#pragma once

#include <vector>

#include "net/address.h"

namespace native_call {

// The addresses of all interfaces that are up, so that ICE can try them all; not the link-local
// ones, which say nothing without their interface. Loopback comes last: a browser on this computer
// is reached by it even where there is no network.
std::vector<parley::net::IpAddress> local_addresses();

}  // namespace native_call

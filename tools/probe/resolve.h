#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"

namespace parley::probe {

// What a name, or an address as text, stands for: each once, in the system's order. Waits for it.
// The error is half a sentence.
std::expected<std::vector<net::IpAddress>, std::string> resolve(const std::string& host);

// Our address towards another, as the routes have it; nothing where there is none.
std::optional<net::IpAddress> local_address_towards(const net::SocketAddress& remote);

}  // namespace parley::probe

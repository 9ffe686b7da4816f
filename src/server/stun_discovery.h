#pragma once

#include <array>
#include <optional>
#include <string>

#include "net/address.h"
#include "server/config.h"

// The second address of STUN, by which clients discover what their NAT does (RFC 5780).
namespace parley::server {

// What is wrong with stun.alternate, a sentence; nothing: it is right, or there is none.
std::optional<std::string> check_stun_alternate(const Config& config);

// Under which addresses clients know stun.listen and it, behind a one-to-one NAT; nothing: as they
// are. There must be one.
std::optional<std::array<net::IpAddress, 2>> announced_stun(const Config& config);

// Where it is, `stun` being where stun.listen is. There must be one.
net::SocketAddress stun_alternate(const Config& config, const net::SocketAddress& stun);

}  // namespace parley::server

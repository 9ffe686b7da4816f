#pragma once

#include <span>

#include "http/message.h"
#include "net/address.h"

namespace parley::http {

bool is_in(std::span<const net::Network> networks, const net::IpAddress& address);

// Sets who asked and how, in a request whose connection came from `peer`, over TLS or not.
//
// If the peer is a trusted proxy, its X-Forwarded-For is read from the right: each trusted address
// is one more proxy, and the first that is not is the client. What stands further left anyone may
// have written. X-Forwarded-Proto and -Host are the nearest proxy's word, and count only then.
void set_origin(Request& request, const net::SocketAddress& peer, bool over_tls,
                std::span<const net::Network> trusted_proxies);

}  // namespace parley::http

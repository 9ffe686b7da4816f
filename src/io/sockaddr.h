#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/address.h"

// Between net's addresses and the kernel's. Internal to io/.
namespace parley::io {

// An address of either family, as the kernel writes and reads it. A quarter of sockaddr_storage.
union KernelAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6 = {};
};

// As a socket of that family takes it, with its size: an IPv4 address on an IPv6 socket is written
// mapped. `interface` is the scope of an IPv6 link-local address, else 0.
socklen_t write_to(KernelAddress& kernel, const net::SocketAddress& address, sa_family_t family,
                   unsigned interface = 0);

net::SocketAddress from_kernel(const KernelAddress& kernel);

inline sa_family_t family_of(const net::IpAddress& ip) {
  return ip.is_v4() ? AF_INET : AF_INET6;
}

in_addr to_in_addr(const net::IpAddress& ip);    // `ip` must be IPv4.
in6_addr to_in6_addr(const net::IpAddress& ip);  // IPv4 becomes mapped.
net::IpAddress from_kernel(const in_addr& address);
net::IpAddress from_kernel(const in6_addr& address);

}  // namespace parley::io

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

#include "net/address.h"

// Between net's addresses and the kernel's. Internal to io/.
namespace parley::io {

struct KernelAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// As a socket of that family takes it: an IPv4 address on an IPv6 socket is written mapped.
// `interface` is the scope of an IPv6 link-local address, else 0.
KernelAddress to_kernel(const net::SocketAddress& address, sa_family_t family,
                        unsigned interface = 0);

// Writes it into storage that is kept; returns its size.
socklen_t write_to(sockaddr_storage& storage, const net::SocketAddress& address, sa_family_t family,
                   unsigned interface);

net::SocketAddress from_kernel(const sockaddr_storage& storage);

inline sa_family_t family_of(const net::IpAddress& ip) {
  return ip.is_v4() ? AF_INET : AF_INET6;
}

in6_addr to_mapped(const net::IpAddress& ip);
in_addr to_in_addr(const net::IpAddress& ip);  // `ip` must be IPv4.
net::IpAddress from_kernel(const in_addr& address);
net::IpAddress from_kernel(const in6_addr& address);

}  // namespace parley::io

#include "io/sockaddr.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/assert.h"

namespace parley::io {

in_addr to_in_addr(const net::IpAddress& ip) {
  PARLEY_ASSERT(ip.is_v4());
  in_addr address;
  std::memcpy(&address, ip.bytes().data(), sizeof address);
  return address;
}

in6_addr to_mapped(const net::IpAddress& ip) {
  in6_addr address = {};
  if (ip.is_v6()) {
    std::memcpy(&address, ip.bytes().data(), sizeof address);
  } else {
    address.s6_addr[10] = address.s6_addr[11] = 0xff;
    std::memcpy(&address.s6_addr[12], ip.bytes().data(), 4);
  }
  return address;
}

net::IpAddress from_kernel(const in_addr& address) {
  return net::IpAddress::v4(std::bit_cast<std::array<std::uint8_t, 4>>(address));
}

net::IpAddress from_kernel(const in6_addr& address) {
  return net::IpAddress::v6(std::bit_cast<std::array<std::uint8_t, 16>>(address));
}

socklen_t write_to(sockaddr_storage& storage, const net::SocketAddress& address, sa_family_t family,
                   unsigned interface) {
  if (family == AF_INET) {
    sockaddr_in in = {};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    in.sin_addr = to_in_addr(address.ip);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
  }
  sockaddr_in6 in6 = {};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(address.port);
  in6.sin6_addr = to_mapped(address.ip);
  in6.sin6_scope_id = interface;
  std::memcpy(&storage, &in6, sizeof in6);
  return sizeof in6;
}

KernelAddress to_kernel(const net::SocketAddress& address, sa_family_t family, unsigned interface) {
  KernelAddress kernel;
  kernel.size = write_to(kernel.storage, address, family, interface);
  return kernel;
}

net::SocketAddress from_kernel(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &storage, sizeof in);
    return {from_kernel(in.sin_addr), ntohs(in.sin_port)};
  }
  PARLEY_ASSERT(storage.ss_family == AF_INET6);
  sockaddr_in6 in6;
  std::memcpy(&in6, &storage, sizeof in6);
  return {from_kernel(in6.sin6_addr), ntohs(in6.sin6_port)};
}

}  // namespace parley::io

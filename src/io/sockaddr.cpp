#include "io/sockaddr.h"

#include <arpa/inet.h>

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

in6_addr to_in6_addr(const net::IpAddress& ip) {
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

socklen_t write_to(KernelAddress& kernel, const net::SocketAddress& address, sa_family_t family,
                   unsigned interface) {
  if (family == AF_INET) {
    kernel.v4 = {};
    kernel.v4.sin_family = AF_INET;
    kernel.v4.sin_port = htons(address.port);
    kernel.v4.sin_addr = to_in_addr(address.ip);
    return sizeof kernel.v4;
  }
  kernel.v6 = {};
  kernel.v6.sin6_family = AF_INET6;
  kernel.v6.sin6_port = htons(address.port);
  kernel.v6.sin6_addr = to_in6_addr(address.ip);
  kernel.v6.sin6_scope_id = interface;
  return sizeof kernel.v6;
}

net::SocketAddress from_kernel(const KernelAddress& kernel) {
  if (kernel.any.sa_family == AF_INET) {
    return {from_kernel(kernel.v4.sin_addr), ntohs(kernel.v4.sin_port)};
  }
  PARLEY_ASSERT(kernel.any.sa_family == AF_INET6);
  return {from_kernel(kernel.v6.sin6_addr), ntohs(kernel.v6.sin6_port)};
}

}  // namespace parley::io

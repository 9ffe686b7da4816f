#include "io/bind.h"

#include <fmt/core.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "io/sockaddr.h"

namespace parley::io {
namespace {

void set_option(const Fd& fd, int level, int option, int value) {
  const int result = ::setsockopt(fd.get(), level, option, &value, sizeof value);
  PARLEY_ASSERT(result == 0);
}

// Its error is errno.
Fd try_bind(int type, const net::SocketAddress& address) {
  const sa_family_t family = family_of(address.ip);
  Fd fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return fd;
  if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.ip.is_any() ? 0 : 1);
  // For TCP: a restarted server gets its port although old connections linger. For UDP it would let
  // two servers share a port and starve each other.
  if (type == SOCK_STREAM) set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  KernelAddress at;
  const socklen_t size = write_to(at, address, family);
  if (::bind(fd.get(), &at.any, size) != 0) fd.reset();
  return fd;
}

}  // namespace

std::expected<Fd, std::string> bind_socket(int type, const net::SocketAddress& address) {
  Fd fd = try_bind(type, address);
  const bool no_ipv6 = !fd.is_open() && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
  if (no_ipv6 && address.ip.is_v6() && address.ip.is_any()) {
    fd = try_bind(type, {.ip = {}, .port = address.port});
  }
  if (!fd.is_open()) return std::unexpected(bind_error(address, errno));
  return fd;
}

std::string bind_error(const net::SocketAddress& address, int error) {
  return fmt::format("cannot listen on {}: {}", address.to_string(), std::strerror(error));
}

net::SocketAddress bound_address(const Fd& fd) {
  KernelAddress address;
  socklen_t size = sizeof address;
  const int result = ::getsockname(fd.get(), &address.any, &size);
  PARLEY_ASSERT(result == 0);
  return from_kernel(address);
}

}  // namespace parley::io

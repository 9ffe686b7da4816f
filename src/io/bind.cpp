#include "io/bind.h"

#include <fmt/core.h>
#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
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
Fd try_bind(int type, const net::SocketAddress& address, bool shared, bool v6_only) {
  const sa_family_t family = family_of(address.ip);
  Fd fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return fd;
  const bool takes_v4 = address.ip.is_any() && !v6_only;
  if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, takes_v4 ? 0 : 1);
  // For TCP: a restarted server gets its port although old connections linger. For UDP it would let
  // two servers share a port and starve each other.
  if (type == SOCK_STREAM) set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (shared) set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  KernelAddress at;
  const socklen_t size = write_to(at, address, family);
  if (::bind(fd.get(), &at.any, size) != 0) fd.reset();
  return fd;
}

}  // namespace

std::expected<Fd, std::string> bind_socket(int type, const net::SocketAddress& address,
                                           const PortShare& share, bool v6_only) {
  const bool shared = share.count > 1;
  Fd fd = try_bind(type, address, shared && share.index > 0, v6_only);
  if (fd.is_open() && shared &&
      share.index == 0) {  // It is free. Now in a way that others may join.
    const net::SocketAddress taken = bound_address(fd);
    fd.reset();
    fd = try_bind(type, taken, shared, v6_only);
  }
  const bool no_ipv6 = !fd.is_open() && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
  if (no_ipv6 && address.ip.is_v6() && address.ip.is_any() && !v6_only) {
    return bind_socket(type, {.ip = {}, .port = address.port}, share);
  }
  if (!fd.is_open()) return std::unexpected(bind_error(address, errno));
  return fd;
}

// A program of the oldest kind of BPF, for which no privilege is needed. It finds the network
// header where the kernel says that it is: an IPv4 packet has one of its own, also on an IPv6
// socket.
bool steer_by_source(const Fd& fd, unsigned count) {
  constexpr auto kHeader = static_cast<std::uint32_t>(SKF_NET_OFF);
  std::array<sock_filter, 13> program = {{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kHeader),  // The version,
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),       // which is the upper half of its byte.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 2, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kHeader + 12),  // IPv4: the source.
      BPF_STMT(BPF_JMP | BPF_JA, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kHeader + 8),  // IPv6: the first half of the source.
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kHeader + 12),
      BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
      BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, kShareMultiplier),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, kShareShift),
      BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, count),
      BPF_STMT(BPF_RET | BPF_A, 0),
  }};
  const sock_fprog filter = {.len = program.size(), .filter = program.data()};
  return ::setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) == 0;
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

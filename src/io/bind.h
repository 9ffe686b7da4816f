#pragma once

#include <expected>
#include <string>

#include "io/fd.h"
#include "io/port_share.h"
#include "net/address.h"

// What TcpListener and UdpSocket share. Internal to io/.
namespace parley::io {

// A non-blocking socket of `type` (SOCK_STREAM, SOCK_DGRAM) bound to `address`. "::" takes IPv4 as
// well, unless `v6_only`; where the host has no IPv6 it becomes 0.0.0.0. The error is a sentence
// for the operator.
std::expected<Fd, std::string> bind_socket(int type, const net::SocketAddress& address,
                                           const PortShare& share = {}, bool v6_only = false);

// Tells the kernel of share_of(), once the socket is bound (UDP) or listens (TCP). False: it
// cannot, and steers by addresses and ports.
bool steer_by_source(const Fd& fd, unsigned count);

std::string bind_error(const net::SocketAddress& address, int error);

net::SocketAddress bound_address(const Fd& fd);

}  // namespace parley::io

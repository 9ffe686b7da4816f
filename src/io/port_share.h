#pragma once

#include <cstdint>

#include "net/address.h"

namespace parley::io {

// One of `count` sockets that share an address, each on a loop of its own (SO_REUSEPORT). All that
// comes from one IP address reaches the same one of them, over UDP as over TCP; an IPv6 address
// counts by its first 64 bits, since hosts change the others.
//
// Open them in the order of `index`, one after the other, and none in place of another that was
// closed: the kernel knows them by that order. The first finds out whether the address is free: of
// those that share, another program of ours could be one.
struct PortShare {
  unsigned index = 0;
  unsigned count = 1;
};

// The index of the socket that what comes from `source` reaches: the first 32 bits of an IPv4
// address, or both halves of the 64 of an IPv6 one, times this, shifted right, modulo `count`.
inline constexpr std::uint32_t kShareMultiplier = 0x9E37'79B1;  // Knuth's: its high bits mix well.
inline constexpr std::uint32_t kShareShift = 16;
unsigned share_of(const net::IpAddress& source, unsigned count);

// A TCP port on which one listens and from which one connects as well (RFC 6062). The listener is
// opened first.
inline constexpr PortShare kListenerAmongConnectors = {.index = 0, .count = 2};
inline constexpr PortShare kConnectorBesideListener = {.index = 1, .count = 2};

}  // namespace parley::io

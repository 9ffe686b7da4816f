#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/strong_id.h"
#include "base/time.h"
#include "stun/message.h"

// The numbers of the RFCs.
namespace parley::turn {

// The protocol numbers in REQUESTED-TRANSPORT (RFC 8656, 18.7; RFC 6062, 6.1).
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;

// RFC 8656, 18.6, 18.8.
enum class Family : std::uint8_t { kIpv4 = 1, kIpv6 = 2 };

inline constexpr Duration kDefaultLifetime = std::chrono::minutes{10};      // RFC 8656, 3.2.
inline constexpr Duration kPermissionLifetime = std::chrono::minutes{5};    // RFC 8656, 9.
inline constexpr Duration kChannelLifetime = std::chrono::minutes{10};      // RFC 8656, 12.
inline constexpr Duration kReservationLifetime = std::chrono::seconds{30};  // RFC 8656, 7.2.
inline constexpr Duration kConnectTimeout = std::chrono::seconds{30};       // RFC 6062, 5.2.
inline constexpr Duration kBindTimeout = std::chrono::seconds{30};          // RFC 6062, 5.2.

// RFC 8656, 12, ends at 0x4FFF, so that one byte tells channels from DTLS and RTP on the same port.
// Clients of RFC 5766 go on to 0x7FFF; coturn's do, and are served.
inline constexpr std::uint16_t kFirstChannel = 0x4000;
inline constexpr std::uint16_t kLastChannel = 0x4FFF;
inline constexpr std::uint16_t kLastChannelOf5766 = 0x7FFF;

// PASSWORD-ALGORITHM (RFC 8489, 18.5).
inline constexpr std::uint16_t kAlgorithmMd5 = 1;
inline constexpr std::uint16_t kAlgorithmSha256 = 2;

// The room that a relayed packet's buffer must have around it, to be given its header in place: a
// Data indication's (with an IPv6 peer), and the padding behind.
inline constexpr std::size_t kHeadroom = stun::kHeaderSize + 4 + 20 + 4;
inline constexpr std::size_t kTailroom = 3;

using RelayId = StrongId<struct RelayTag>;  // A relayed address.
using AllocationId = StrongId<struct AllocationTag>;
using ConnectionId =
    StrongId<struct ConnectionTag>;  // CONNECTION-ID: fits 32 bits (RFC 6062, 6.2).

}  // namespace parley::turn

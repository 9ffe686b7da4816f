#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace parley::net {

// What may share one UDP port with a WebRTC peer.
enum class Protocol : std::uint8_t { kStun, kZrtp, kDtls, kTurnChannel, kRtp, kRtcp, kUnknown };

// Tells the protocols on one port apart by a datagram's first byte (RFC 7983, 7), and RTCP from RTP
// by the second (RFC 5761, 4). It says whose the datagram is, not that it is well formed.
constexpr Protocol protocol_of(Bytes datagram) {
  if (datagram.empty()) return Protocol::kUnknown;
  const std::uint8_t first = datagram[0];
  if (first <= 3) return Protocol::kStun;
  if (first >= 16 && first <= 19) return Protocol::kZrtp;
  if (first >= 20 && first <= 63) return Protocol::kDtls;
  if (first >= 64 && first <= 79) return Protocol::kTurnChannel;
  if (first < 128 || first > 191) return Protocol::kUnknown;
  // RTCP packet types 192 to 223 are RTP payload types 64 to 95 with the marker bit set: those are
  // never negotiated where both share a port.
  const bool is_rtcp = datagram.size() > 1 && datagram[1] >= 192 && datagram[1] <= 223;
  return is_rtcp ? Protocol::kRtcp : Protocol::kRtp;
}

constexpr std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::kStun: return "STUN";
    case Protocol::kZrtp: return "ZRTP";
    case Protocol::kDtls: return "DTLS";
    case Protocol::kTurnChannel: return "TURN channel";
    case Protocol::kRtp: return "RTP";
    case Protocol::kRtcp: return "RTCP";
    case Protocol::kUnknown: break;
  }
  return "unknown";
}

}  // namespace parley::net

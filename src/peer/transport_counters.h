#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace parley::peer {

// Why a datagram was not taken, or a packet not sent, where it is not ICE, DTLS or SRTP that says
// so: those have counters of their own.
enum class Drop : std::uint8_t {
  kUnknownProtocol,  // None that shares a port with WebRTC (RFC 7983, 7).
  kNotValidated,     // From a path on which ICE has not seen the peer.
  kEarlyDtls,        // More before start_dtls() than is kept.
  kNoKeys,           // Media before DTLS has agreed on keys.
  kUnprotected,      // Media that SRTP refused: in clear, forged, replayed, or for other keys.
  kNotConnected,     // To be sent before there were keys or a path, or after the end.
  kRefusedBySrtp,    // To be sent, but SRTP may not: the same packet twice, for one.
  kRefusedByDtls,    // To be sent, but too long or too early.
  kRefusedByRelay,   // To be sent, but the TURN server has not let us yet, or no longer does.
};
inline constexpr std::size_t kDropReasons = 9;

constexpr std::string_view to_string(Drop reason) {
  switch (reason) {
    case Drop::kUnknownProtocol: return "unknown protocol";
    case Drop::kNotValidated: return "path not validated";
    case Drop::kEarlyDtls: return "DTLS before the peer's description";
    case Drop::kNoKeys: return "media before its keys";
    case Drop::kUnprotected: return "media not protected with our keys";
    case Drop::kNotConnected: return "not connected";
    case Drop::kRefusedBySrtp: return "refused by SRTP";
    case Drop::kRefusedByDtls: return "refused by DTLS";
    case Drop::kRefusedByRelay: return "refused by the relay";
  }
  std::unreachable();
}

// RTCTransportStats has the first four.
struct TransportCounters {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t bytes_sent = 0;  // As they are on the wire, without IP and UDP.
  std::uint64_t bytes_received = 0;
  std::uint64_t path_changes = 0;                        // Selections, the first one included.
  std::array<std::uint64_t, kDropReasons> dropped = {};  // By Drop.

  std::uint64_t dropped_for(Drop reason) const { return dropped[std::to_underlying(reason)]; }
};

}  // namespace parley::peer

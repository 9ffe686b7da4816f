#pragma once

#include <cstdint>
#include <string_view>

namespace parley::sdp {

// Who sends, as the one who writes it sees it. Bit 0: I send, bit 1: I receive.
enum class Direction : std::uint8_t { kInactive = 0, kSendOnly = 1, kRecvOnly = 2, kSendRecv = 3 };

constexpr std::string_view to_string(Direction direction) {
  constexpr std::string_view kNames[] = {"inactive", "sendonly", "recvonly", "sendrecv"};
  return kNames[static_cast<std::uint8_t>(direction)];
}

constexpr bool sends(Direction direction) {
  return (static_cast<std::uint8_t>(direction) & 1) != 0;
}
constexpr bool receives(Direction direction) {
  return (static_cast<std::uint8_t>(direction) & 2) != 0;
}
constexpr Direction make_direction(bool sends, bool receives) {
  return static_cast<Direction>((sends ? 1 : 0) | (receives ? 2 : 0));
}

// The same, as the other side sees it.
constexpr Direction reversed(Direction direction) {
  return make_direction(receives(direction), sends(direction));
}

// What both allow.
constexpr Direction intersection(Direction a, Direction b) {
  return make_direction(sends(a) && sends(b), receives(a) && receives(b));
}

// a=setup: who opens the DTLS connection (RFC 4145, RFC 8842).
enum class Setup : std::uint8_t { kActpass, kActive, kPassive, kHoldconn };

constexpr std::string_view to_string(Setup setup) {
  constexpr std::string_view kNames[] = {"actpass", "active", "passive", "holdconn"};
  return kNames[static_cast<std::uint8_t>(setup)];
}

}  // namespace parley::sdp

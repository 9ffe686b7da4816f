#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace parley::net {

// What a client speaks that has connected to a TCP port on which much is spoken.
enum class Spoken : std::uint8_t {
  kNotYetKnown,  // Too few bytes; what there is fits something.
  kTls,
  kHttp,
  kStun,    // STUN and TURN as they stand on a stream of their own (RFC 8489, 6.2.2).
  kIceTcp,  // A Binding request in a frame (RFC 4571): ICE's first check over TCP (RFC 6544, 3).
  kUnknown,
};

// As many bytes as it can take to know.
inline constexpr std::size_t kFirstBytes = 10;

// Tells the protocols on one TCP port apart by a stream's first bytes, of which it needs as few as
// can be. It says whose the stream is, not that it is well formed. What it says of some bytes,
// other than kNotYetKnown, it says of any that begin with them.
constexpr Spoken spoken_in(Bytes begin) {
  constexpr std::array<std::uint8_t, 4> kCookie = {0x21, 0x12, 0xA4, 0x42};  // RFC 8489, 5.
  // Whether the cookie stands there, as far as the stream has come.
  const auto fits_cookie = [&](std::size_t at) {
    if (begin.size() <= at) return true;
    const Bytes there = begin.subspan(at, std::min(begin.size() - at, kCookie.size()));
    return std::equal(there.begin(), there.end(), kCookie.begin());
  };
  const auto known_from = [&](std::size_t size, Spoken spoken) {
    return begin.size() < size ? Spoken::kNotYetKnown : spoken;
  };
  if (begin.empty()) return Spoken::kNotYetKnown;
  const std::uint8_t first = begin[0];
  if (first >= 'A' && first <= 'Z') return Spoken::kHttp;  // A method.
  if (first == 0x16) {  // A record of TLS that holds a handshake, and TLS's major version.
    if (begin.size() < 2) return Spoken::kNotYetKnown;
    return begin[1] == 3 ? Spoken::kTls : Spoken::kUnknown;
  }
  // A STUN message's type, or a frame's length: no first check has 1,024 bytes.
  if (first > 3) return Spoken::kUnknown;
  if (begin.size() < 4) return Spoken::kNotYetKnown;
  // Then follows a length, which is a multiple of four; or in the frame the type of a request.
  if (begin[3] % 4 == 0) return fits_cookie(4) ? known_from(8, Spoken::kStun) : Spoken::kUnknown;
  if (begin[2] != 0 || begin[3] != 1) return Spoken::kUnknown;
  return fits_cookie(6) ? known_from(10, Spoken::kIceTcp) : Spoken::kUnknown;
}

constexpr std::string_view to_string(Spoken spoken) {
  switch (spoken) {
    case Spoken::kNotYetKnown: return "not yet known";
    case Spoken::kTls: return "TLS";
    case Spoken::kHttp: return "HTTP";
    case Spoken::kStun: return "STUN";
    case Spoken::kIceTcp: return "ICE-TCP";
    case Spoken::kUnknown: break;
  }
  return "unknown";
}

}  // namespace parley::net

#pragma once

#include <cstdint>

namespace parley::rtp {

// A stream of packets within a session (RFC 3550, 3: synchronization source).
enum class Ssrc : std::uint32_t {};

// What a packet's payload is, by the map that an offer and its answer agreed on. 0 to 127.
enum class PayloadType : std::uint8_t {};

}  // namespace parley::rtp

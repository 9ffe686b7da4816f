#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace parley::probe {

// What we send to ourselves. Its first byte makes it no STUN, no ChannelData and no DTLS (RFC
// 7983).
struct Payload {
  enum class Kind : std::uint8_t { kHello, kNat, kMeter, kRamp };

  Kind kind = Kind::kHello;
  std::uint32_t number = 0;

  friend bool operator==(const Payload&, const Payload&) = default;
};

inline constexpr std::size_t kMeterPacket = 160;  // Bytes, as of speech.

// At least `size` bytes, and as many as it needs.
std::vector<std::uint8_t> write_payload(Payload::Kind kind, std::uint32_t number, std::size_t size);
std::optional<Payload> read_payload(Bytes packet);

}  // namespace parley::probe

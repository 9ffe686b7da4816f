#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::codec {

// What the first octets of an Opus packet tell (RFC 6716, 3.1 and 3.2).
struct OpusToc {
  enum class Mode : std::uint8_t { kSilk, kHybrid, kCelt };

  Mode mode = Mode::kSilk;
  bool stereo = false;
  Duration frame = {};  // Of one frame: 2.5 to 60 ms.
  std::uint8_t frames = 1;

  // Nothing for what no decoder takes: no octet, or more than 120 ms.
  static std::optional<OpusToc> parse(Bytes packet);

  Duration duration() const { return frame * frames; }
  // In the 48 kHz units of its RTP clock, whatever the sound's own rate (RFC 7587, 4.1).
  std::uint32_t timestamp_units() const {
    return static_cast<std::uint32_t>(duration().count() * 48 / 1'000);
  }

  friend bool operator==(const OpusToc&, const OpusToc&) = default;
};

// With discontinuous transmission a sender that is silent sends frames of an octet or two.
constexpr bool is_opus_dtx(Bytes packet) {
  return packet.size() <= 2;
}

// One block of redundant audio (RFC 2198): the newest is last, and has offset 0.
struct RedBlock {
  std::uint8_t payload_type = 0;
  std::uint16_t timestamp_offset = 0;  // How far before the packet's timestamp; 14 bits.
  Bytes payload = {};                  // Redundant ones: at most 1,023 bytes.
};

inline constexpr std::size_t kMaxRedBlocks = 32;

// Oldest first. Nothing where the lengths do not fit.
std::optional<std::vector<RedBlock>> parse_red(Bytes payload);
void write_red(ByteWriter& writer, std::span<const RedBlock> blocks);

}  // namespace parley::codec

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "turn/protocol.h"

namespace parley::turn {

// The other thing than STUN that client and server say: a payload behind a channel's number and its
// length (RFC 8656, 12.4). It borrows the packet.
struct ChannelData {
  static constexpr std::size_t kHeaderSize = 4;

  std::uint16_t channel = 0;
  Bytes payload = {};

  // What stands behind the payload is padding, or ignored (12.6).
  static std::optional<ChannelData> parse(Bytes packet) {
    if (packet.size() < kHeaderSize) return std::nullopt;
    const auto channel = static_cast<std::uint16_t>(packet[0] << 8 | packet[1]);
    const auto length = static_cast<std::size_t>(packet[2] << 8 | packet[3]);
    if (channel < kFirstChannel || channel > kLastChannelOf5766) return std::nullopt;
    if (length > packet.size() - kHeaderSize) return std::nullopt;
    return ChannelData{channel, packet.subspan(kHeaderSize, length)};
  }

  static bool is_one(Bytes packet) { return !packet.empty() && packet[0] >> 6 == 0b01; }

  // Of one too long for us (StreamFramer), its header alone.
  static bool is_cut(Bytes packet) {
    return is_one(packet) && packet.size() == kHeaderSize && (packet[2] | packet[3]) != 0;
  }

  // Over TCP and TLS whole packets are padded to four bytes (12.5).
  static constexpr std::size_t padding(std::size_t payload) { return (4 - payload % 4) % 4; }

  static void write_header(std::span<std::uint8_t, kHeaderSize> out, std::uint16_t channel,
                           std::size_t length) {
    out[0] = static_cast<std::uint8_t>(channel >> 8);
    out[1] = static_cast<std::uint8_t>(channel);
    out[2] = static_cast<std::uint8_t>(length >> 8);
    out[3] = static_cast<std::uint8_t>(length);
  }
};

}  // namespace parley::turn

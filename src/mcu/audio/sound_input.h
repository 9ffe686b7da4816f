#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mcu/audio/voice.h"
#include "rtp/extender.h"
#include "rtp/extension_map.h"
#include "rtp/packet.h"
#include "sdp/codec.h"

namespace parley::mcu {

// What the RTP packets of one publication of sound carry, as a Voice takes it: Opus (RFC 7587), or
// Opus within RED (RFC 2198). Where packets are missing before it, the older blocks of RED stand in
// for them.
class SoundInput {
 public:
  SoundInput(std::span<const sdp::Codec> codecs, const rtp::ExtensionMap& extensions);

  // Oldest first; valid until the next call. None: nothing that we can decode.
  std::span<Voice::Packet> read(const rtp::PacketView& packet);
  // A timestamp as its packets have it here.
  std::uint64_t extended(std::uint32_t timestamp) const { return timestamps_.peek(timestamp); }

 private:
  static constexpr std::uint8_t kNone = 0xFF;

  void read_red(const Voice::Packet& whole, Bytes payload);

  std::uint8_t opus_ = kNone;  // Payload types.
  std::uint8_t red_ = kNone;
  std::optional<std::uint8_t> level_id_;
  rtp::Extender<std::uint16_t> seqs_;
  rtp::Extender<std::uint32_t> timestamps_;
  std::optional<std::uint64_t> newest_;
  std::vector<Voice::Packet> packets_;
};

}  // namespace parley::mcu

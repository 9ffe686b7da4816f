#include "mcu/audio/sound_input.h"

#include <algorithm>
#include <utility>

#include "codec/opus.h"
#include "rtp/extension_values.h"

namespace parley::mcu {

SoundInput::SoundInput(std::span<const sdp::Codec> codecs, const rtp::ExtensionMap& extensions)
    : level_id_(extensions.id_of(rtp::Extension::kAudioLevel)) {
  for (const sdp::Codec& codec : codecs) {
    if (codec.is("opus")) opus_ = codec.payload_type;
    if (codec.is_red()) red_ = codec.payload_type;
  }
}

std::span<Voice::Packet> SoundInput::read(const rtp::PacketView& packet) {
  packets_.clear();
  const auto type = static_cast<std::uint8_t>(packet.payload_type());
  if (type != opus_ && type != red_) return {};
  Voice::Packet whole{.seq = {seqs_.extend(packet.sequence_number())},
                      .timestamp = timestamps_.extend(packet.timestamp())};
  if (level_id_) {
    const auto level = rtp::read_audio_level(packet.find_extension(*level_id_).value_or(Bytes{}));
    if (level) whole.level = level->minus_dbov;
  }
  if (type == red_) {
    read_red(whole, packet.payload());
  } else {
    whole.payload = SharedBytes(packet.payload());
    packets_.push_back(std::move(whole));
  }
  if (!packets_.empty()) {
    newest_ = std::max(newest_.value_or(0), packets_.back().seq.value);
  }
  return packets_;
}

// Blocks follow each other as their packets did, so those in front of the last are of the packets
// before this one.
void SoundInput::read_red(const Voice::Packet& whole, Bytes payload) {
  const auto blocks = codec::parse_red(payload);
  if (!blocks) return;
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    const codec::RedBlock& block = (*blocks)[i];
    const std::uint64_t before = blocks->size() - 1 - i;
    const bool is_missing = newest_ && whole.seq.value - before > *newest_;
    if (block.payload_type != opus_ || block.payload.empty() || (before > 0 && !is_missing)) {
      continue;
    }
    packets_.push_back({.seq = {whole.seq.value - before},
                        .timestamp = whole.timestamp - block.timestamp_offset,
                        .level = whole.level,
                        .payload = SharedBytes(block.payload)});
  }
}

}  // namespace parley::mcu

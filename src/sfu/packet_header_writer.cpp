#include "sfu/packet_header_writer.h"

#include <bit>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "rtp/extension_values.h"

namespace parley::sfu {
namespace {

using rtp::Extension;

constexpr std::size_t kFixedSize = 12;
constexpr std::size_t kExtensionHeaderSize = 4;
constexpr std::uint8_t kMaxOneByteId = 14;

struct PassedKind {
  Extension extension;
  Bytes Packet::*value;
};
// The longest last, so that the others stand where they always do.
constexpr PassedKind kPassedKinds[] = {
    {Extension::kAudioLevel, &Packet::audio_level},
    {Extension::kVideoOrientation, &Packet::video_orientation},
    {Extension::kPlayoutDelay, &Packet::playout_delay},
    {Extension::kAbsoluteCaptureTime, &Packet::absolute_capture_time},
    {Extension::kDependencyDescriptor, &Packet::dependency_descriptor},
};

constexpr std::size_t whole_words(std::size_t bytes) {
  return (bytes + 3) / 4 * 4;
}

void put_u16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

void put_u32(std::uint8_t* at, std::uint32_t value) {
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  std::memcpy(at, &value, sizeof value);
}

std::uint8_t* put_element(std::uint8_t* at, bool wide, std::uint8_t id, Bytes value) {
  if (wide) {
    *at++ = id;
    *at++ = static_cast<std::uint8_t>(value.size());
  } else {
    *at++ = static_cast<std::uint8_t>(id << 4 | (value.size() - 1));
  }
  std::memcpy(at, value.data(), value.size());
  return at + value.size();
}

}  // namespace

PacketHeaderWriter::PacketHeaderWriter(const rtp::ExtensionMap& extensions, std::string_view mid)
    : mid_(mid) {
  static_assert(std::size(kPassedKinds) == kPassed);
  const auto id_of = [&](Extension extension) {
    const std::uint8_t id = extensions.id_of(extension).value_or(0);
    wide_ids_ |= id > kMaxOneByteId;
    return id;
  };
  transport_sequence_number_ = id_of(Extension::kTransportSequenceNumber);
  if (transport_sequence_number_ == 0) absolute_send_time_ = id_of(Extension::kAbsoluteSendTime);
  mid_id_ = id_of(Extension::kMid);
  for (std::size_t i = 0; i < kPassed; ++i) passed_[i] = id_of(kPassedKinds[i].extension);
}

PacketHeaderWriter::Elements PacketHeaderWriter::elements(const Packet* packet,
                                                          bool with_mid) const {
  Elements elements{.wide = wide_ids_};
  if (transport_sequence_number_ != 0) elements.add(2);
  if (absolute_send_time_ != 0) elements.add(3);
  if (with_mid) elements.add(mid_.size());
  if (packet == nullptr) return elements;
  for (std::size_t i = 0; i < kPassed; ++i) {
    const std::size_t size = (packet->*kPassedKinds[i].value).size();
    if (passed_[i] != 0 && size != 0) elements.add(size);
  }
  return elements;
}

std::size_t PacketHeaderWriter::size(const Packet* packet, bool with_mid) const {
  const Elements all = elements(packet, with_mid);
  if (all.count == 0) return kFixedSize;
  return kFixedSize + kExtensionHeaderSize + whole_words(all.size());
}

void PacketHeaderWriter::write(const rtp::Header& header, const Packet* packet, const Stamp& stamp,
                               std::span<std::uint8_t> out) const {
  const Elements all = elements(packet, stamp.mid);
  const bool extended = all.count > 0;
  PARLEY_ASSERT(out.size() >= kFixedSize + (extended ? kExtensionHeaderSize : 0) + all.size());
  std::uint8_t* at = out.data();
  at[0] = extended ? 0x90 : 0x80;
  at[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) |
                                    std::to_underlying(header.payload_type));
  put_u16(at + 2, header.sequence_number);
  put_u32(at + 4, header.timestamp);
  put_u32(at + 8, std::to_underlying(header.ssrc));
  if (!extended) return;
  put_u16(at + 12, all.wide ? 0x1000 : 0xBEDE);
  put_u16(at + 14, static_cast<std::uint16_t>(whole_words(all.size()) / 4));
  at += kFixedSize + kExtensionHeaderSize;
  const auto put = [&](std::uint8_t id, Bytes value) { at = put_element(at, all.wide, id, value); };
  if (transport_sequence_number_ != 0) {
    put(transport_sequence_number_,
        rtp::encode_transport_sequence_number(stamp.transport_sequence_number));
  }
  if (absolute_send_time_ != 0) {
    put(absolute_send_time_, rtp::encode(rtp::AbsoluteSendTime::of(stamp.now)));
  }
  if (stamp.mid) put(mid_id_, as_bytes(mid_));
  for (std::size_t i = 0; packet != nullptr && i < kPassed; ++i) {
    const Bytes value = packet->*kPassedKinds[i].value;
    if (passed_[i] != 0 && !value.empty()) put(passed_[i], value);
  }
  // It is the last, and its number follows a byte of flags and the template (AV1 RTP, A.8.2).
  constexpr std::size_t kFrameNumberAt = 1, kMandatory = 3;
  if (packet != nullptr && stamp.frame_number && passed_.back() != 0 &&
      packet->dependency_descriptor.size() >= kMandatory) {
    put_u16(at - packet->dependency_descriptor.size() + kFrameNumberAt, *stamp.frame_number);
  }
  std::memset(at, 0, static_cast<std::size_t>(out.data() + out.size() - at));
}

}  // namespace parley::sfu

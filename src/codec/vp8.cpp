#include "codec/vp8.h"

#include "base/assert.h"

namespace parley::codec {
namespace {

// First octet: X R N S R PID.
constexpr std::uint8_t kExtended = 0x80;
constexpr std::uint8_t kNonReference = 0x20;
constexpr std::uint8_t kStart = 0x10;
constexpr std::uint8_t kPartition = 0x07;
// Second octet: I L T K.
constexpr std::uint8_t kPictureId = 0x80;
constexpr std::uint8_t kTl0 = 0x40;
constexpr std::uint8_t kTemporal = 0x20;
constexpr std::uint8_t kKeyIndex = 0x10;
constexpr std::uint8_t kLongPictureId = 0x80;  // M, of the picture id's first octet.

void read_picture_id(ByteReader& reader, Vp8Descriptor& descriptor) {
  const std::uint8_t first = reader.u8();
  descriptor.short_picture_id = (first & kLongPictureId) == 0;
  descriptor.picture_id = descriptor.short_picture_id
                              ? first
                              : static_cast<std::uint16_t>((first & 0x7F) << 8 | reader.u8());
}

}  // namespace

std::optional<Vp8Descriptor> Vp8Descriptor::parse(Bytes payload) {
  ByteReader reader(payload);
  Vp8Descriptor descriptor;
  const std::uint8_t first = reader.u8();
  descriptor.non_reference = (first & kNonReference) != 0;
  descriptor.start_of_partition = (first & kStart) != 0;
  descriptor.partition = first & kPartition;
  const std::uint8_t present = (first & kExtended) != 0 ? reader.u8() : std::uint8_t{0};
  if ((present & kPictureId) != 0) read_picture_id(reader, descriptor);
  if ((present & kTl0) != 0) descriptor.tl0_picture_index = reader.u8();
  if ((present & (kTemporal | kKeyIndex)) != 0) {  // They share an octet.
    const std::uint8_t both = reader.u8();
    if ((present & kTemporal) != 0) {
      descriptor.temporal = {.layer = static_cast<std::uint8_t>(both >> 6),
                             .sync = (both & 0x20) != 0};
    }
    if ((present & kKeyIndex) != 0) descriptor.key_index = both & 0x1F;
  }
  if (!reader.ok()) return std::nullopt;
  descriptor.size = payload.size() - reader.remaining();
  return descriptor;
}

void Vp8Descriptor::write_to(ByteWriter& writer) const {
  const auto present =
      static_cast<std::uint8_t>((picture_id ? kPictureId : 0) | (tl0_picture_index ? kTl0 : 0) |
                                (temporal ? kTemporal : 0) | (key_index ? kKeyIndex : 0));
  writer.u8(static_cast<std::uint8_t>(
      (present != 0 ? kExtended : 0) | (non_reference ? kNonReference : 0) |
      (start_of_partition ? kStart : 0) | (partition & kPartition)));
  if (present == 0) return;
  writer.u8(present);
  if (picture_id && short_picture_id) {
    writer.u8(static_cast<std::uint8_t>(*picture_id & 0x7F));
  } else if (picture_id) {
    writer.u16(static_cast<std::uint16_t>(kLongPictureId << 8 | (*picture_id & 0x7FFF)));
  }
  if (tl0_picture_index) writer.u8(*tl0_picture_index);
  if (!temporal && !key_index) return;
  const Temporal layer = temporal.value_or(Temporal{});
  writer.u8(static_cast<std::uint8_t>(layer.layer << 6 | (layer.sync ? 0x20 : 0) |
                                      (key_index.value_or(0) & 0x1F)));
}

void Vp8Descriptor::rewrite(std::span<std::uint8_t> payload, std::uint16_t new_picture_id,
                            std::uint8_t new_tl0_picture_index) const {
  std::size_t at = 2;
  if (picture_id && short_picture_id) {
    payload[at++] = static_cast<std::uint8_t>(new_picture_id & 0x7F);
  } else if (picture_id) {
    payload[at++] = static_cast<std::uint8_t>(kLongPictureId | (new_picture_id >> 8 & 0x7F));
    payload[at++] = static_cast<std::uint8_t>(new_picture_id);
  }
  if (tl0_picture_index) payload[at] = new_tl0_picture_index;
}

bool is_vp8_key_frame(Bytes frame) {
  return !frame.empty() && (frame[0] & 0x01) == 0;
}

std::optional<PictureSize> vp8_picture_size(Bytes frame) {
  constexpr std::size_t kFrameTag = 3;
  constexpr std::uint32_t kStartCode = 0x9D012A;
  if (!is_vp8_key_frame(frame) || frame.size() < kFrameTag) return std::nullopt;
  ByteReader reader(frame.subspan(kFrameTag));
  const std::uint32_t start_code = std::uint32_t{reader.u16()} << 8 | reader.u8();
  const auto little_endian = [&] {
    const std::uint8_t low = reader.u8();
    return static_cast<std::uint16_t>((reader.u8() << 8 | low) & 0x3FFF);  // Above it: scaling.
  };
  const std::uint16_t width = little_endian();
  const std::uint16_t height = little_endian();
  if (!reader.ok() || start_code != kStartCode) return std::nullopt;
  return PictureSize{.width = width, .height = height};
}

std::vector<Payload> packetize_vp8(Bytes frame, std::size_t max_size, Vp8Descriptor descriptor) {
  descriptor.partition = 0;
  descriptor.start_of_partition = true;
  ByteWriter measured;
  descriptor.write_to(measured);
  PARLEY_ASSERT(max_size > measured.size());
  const std::size_t parts = parts_of(frame.size(), max_size - measured.size());

  std::vector<Payload> payloads;
  for (std::size_t i = 0, at = 0; i < parts; ++i) {
    const std::size_t size = part_size(frame.size(), parts, i);
    descriptor.start_of_partition = i == 0;
    ByteWriter writer;
    descriptor.write_to(writer);
    writer.bytes(frame.subspan(at, size));
    payloads.push_back({.bytes = writer.take(), .last_of_frame = i + 1 == parts});
    at += size;
  }
  return payloads;
}

}  // namespace parley::codec

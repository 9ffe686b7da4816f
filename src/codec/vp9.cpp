#include "codec/vp9.h"

#include "base/assert.h"

namespace parley::codec {
namespace {

constexpr std::uint8_t kPictureId = 0x80;             // I
constexpr std::uint8_t kInterPicture = 0x40;          // P
constexpr std::uint8_t kLayer = 0x20;                 // L
constexpr std::uint8_t kFlexible = 0x10;              // F
constexpr std::uint8_t kStart = 0x08;                 // B
constexpr std::uint8_t kEnd = 0x04;                   // E
constexpr std::uint8_t kStructure = 0x02;             // V
constexpr std::uint8_t kNotReferenceForUpper = 0x01;  // Z
constexpr std::uint8_t kLongPictureId = 0x80;         // M

void read_picture_id(ByteReader& reader, Vp9Descriptor& descriptor) {
  const std::uint8_t first = reader.u8();
  descriptor.short_picture_id = (first & kLongPictureId) == 0;
  descriptor.picture_id = descriptor.short_picture_id
                              ? first
                              : static_cast<std::uint16_t>((first & 0x7F) << 8 | reader.u8());
}

void read_layer(ByteReader& reader, Vp9Descriptor& descriptor) {
  const std::uint8_t bits = reader.u8();  // T U S D
  Vp9Descriptor::Layer layer{.temporal = static_cast<std::uint8_t>(bits >> 5),
                             .spatial = static_cast<std::uint8_t>(bits >> 1 & 0x07),
                             .switching_up_point = (bits & 0x10) != 0,
                             .depends_on_lower_spatial = (bits & 0x01) != 0};
  if (!descriptor.flexible) layer.tl0_picture_index = reader.u8();
  descriptor.layer = layer;
}

// Up to three, each saying whether one more follows. False for a fourth.
bool read_references(ByteReader& reader, Vp9Descriptor& descriptor) {
  bool more = true;
  while (more && reader.ok()) {
    if (descriptor.reference_count == descriptor.references.size()) return false;
    const std::uint8_t bits = reader.u8();
    descriptor.references[descriptor.reference_count++] = bits >> 1;
    more = (bits & 0x01) != 0;
  }
  return true;
}

void read_structure(ByteReader& reader, Vp9Descriptor& descriptor) {
  const std::uint8_t bits = reader.u8();  // N_S Y G
  const bool has_sizes = (bits & 0x10) != 0;
  const bool has_groups = (bits & 0x08) != 0;
  Vp9Descriptor::ScalabilityStructure structure{.spatial_layers =
                                                    static_cast<std::uint8_t>((bits >> 5) + 1)};
  for (std::size_t i = 0; has_sizes && i < structure.spatial_layers; ++i) {
    structure.sizes[i] = {.width = reader.u16(), .height = reader.u16()};
  }
  descriptor.structure = structure;
  const int groups = has_groups ? reader.u8() : 0;
  for (int i = 0; i < groups && reader.ok(); ++i) {
    const std::uint8_t group = reader.u8();
    reader.bytes(group >> 2 & 0x03);  // One octet a reference.
  }
}

void write_structure(ByteWriter& writer, const Vp9Descriptor::ScalabilityStructure& structure) {
  const bool has_sizes = structure.sizes[0] != PictureSize{};
  writer.u8(
      static_cast<std::uint8_t>((structure.spatial_layers - 1) << 5 | (has_sizes ? 0x10 : 0)));
  for (std::size_t i = 0; has_sizes && i < structure.spatial_layers; ++i) {
    writer.u16(structure.sizes[i].width);
    writer.u16(structure.sizes[i].height);
  }
}

}  // namespace

std::optional<Vp9Descriptor> Vp9Descriptor::parse(Bytes payload) {
  ByteReader reader(payload);
  const std::uint8_t bits = reader.u8();
  Vp9Descriptor descriptor;
  descriptor.inter_picture_predicted = (bits & kInterPicture) != 0;
  descriptor.flexible = (bits & kFlexible) != 0;
  descriptor.starts_layer_frame = (bits & kStart) != 0;
  descriptor.ends_layer_frame = (bits & kEnd) != 0;
  descriptor.not_reference_for_upper_spatial = (bits & kNotReferenceForUpper) != 0;
  if ((bits & kPictureId) != 0) read_picture_id(reader, descriptor);
  if ((bits & kLayer) != 0) read_layer(reader, descriptor);
  if (descriptor.flexible && descriptor.inter_picture_predicted &&
      !read_references(reader, descriptor)) {
    return std::nullopt;
  }
  if ((bits & kStructure) != 0) read_structure(reader, descriptor);
  if (!reader.ok()) return std::nullopt;
  descriptor.size = payload.size() - reader.remaining();
  return descriptor;
}

void Vp9Descriptor::write_to(ByteWriter& writer) const {
  writer.u8(static_cast<std::uint8_t>(
      (picture_id ? kPictureId : 0) | (inter_picture_predicted ? kInterPicture : 0) |
      (layer ? kLayer : 0) | (flexible ? kFlexible : 0) | (starts_layer_frame ? kStart : 0) |
      (ends_layer_frame ? kEnd : 0) | (structure ? kStructure : 0) |
      (not_reference_for_upper_spatial ? kNotReferenceForUpper : 0)));
  if (picture_id && short_picture_id) {
    writer.u8(static_cast<std::uint8_t>(*picture_id & 0x7F));
  } else if (picture_id) {
    writer.u16(static_cast<std::uint16_t>(kLongPictureId << 8 | (*picture_id & 0x7FFF)));
  }
  if (layer) {
    writer.u8(static_cast<std::uint8_t>(
        layer->temporal << 5 | (layer->switching_up_point ? 0x10 : 0) | layer->spatial << 1 |
        (layer->depends_on_lower_spatial ? 0x01 : 0)));
    if (!flexible) writer.u8(layer->tl0_picture_index.value_or(0));
  }
  if (flexible && inter_picture_predicted) {
    PARLEY_ASSERT(reference_count >= 1 && reference_count <= references.size());
    for (std::size_t i = 0; i < reference_count; ++i) {
      const bool more = i + 1u < reference_count;
      writer.u8(static_cast<std::uint8_t>(references[i] << 1 | (more ? 1 : 0)));
    }
  }
  if (structure) write_structure(writer, *structure);
}

std::vector<Payload> packetize_vp9(Bytes layer_frame, std::size_t max_size,
                                   Vp9Descriptor descriptor, bool last_of_picture) {
  ByteWriter measured;
  descriptor.write_to(measured);
  PARLEY_ASSERT(max_size > measured.size());
  const std::size_t parts = parts_of(layer_frame.size(), max_size - measured.size());
  std::vector<Payload> payloads;
  for (std::size_t i = 0, at = 0; i < parts; ++i) {
    const std::size_t size = part_size(layer_frame.size(), parts, i);
    const bool is_last = i + 1 == parts;
    descriptor.starts_layer_frame = i == 0;
    descriptor.ends_layer_frame = is_last;
    ByteWriter writer;
    descriptor.write_to(writer);
    writer.bytes(layer_frame.subspan(at, size));
    payloads.push_back({.bytes = writer.take(), .last_of_frame = is_last && last_of_picture});
    descriptor.structure.reset();
    at += size;
  }
  return payloads;
}

}  // namespace parley::codec

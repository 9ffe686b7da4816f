#include "sfu/frame_reader.h"

#include <algorithm>
#include <limits>

#include "codec/h264.h"
#include "codec/h264_sps.h"
#include "codec/vp9.h"

namespace parley::sfu {
namespace {

// RFC 2198, 3: headers of four octets, each with the length of its block, until one without the
// first bit, whose block is the rest.
bool is_red(Bytes payload) {
  constexpr std::uint8_t kMore = 0x80;
  ByteReader reader(payload);
  std::size_t blocks = 0;
  while ((reader.u8() & kMore) != 0 && reader.ok()) {
    reader.u8();
    blocks += reader.u16() & std::size_t{0x03FF};
  }
  return reader.ok() && blocks <= reader.remaining();
}

// With nothing of the frame before it missing: whether it is another frame.
bool begins_after(const Packet* previous, const Packet& packet) {
  return previous != nullptr && previous->timestamp != packet.timestamp;
}

}  // namespace

FrameReader::FrameReader(std::span<const sdp::Codec> codecs) {
  for (const sdp::Codec& codec : codecs) formats_[codec.payload_type & 0x7F] = format_of(codec);
}

FrameReader::Format FrameReader::format_of(const sdp::Codec& codec) {
  constexpr std::uint32_t kVideoClock = 90'000;
  if (codec.is_red()) return codec.clock_rate == kVideoClock ? Format::kUnknown : Format::kRed;
  if (!codec.is_media()) return Format::kUnknown;
  if (codec.is("opus")) return Format::kOpus;
  if (codec.is("VP8")) return Format::kVp8;
  if (codec.is("VP9")) return Format::kVp9;
  if (codec.is("H264")) return Format::kH264;
  if (codec.is("AV1")) return Format::kAv1;
  return codec.clock_rate == kVideoClock ? Format::kPicture : Format::kSound;
}

bool FrameReader::read(Packet& packet, const Packet* previous) {
  packet.frame = {};
  if (packet.payload.empty()) return true;
  switch (format(packet.payload_type)) {
    case Format::kUnknown: return false;
    case Format::kRed:
      if (!is_red(packet.payload)) return false;
      [[fallthrough]];
    case Format::kOpus:
    case Format::kSound:
      packet.frame = {.starts_frame = true, .ends_frame = true, .key_frame = true};
      return true;
    case Format::kVp8: return read_vp8(packet);
    case Format::kVp9: return read_vp9(packet);
    case Format::kH264: return read_h264(packet, previous);
    case Format::kAv1: return read_av1(packet, previous);
    case Format::kPicture:
      packet.frame = {.starts_frame = begins_after(previous, packet), .ends_frame = packet.marker};
      return read_dependencies(packet);
  }
  return false;
}

bool FrameReader::read_vp8(Packet& packet) {
  const auto descriptor = codec::Vp8Descriptor::parse(packet.payload);
  if (!descriptor) return false;
  const Bytes frame = packet.payload.subspan(descriptor->size);
  const bool starts_frame = descriptor->starts_frame();
  packet.frame = {
      .starts_frame = starts_frame,
      .ends_frame = packet.marker,
      .switch_up = descriptor->temporal && descriptor->temporal->sync,
      .non_reference = descriptor->non_reference,
      .temporal = descriptor->temporal ? descriptor->temporal->layer : std::uint8_t{0},
      .ends_layer = packet.marker,
      .picture_id = descriptor->picture_id,
      .short_picture_id = descriptor->short_picture_id,
      .tl0_picture_index = descriptor->tl0_picture_index,
      .descriptor_size = static_cast<std::uint8_t>(descriptor->size),
  };
  const bool begins = starts_frame && codec::is_vp8_key_frame(frame);
  note_key_frame(packet, begins);
  if (begins && key_frame_ == packet.timestamp) {
    sizes_[0] = codec::vp8_picture_size(frame).value_or(codec::PictureSize{});
  }
  return true;
}

bool FrameReader::read_vp9(Packet& packet) {
  const auto descriptor = codec::Vp9Descriptor::parse(packet.payload);
  if (!descriptor) return false;
  const codec::Vp9Descriptor::Layer layer =
      descriptor->layer.value_or(codec::Vp9Descriptor::Layer{});
  if (layer.spatial >= kMaxSpatialLayers || layer.temporal >= kMaxTemporalLayers) return false;
  packet.frame = {
      .starts_frame = descriptor->starts_layer_frame,
      .ends_frame = descriptor->ends_layer_frame,
      .switch_up = layer.switching_up_point,
      .spatial = layer.spatial,
      .temporal = layer.temporal,
      .ends_layer = descriptor->ends_layer_frame,
  };
  note_key_frame(packet, !descriptor->inter_picture_predicted && layer.spatial == 0);
  if (!descriptor->structure) return true;
  const auto& structure = *descriptor->structure;
  const std::size_t count = std::min<std::size_t>(structure.spatial_layers, kMaxSpatialLayers);
  sizes_ = {};
  std::copy_n(structure.sizes.begin(), count, sizes_.begin());
  return true;
}

bool FrameReader::read_h264(Packet& packet, const Packet* previous) {
  const auto payload = codec::H264Payload::parse(packet.payload);
  if (!payload) return false;
  // Where the packet before it is missing, that may be the one with the SPS.
  const bool may_begin = payload->has_sps || begins_after(previous, packet);
  packet.frame = {.starts_frame = payload->starts_nal_unit && may_begin,
                  .ends_frame = packet.marker,
                  .ends_layer = packet.marker};
  note_key_frame(packet, payload->has_idr || payload->has_sps);
  if (payload->has_sps && key_frame_ == packet.timestamp) {
    if (const auto size = codec::h264_picture_size(packet.payload)) sizes_[0] = *size;
  }
  return read_dependencies(packet);
}

bool FrameReader::read_av1(Packet& packet, const Packet* previous) {
  constexpr std::uint8_t kContinuesObu = 0x80;  // Z and N of the aggregation header
  constexpr std::uint8_t kNewSequence = 0x08;   // (AV1 RTP specification, 4.4).
  const bool continues = (packet.payload[0] & kContinuesObu) != 0;
  const bool new_sequence = (packet.payload[0] & kNewSequence) != 0;
  if (continues && new_sequence) return false;
  packet.frame = {
      .starts_frame = new_sequence || (!continues && begins_after(previous, packet)),
      .ends_frame = packet.marker,
      .ends_layer = packet.marker,
  };
  note_key_frame(packet, new_sequence);
  return read_dependencies(packet);
}

// What begins a key frame makes all packets of its timestamp say so.
void FrameReader::note_key_frame(Packet& packet, bool begins) {
  if (begins && (!key_frame_ || packet.timestamp > *key_frame_)) key_frame_ = packet.timestamp;
  packet.frame.key_frame = begins || key_frame_ == packet.timestamp;
  packet.frame.switch_up = packet.frame.switch_up || packet.frame.key_frame;
}

// A descriptor that leans on a structure that has not come says nothing; nor does one that is
// malformed.
bool FrameReader::read_dependencies(Packet& packet) {
  constexpr std::size_t kPlain = 3;  // Octets: nothing but which template it follows.
  const Bytes value = packet.dependency_descriptor;
  if (value.size() < kPlain) return true;
  const bool has_structure = value.size() > kPlain && (value[3] & 0x80) != 0;
  if (has_structure && (!structure_ || packet.seq > *structure_)) {
    if (!dependencies_.read(value)) return true;
    structure_ = packet.seq;
    note_structure();
  }
  const std::size_t index = (value[0] + std::size_t{64} - template_id_offset_) & 0x3F;
  if (index >= template_count_) return true;
  const Template& one = templates_[index];
  if (one.spatial >= kMaxSpatialLayers || one.temporal >= kMaxTemporalLayers) return false;
  FrameInfo& frame = packet.frame;
  frame.starts_frame = (value[0] & 0x80) != 0;
  frame.ends_frame = frame.ends_layer = (value[0] & 0x40) != 0;
  frame.spatial = one.spatial;
  frame.temporal = one.temporal;
  frame.non_reference = one.non_reference;
  frame.switch_up = one.switch_up;
  note_key_frame(packet, one.key_frame);
  return true;
}

void FrameReader::note_structure() {
  const codec::DependencyStructure& structure = *dependencies_.structure();
  std::array<Template, 32> targets = {};  // The highest layers of each decode target.
  for (const auto& one : structure.templates) {
    for (std::size_t i = 0; i < one.indications.size(); ++i) {
      if (one.indications[i] == codec::Indication::kNotPresent) continue;
      targets[i].spatial = std::max(targets[i].spatial, one.spatial);
      targets[i].temporal = std::max(targets[i].temporal, one.temporal);
    }
  }
  template_id_offset_ = structure.template_id_offset;
  template_count_ = structure.templates.size();
  for (std::size_t i = 0; i < template_count_; ++i) {
    const auto& one = structure.templates[i];
    Template& read = templates_[i];
    read = {.spatial = one.spatial,
            .temporal = one.temporal,
            .key_frame = one.spatial == 0 && one.frame_differences.empty(),
            .non_reference = true};
    for (std::size_t j = 0; j < one.indications.size(); ++j) {
      const bool is_its_own =
          targets[j].spatial == one.spatial && targets[j].temporal == one.temporal;
      const codec::Indication indication = one.indications[j];
      read.switch_up |= is_its_own && indication == codec::Indication::kSwitch;
      read.non_reference &= indication == codec::Indication::kNotPresent ||
                            indication == codec::Indication::kDiscardable;
    }
  }
  sizes_ = {};
  std::copy_n(structure.resolutions.begin(), std::min(structure.resolutions.size(), sizes_.size()),
              sizes_.begin());
}

}  // namespace parley::sfu

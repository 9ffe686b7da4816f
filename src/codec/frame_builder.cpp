#include "codec/frame_builder.h"

#include <functional>
#include <optional>
#include <utility>

#include "codec/av1.h"
#include "codec/h264.h"
#include "codec/vp8.h"
#include "codec/vp9.h"
#include "codec/vp9_frame.h"

namespace parley::codec {
namespace {

using Parts = FrameAssembler::Frame;

void append(std::vector<std::uint8_t>& data, Bytes bytes) {
  data.insert(data.end(), bytes.begin(), bytes.end());
}

bool join_vp8(const Parts& parts, FrameBuilder::Frame& frame) {
  for (const Bytes payload : parts.payloads) {
    const auto descriptor = Vp8Descriptor::parse(payload);
    if (!descriptor) return false;
    append(frame.data, payload.subspan(descriptor->size));
  }
  frame.key = is_vp8_key_frame(frame.data);
  return true;
}

// The frames of several layers as one chunk, as files have it, so that a decoder knows them apart.
bool join_vp9(const Parts& parts, FrameBuilder::Frame& frame) {
  std::vector<std::size_t> sizes;
  for (const Bytes payload : parts.payloads) {
    const auto descriptor = Vp9Descriptor::parse(payload);
    if (!descriptor) return false;
    if (frame.data.empty()) frame.key = descriptor->starts_key_frame();
    if (descriptor->starts_layer_frame) sizes.push_back(0);
    if (sizes.empty() || sizes.size() > kMaxVp9Frames) return false;
    append(frame.data, payload.subspan(descriptor->size));
    sizes.back() += payload.size() - descriptor->size;
  }
  if (sizes.size() > 1) append_vp9_index(frame.data, sizes);
  return true;
}

bool join_h264(const Parts& parts, FrameBuilder::Frame& frame) {
  H264Depacketizer depacketizer;
  for (const Bytes payload : parts.payloads) {
    const auto parsed = H264Payload::parse(payload);
    if (!parsed || !depacketizer.add(payload)) return false;
    frame.key |= parsed->has_idr;
  }
  frame.data = depacketizer.take();
  return true;
}

bool join_av1(const Parts& parts, FrameBuilder::Frame& frame) {
  Av1Depacketizer depacketizer;
  for (const Bytes payload : parts.payloads) {
    const auto parsed = Av1Payload::parse(payload);
    if (!parsed || !depacketizer.add(payload)) return false;
    frame.key |= parsed->new_coded_video_sequence;
  }
  frame.data = depacketizer.take();
  return true;
}

bool starts_vp8_key_frame(Bytes payload) {
  const auto descriptor = Vp8Descriptor::parse(payload);
  return descriptor && descriptor->starts_frame() &&
         is_vp8_key_frame(payload.subspan(descriptor->size));
}

template <class Parsed>
bool holds(const std::optional<Parsed>& parsed, auto predicate) {
  return parsed && std::invoke(predicate, *parsed);
}

}  // namespace

// A picture of H.264 may be several IDR slices: only the parameters before it are its beginning.
bool starts_key_frame(Format format, Bytes payload) {
  switch (format) {
    case Format::kVp8: return starts_vp8_key_frame(payload);
    case Format::kVp9:
      return holds(Vp9Descriptor::parse(payload), &Vp9Descriptor::starts_key_frame);
    case Format::kH264: return holds(H264Payload::parse(payload), &H264Payload::has_sps);
    case Format::kAv1:
      return holds(Av1Payload::parse(payload), &Av1Payload::new_coded_video_sequence);
    case Format::kOpus:
    case Format::kUnknown: break;
  }
  return false;
}

std::optional<FrameBuilder::Frame> FrameBuilder::add(const Packet& packet) {
  if (packet.payload.empty()) {  // Padding; but what was lost before it, was.
    broken_ |= packet.lost_before;
    return {};
  }
  if (format_ == Format::kOpus) {
    return Frame{.timestamp = packet.timestamp,
                 .key = true,
                 .lost_before = packet.lost_before,
                 .data = {packet.payload.begin(), packet.payload.end()}};
  }
  const auto parts = assembler_.add(packet.timestamp, packet.marker, packet.lost_before,
                                    starts_frame(packet), packet.payload);
  if (!parts) return {};
  Frame frame{.timestamp = parts->timestamp};
  if (!join(*parts, frame) || frame.data.empty()) {
    ++malformed_;
    broken_ = true;
    return {};
  }
  broken_ = (broken_ || parts->lost_before) && !frame.key;
  frame.lost_before = broken_;
  return frame;
}

// H.264 and AV1 say so of key frames alone: of the others it is the packet before that tells.
bool FrameBuilder::starts_frame(const Packet& packet) const {
  switch (format_) {
    case Format::kVp8: {
      const auto descriptor = Vp8Descriptor::parse(packet.payload);
      return descriptor && descriptor->starts_frame();
    }
    case Format::kVp9: {
      const auto descriptor = Vp9Descriptor::parse(packet.payload);
      return descriptor && descriptor->starts_layer_frame &&
             (!descriptor->layer || descriptor->layer->spatial == 0);
    }
    case Format::kH264: {
      const auto payload = H264Payload::parse(packet.payload);
      return payload && payload->starts_nal_unit && (!packet.lost_before || payload->has_sps);
    }
    case Format::kAv1: {
      const auto payload = Av1Payload::parse(packet.payload);
      return payload && !payload->continues_obu &&
             (!packet.lost_before || payload->new_coded_video_sequence);
    }
    case Format::kOpus:
    case Format::kUnknown: break;
  }
  return true;
}

bool FrameBuilder::join(const Parts& parts, Frame& frame) const {
  switch (format_) {
    case Format::kVp8: return join_vp8(parts, frame);
    case Format::kVp9: return join_vp9(parts, frame);
    case Format::kH264: return join_h264(parts, frame);
    case Format::kAv1: return join_av1(parts, frame);
    case Format::kOpus:
    case Format::kUnknown: break;
  }
  return false;
}

}  // namespace parley::codec

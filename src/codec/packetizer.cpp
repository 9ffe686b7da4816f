#include "codec/packetizer.h"

#include <utility>

#include "codec/av1.h"
#include "codec/h264.h"
#include "codec/vp8.h"
#include "codec/vp9.h"

namespace parley::codec {
namespace {

constexpr std::uint16_t kPictureIdMask = 0x7FFF;

std::vector<Payload> whole(Bytes frame) {
  return {{.bytes = {frame.begin(), frame.end()}, .last_of_frame = false}};
}

}  // namespace

std::optional<std::vector<Payload>> Packetizer::packetize(
    Format format, Bytes frame, bool key, std::size_t max_size,
    std::optional<std::uint8_t> temporal_layer) {
  if (frame.empty()) return {};
  std::vector<Payload> payloads;
  switch (format) {
    case Format::kOpus:  // The marker would say that a silence ends.
      return whole(frame);
    case Format::kVp8: payloads = packetize_vp8(frame, max_size, next_vp8(temporal_layer)); break;
    case Format::kVp9:
      payloads =
          packetize_vp9(frame, max_size,
                        {.picture_id = next_picture_id(), .inter_picture_predicted = !key}, true);
      break;
    case Format::kH264: payloads = packetize_h264(frame, max_size); break;
    case Format::kAv1: return packetize_av1(frame, max_size);
    case Format::kUnknown: break;
  }
  if (payloads.empty()) return {};
  return payloads;
}

Vp8Descriptor Packetizer::next_vp8(std::optional<std::uint8_t> temporal_layer) {
  Vp8Descriptor descriptor{.picture_id = next_picture_id()};
  if (!temporal_layer) return descriptor;
  const bool is_base = *temporal_layer == 0;
  if (is_base) ++tl0_picture_index_;
  descriptor.non_reference = !is_base;
  descriptor.tl0_picture_index = tl0_picture_index_;
  descriptor.temporal = {.layer = *temporal_layer, .sync = !is_base};
  return descriptor;
}

std::uint16_t Packetizer::next_picture_id() {
  const std::uint16_t id = picture_id_ & kPictureIdMask;
  picture_id_ = (picture_id_ + 1) & kPictureIdMask;
  return id;
}

}  // namespace parley::codec

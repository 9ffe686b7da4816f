#include "sfu/carried_stream.h"

#include <limits>
#include <utility>

#include "base/assert.h"

namespace parley::sfu {
namespace {

// Second and third byte of each dependency descriptor (AV1 RTP specification, A.8.2).
std::optional<std::uint16_t> frame_number(const Packet& packet) {
  const Bytes descriptor = packet.dependency_descriptor;
  if (descriptor.size() < 3) return std::nullopt;
  return static_cast<std::uint16_t>(descriptor[1] << 8 | descriptor[2]);
}

}  // namespace

void CarriedStream::Sent::start(std::uint64_t seq) {
  words_.fill(0);
  next_ = seq;
  add_next(seq);
}

void CarriedStream::Sent::add_next(std::uint64_t seq) {
  for (; next_ < seq; ++next_) word(next_) &= ~bit(next_);
  word(next_++) |= bit(seq);
}

bool CarriedStream::Sent::add(std::uint64_t seq) {
  if (seq + kBits < next_ || (word(seq) & bit(seq)) != 0) return false;
  word(seq) |= bit(seq);
  return true;
}

Forwarded CarriedStream::start(const PacketRef& first, const PayloadMap& payloads,
                               const Timeline::Clock& clock, const Last& last,
                               LayerFilter::Limits target) {
  const Packet& packet = *first;
  encoding_ = packet.encoding;
  payload_type_ = packet.payload_type;
  newest_picture_ = newest_timestamp_ = newest_forwarded_ = packet.timestamp;
  newest_dropped_ = false;
  clock_ = clock;
  layers_.start(packet.timestamp, target);
  numbers_.start(packet.seq.value, static_cast<std::uint16_t>(last.sequence_number + 1));
  sent_.start(packet.seq.value);
  pictures_.start(payloads.is_vp8(payload_type_) ? packet.frame : FrameInfo{}, last.pictures);
  const std::optional<std::uint16_t> number = frame_number(packet);
  counts_frames_ = number.has_value();
  newest_frame_number_ = number.value_or(0);
  frame_number_shift_ = 0;
  if (number && last.frame_number) {
    frame_number_shift_ = static_cast<std::uint16_t>(*last.frame_number + 1 - *number);
  }
  last_frame_number_ = last.frame_number;
  const std::optional<PayloadMap::Passed> passed = payloads.pass(packet);
  PARLEY_ASSERT(passed);
  std::optional<Forwarded> forwarded = with_numbers(first, *passed, numbers_.last(), target);
  PARLEY_ASSERT(forwarded);
  forwarded->starts_stream = true;
  return *std::move(forwarded);
}

CarriedStream::Last CarriedStream::last() const {
  Last last{.sequence_number = numbers_.last(),
            .pictures = pictures_.last(),
            .frame_number = last_frame_number_};
  if (counts_frames_) {
    last.frame_number = static_cast<std::uint16_t>(newest_frame_number_ + frame_number_shift_);
  }
  return last;
}

std::optional<Forwarded> CarriedStream::forward_next(const PacketRef& ref,
                                                     const PayloadMap& payloads,
                                                     Timeline& timeline) {
  const Packet& packet = *ref;
  if (packet.payload.empty()) {  // Padding: no receiver needs that of another's path.
    numbers_.drop(packet.seq.value);
    newest_dropped_ = false;
    return std::nullopt;
  }
  const std::optional<PayloadMap::Passed> passed = payloads.pass(packet);
  if (packet.timestamp > newest_picture_) begin_picture(packet, passed.has_value());
  const bool goes_on = packet.timestamp == std::exchange(newest_timestamp_, packet.timestamp);
  if (!passed || !layers_.limits().pass(packet.frame) || packet.timestamp < clock_.first_in()) {
    // What is missing within a picture, between what is not wanted, is not wanted.
    numbers_.drop(packet.seq.value, goes_on && newest_dropped_);
    newest_dropped_ = true;
    return std::nullopt;
  }
  newest_dropped_ = false;
  if (packet.timestamp > newest_forwarded_) place_picture(packet, timeline);
  sent_.add_next(packet.seq.value);
  return with_numbers(ref, *passed, numbers_.take(packet.seq.value), layers_.limits());
}

void CarriedStream::begin_picture(const Packet& packet, bool passes) {
  newest_picture_ = packet.timestamp;
  layers_.handle_picture(packet.timestamp, packet.frame);
  pictures_.handle_frame(packet.frame, passes && layers_.limits().pass(packet.frame));
  if (counts_frames_) newest_frame_number_ = frame_number(packet).value_or(newest_frame_number_);
}

void CarriedStream::place_picture(const Packet& packet, Timeline& timeline) {
  newest_forwarded_ = packet.timestamp;
  if (timeline.has_jumped(clock_, packet.timestamp, packet.arrived)) {
    clock_ = *timeline.begin(packet.timestamp, packet.arrived, std::nullopt,
                             std::numeric_limits<std::uint64_t>::max());
  }
  timeline.handle_frame(clock_, packet.timestamp, packet.arrived);
}

std::optional<Forwarded> CarriedStream::forward_late(const PacketRef& packet,
                                                     const PayloadMap& payloads) {
  if (!numbers_.find(packet->seq.value) || !sent_.add(packet->seq.value)) return std::nullopt;
  return repeat(packet, payloads);
}

std::optional<rtp::SeqNo> CarriedStream::find_in(std::uint16_t sequence_number) const {
  const std::optional<std::uint64_t> in = numbers_.find_in(sequence_number);
  if (!in) return std::nullopt;
  return rtp::SeqNo{*in};
}

std::optional<Forwarded> CarriedStream::repeat(const PacketRef& packet,
                                               const PayloadMap& payloads) const {
  const std::optional<std::uint16_t> number = numbers_.find(packet->seq.value);
  const std::optional<PayloadMap::Passed> passed = payloads.pass(*packet);
  if (!number || !passed) return std::nullopt;
  const LayerFilter::Limits limits = layers_.limits_at(packet->timestamp);
  if (limits.pass(packet->frame) && packet->timestamp >= clock_.first_in()) {
    if (auto forwarded = with_numbers(packet, *passed, *number, limits)) return forwarded;
  }
  return Forwarded{.packet = packet,
                   .payload = {},
                   .sequence_number = *number,
                   .timestamp = static_cast<std::uint32_t>(clock_.out(newest_forwarded_)),
                   .payload_type = passed->payload_type};
}

// Nothing: there is no picture id left for it.
std::optional<Forwarded> CarriedStream::with_numbers(const PacketRef& ref,
                                                     const PayloadMap::Passed& passed,
                                                     std::uint16_t sequence_number,
                                                     LayerFilter::Limits limits) const {
  const Packet& packet = *ref;
  const std::optional<PictureIds::Ids> ids = pictures_.find(packet.frame);
  if (!ids) return std::nullopt;
  Forwarded forwarded{.packet = ref,
                      .payload = passed.payload,
                      .sequence_number = sequence_number,
                      .timestamp = static_cast<std::uint32_t>(clock_.out(packet.timestamp)),
                      .payload_type = passed.payload_type,
                      .marker = packet.marker ||
                                (packet.frame.ends_layer && packet.frame.spatial == limits.spatial),
                      .picture_id = ids->picture_id,
                      .tl0_picture_index = ids->tl0_picture_index};
  if (counts_frames_ && frame_number_shift_ != 0) {
    if (const auto number = frame_number(packet)) {
      forwarded.frame_number = static_cast<std::uint16_t>(*number + frame_number_shift_);
    }
  }
  return forwarded;
}

}  // namespace parley::sfu

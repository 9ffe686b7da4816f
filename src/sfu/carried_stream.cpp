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
  const std::optional<PayloadMap::Passed> passed = payloads.pass(packet);
  PARLEY_ASSERT(passed);
  encoding_ = packet.encoding;
  payload_type_ = packet.payload_type;
  out_type_ = passed->payload_type;
  goes_whole_ = !payloads.takes_apart(payload_type_);
  newest_picture_ = newest_timestamp_ = packet.timestamp;
  newest_dropped_ = false;
  clock_ = clock;
  layers_.start(packet.timestamp, target);
  numbers_.start(packet.seq.value, static_cast<std::uint16_t>(last.sequence_number + 1));
  sent_.start(packet.seq.value);
  pictures_.start(payloads.is_vp8(payload_type_) ? packet.frame : FrameInfo{}, last.pictures);
  start_frame_numbers(packet, last.frame_number);
  const std::optional<Picture> picture = picture_of(packet);
  PARLEY_ASSERT(picture);
  picture_ = *picture;
  Forwarded forwarded = with_numbers(first, *passed, numbers_.last(), picture_, target);
  forwarded.starts_stream = true;
  return forwarded;
}

void CarriedStream::start_frame_numbers(const Packet& packet, std::optional<std::uint16_t> last) {
  const std::optional<std::uint16_t> number = frame_number(packet);
  counts_frames_ = number.has_value();
  newest_frame_number_ = number.value_or(0);
  frame_number_shift_ = number && last ? static_cast<std::uint16_t>(*last + 1 - *number) : 0;
  last_frame_number_ = last;
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
  const std::optional<PayloadMap::Passed> passed = pass(packet, payloads);
  if (packet.timestamp > newest_picture_) begin_picture(packet, passed.has_value());
  const bool goes_on = packet.timestamp == std::exchange(newest_timestamp_, packet.timestamp);
  if (!passed || !layers_.limits().pass(packet.frame) ||
      (packet.timestamp != picture_.in && !place_picture(packet, timeline))) {
    // What is missing within a picture, between what is not wanted, is not wanted.
    numbers_.drop(packet.seq.value, goes_on && newest_dropped_);
    newest_dropped_ = true;
    return std::nullopt;
  }
  newest_dropped_ = false;
  sent_.add_next(packet.seq.value);
  if (counts_frames_) newest_frame_number_ = frame_number(packet).value_or(newest_frame_number_);
  return with_numbers(ref, *passed, numbers_.take(packet.seq.value), picture_, layers_.limits());
}

void CarriedStream::begin_picture(const Packet& packet, bool passes) {
  newest_picture_ = packet.timestamp;
  layers_.handle_picture(packet.timestamp, packet.frame);
  pictures_.handle_frame(packet.frame, passes && layers_.limits().pass(packet.frame));
}

// False: there is no place for it, as it is older than the stream.
bool CarriedStream::place_picture(const Packet& packet, Timeline& timeline) {
  const bool newest = packet.timestamp > picture_.in;
  if (newest && timeline.has_jumped(clock_, packet.timestamp, packet.arrived)) {
    clock_ = *timeline.begin(packet.timestamp, packet.arrived, std::nullopt,
                             std::numeric_limits<std::uint64_t>::max());
  }
  const std::optional<Picture> picture = picture_of(packet);
  if (!picture) return false;
  picture_ = *picture;
  if (newest) timeline.handle_frame(clock_, packet.timestamp, packet.arrived);
  return true;
}

std::optional<CarriedStream::Picture> CarriedStream::picture_of(const Packet& packet) const {
  if (packet.timestamp < clock_.first_in()) return std::nullopt;
  const std::optional<PictureIds::Ids> ids = pictures_.find(packet.frame);
  if (!ids) return std::nullopt;
  return Picture{.in = packet.timestamp,
                 .timestamp = static_cast<std::uint32_t>(clock_.out(packet.timestamp)),
                 .ids = *ids};
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
  const std::optional<PayloadMap::Passed> passed = pass(*packet, payloads);
  if (!number || !passed) return std::nullopt;
  const LayerFilter::Limits limits = layers_.limits_at(packet->timestamp);
  const std::optional<Picture> picture = picture_of(*packet);
  if (picture && limits.pass(packet->frame)) {
    return with_numbers(packet, *passed, *number, *picture, limits);
  }
  return Forwarded{.packet = packet,
                   .payload = {},
                   .sequence_number = *number,
                   .timestamp = picture_.timestamp,
                   .payload_type = passed->payload_type};
}

Forwarded CarriedStream::with_numbers(const PacketRef& ref, const PayloadMap::Passed& passed,
                                      std::uint16_t sequence_number, const Picture& picture,
                                      LayerFilter::Limits limits) const {
  const Packet& packet = *ref;
  Forwarded forwarded{.packet = ref,
                      .payload = passed.payload,
                      .sequence_number = sequence_number,
                      .timestamp = picture.timestamp,
                      .payload_type = passed.payload_type,
                      .marker = packet.marker ||
                                (packet.frame.ends_layer && packet.frame.spatial == limits.spatial),
                      .picture_id = picture.ids.picture_id,
                      .tl0_picture_index = picture.ids.tl0_picture_index};
  if (counts_frames_ && frame_number_shift_ != 0) {
    if (const auto number = frame_number(packet)) {
      forwarded.frame_number = static_cast<std::uint16_t>(*number + frame_number_shift_);
    }
  }
  return forwarded;
}

}  // namespace parley::sfu

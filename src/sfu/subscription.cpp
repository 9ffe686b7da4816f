#include "sfu/subscription.h"

#include <chrono>
#include <limits>
#include <utility>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kVideoClock = 90'000;
constexpr std::uint32_t kSoundClock = 48'000;
constexpr Duration kSoundFrame = 20ms;
constexpr std::uint32_t kSoundStep = kSoundClock / 50;
constexpr std::uint32_t kVideoStep = kVideoClock / 1'000;
// Sound that lies in the past of the slot is left out until it no longer does; more of it than this
// would be noticed.
constexpr std::uint64_t kMaxLateSound = kSoundClock / 5;
// A key frame from the history that came before the receiver saw something newer of the same
// publication would show it the past. Of another one, any will do.
constexpr Duration kMaxAge = 100ms;
// More than that is not repaired any more.
constexpr std::uint64_t kMaxMissing = 1'000;
// Further back in time no picture lies that is sent after another.
constexpr std::uint64_t kMaxBack = 10 * kVideoClock;
constexpr std::uint8_t kAllLayers = 7;

bool is_sound(const Subscription::Config& config) {
  return !config.codecs.empty() && config.codecs.front().clock_rate != kVideoClock;
}

}  // namespace

Subscription::Subscription(Config config)
    : video_(!is_sound(config)),
      timeline_(config.first_timestamp, video_ ? kVideoClock : kSoundClock,
                video_ ? kVideoStep : kSoundStep),
      config_(std::move(config)) {}

bool Subscription::takes(const Publication& publication) const {
  return PayloadMap(publication.config().codecs, config_.codecs).passes_media();
}

bool Subscription::show(Publication* publication) {
  if (publication == publication_) return true;
  publication_ = publication;
  playing_ = carried_ = lost_ = false;
  previous_.reset();
  if (publication == nullptr) return true;
  if (flow_ == nullptr) flow_ = std::make_unique<Flow>();
  flow_->payloads = PayloadMap(publication->config().codecs, config_.codecs);
  flow_->payloads.set_redundant(redundant_);
  if (!flow_->payloads.passes_media()) {
    publication_ = nullptr;
    return false;
  }
  if (!video_) target_ = LayerTarget{};
  return true;
}

void Subscription::set_target(std::optional<LayerTarget> target) {
  target_ = target;
  if (!target_) playing_ = false;
  if (playing_) flow_->stream.layers().set_target(limits_for(flow_->stream.encoding()));
}

void Subscription::set_redundant(bool redundant) {
  redundant_ = redundant;
  if (flow_ != nullptr) flow_->payloads.set_redundant(redundant);
}

// What may be shown of an encoding: of a larger one than wanted, which only goes on until the key
// frame of that has come, the least.
LayerFilter::Limits Subscription::limits_for(std::uint8_t encoding) const {
  if (encoding == target_->encoding) {
    return {.spatial = target_->spatial, .temporal = target_->temporal};
  }
  const bool is_larger = publication_->order().is_smaller(target_->encoding, encoding);
  return {.spatial = kAllLayers, .temporal = is_larger ? std::uint8_t{0} : kAllLayers};
}

std::optional<LayerTarget> Subscription::current() const {
  if (!playing_) return std::nullopt;
  const LayerFilter::Limits limits = flow_->stream.layers().limits();
  return LayerTarget{
      .encoding = flow_->stream.encoding(), .spatial = limits.spatial, .temporal = limits.temporal};
}

std::optional<std::size_t> Subscription::wants_key_frame() const {
  if (!video_ || publication_ == nullptr || !target_) return std::nullopt;
  if (plays_target() && !lost_) return std::nullopt;
  return target_->encoding;
}

bool Subscription::has_lost_picture() const {
  return lost_ && target_ && plays_target();
}

bool Subscription::plays_target() const {
  return playing_ && flow_->stream.encoding() == target_->encoding &&
         !flow_->stream.layers().needs_key_picture();
}

void Subscription::handle_picture_loss() {
  lost_ = true;
}

std::optional<Forwarded> Subscription::forward(Time now, const PacketRef& ref) {
  const Packet& packet = *ref;
  if (!target_ || publication_ == nullptr) return std::nullopt;
  if (playing_ && packet.encoding == flow_->stream.encoding()) {
    if (packet.seq <= flow_->stream.newest()) return forward_late(ref);
    if (goes_on_with(packet)) {
      if (lost_ && packet.frame.starts_frame && packet.frame.key_frame) lost_ = false;
      return flow_->stream.forward_next(ref, flow_->payloads, timeline_);
    }
  }
  if (may_begin_with(now, packet)) return begin(ref);
  return forward_late(ref);
}

// False: so much is missing, or the publisher's clock went back so far, or it has gone over to
// another codec, that another start is needed.
bool Subscription::goes_on_with(const Packet& packet) {
  if (packet.seq - flow_->stream.newest() > kMaxMissing ||
      packet.timestamp + kMaxBack < flow_->stream.newest_picture()) {
    playing_ = false;
    return false;
  }
  if (packet.payload_type == flow_->stream.payload_type() || !video_) return true;
  if (!flow_->payloads.pass(packet)) return true;
  lost_ = true;
  return false;
}

bool Subscription::may_begin_with(Time now, const Packet& packet) const {
  if (carried_ && packet.encoding == flow_->stream.encoding() &&
      packet.seq <= flow_->stream.newest()) {
    return false;
  }
  if (!flow_->payloads.pass(packet)) return false;
  if (!video_) return true;
  const FrameInfo& frame = packet.frame;
  if (!frame.starts_frame || !frame.key_frame || frame.spatial != 0) return false;
  if (carried_ && now - packet.arrived > kMaxAge) return false;
  // Something small is better than nothing.
  return packet.encoding == target_->encoding ||
         (!playing_ && publication_->order().is_smaller(packet.encoding, target_->encoding));
}

std::optional<Forwarded> Subscription::begin(const PacketRef& ref) {
  const Packet& packet = *ref;
  const std::optional<Timeline::Clock> clock = clock_for(packet);
  if (!clock) return std::nullopt;
  CarriedStream::Last last{.sequence_number =
                               static_cast<std::uint16_t>(config_.first_sequence_number - 1)};
  if (timeline_.started()) last = flow_->stream.last();
  previous_ = carried_ ? std::make_unique<CarriedStream>(flow_->stream) : nullptr;
  playing_ = carried_ = true;
  carried_timeline_ = publication_->config().timeline;
  lost_ = false;
  timeline_.handle_frame(*clock, packet.timestamp, packet.arrived);
  return flow_->stream.start(ref, flow_->payloads, *clock, last, limits_for(packet.encoding));
}

// Nothing: it lies too far in the past of what has been shown.
std::optional<Timeline::Clock> Subscription::clock_for(const Packet& packet) {
  const std::optional<std::uint64_t> place = place_of(packet);
  const std::uint64_t max_late = video_ ? std::numeric_limits<std::uint64_t>::max() : 0;
  auto clock = timeline_.begin(packet.timestamp, packet.arrived, place, max_late);
  if (clock || video_) return clock;
  if (timeline_.begin(packet.timestamp, packet.arrived, place, kMaxLateSound)) return std::nullopt;
  timeline_.settle(packet.arrived - kSoundFrame);
  return timeline_.begin(packet.timestamp, packet.arrived, std::nullopt, 0);
}

// Where the packet lies by the clocks of its publication, if that has been shown before, or one of
// the same timeline.
std::optional<std::uint64_t> Subscription::place_of(const Packet& packet) const {
  const bool is_known =
      carried_ || (carried_timeline_ && carried_timeline_ == publication_->config().timeline);
  if (!is_known) return std::nullopt;
  std::optional<std::uint64_t> timestamp = packet.timestamp;
  if (carried_ && packet.encoding != flow_->stream.encoding()) {
    timestamp = publication_->convert_timestamp(packet.encoding, packet.timestamp,
                                                flow_->stream.encoding());
  }
  if (!timestamp) return std::nullopt;
  return flow_->stream.clock().in_time(*timestamp);
}

std::optional<Forwarded> Subscription::forward_late(const PacketRef& packet) {
  std::optional<Forwarded> forwarded;
  if (playing_ && packet->encoding == flow_->stream.encoding()) {
    forwarded = flow_->stream.forward_late(packet, flow_->payloads);
  }
  if (!forwarded && previous_ != nullptr && packet->encoding == previous_->encoding()) {
    forwarded = previous_->forward_late(packet, flow_->payloads);
  }
  return forwarded;
}

std::optional<Forwarded> Subscription::find_sent(Time now, std::uint16_t sequence_number) const {
  if (!carried_) return std::nullopt;
  const auto back =
      static_cast<std::uint16_t>(flow_->stream.last().sequence_number - sequence_number);
  if (back >= config_.memory) return std::nullopt;
  const CarriedStream* stream = &flow_->stream;
  std::optional<rtp::SeqNo> seq = flow_->stream.find_in(sequence_number);
  if (!seq && previous_ != nullptr) {
    stream = previous_.get();
    seq = previous_->find_in(sequence_number);
  }
  if (!seq) return std::nullopt;
  const PacketRef packet = publication_->find(now, stream->encoding(), *seq);
  return packet ? stream->repeat(packet, flow_->payloads) : std::nullopt;
}

std::optional<std::uint32_t> Subscription::map_timestamp(std::uint64_t timestamp) const {
  if (!playing_) return std::nullopt;
  return static_cast<std::uint32_t>(flow_->stream.clock().in_time(timestamp));
}

}  // namespace parley::sfu

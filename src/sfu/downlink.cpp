#include "sfu/downlink.h"

#include <algorithm>

#include "base/assert.h"
#include "rtp/identifiers.h"
#include "sdp/codec.h"

namespace parley::sfu {
namespace {

// A receiver that finds slots by their mids has heard by then; others know the SSRCs. Firefox needs
// both: of a section whose mid it has seen, it takes no other SSRC but those that came with it.
constexpr std::uint8_t kMidPackets = 50;
// Of the pace: less than a frame interval, so that a frame that fits the rate is not spread.
constexpr Duration kBurst = std::chrono::milliseconds{40};
// What waits for longer is of no use in a conversation: the pace rises instead, and the receiver's
// layers fall.
constexpr Duration kMaxWait = std::chrono::milliseconds{500};

// Whoever gets less than he could show is not to wait for long once his link is wide again.
constexpr Duration kProbeInterval = std::chrono::seconds{3};

bool is_newer(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::int16_t>(a - b) > 0;
}

}  // namespace

Downlink::Downlink(Config config, Random& random)
    : sent_({.memory = std::chrono::seconds{5}, .max_packets = 2'048}),
      pacer_({.queue = {.max_packets = config.max_waiting + 1},
              .budget = {.burst = kBurst},
              .max_wait = kMaxWait}),
      config_(std::move(config)),
      random_(random),
      controller_({.limits = config_.limits, .probe_interval = kProbeInterval}),
      max_(config_.limits.max) {
  pacer_.set_min_burst(kMinBurst);
  add_slots(std::exchange(config_.slots, {}));
}

void Downlink::add_slots(std::vector<SlotConfig> slots) {
  slots_.reserve(slots_.size() + slots.size());
  for (SlotConfig& slot_config : slots) {
    Subscription subscription(std::exchange(slot_config.stream, {}));
    PacketHeaderWriter header(slot_config.extensions, slot_config.mid);
    slots_.push_back({.ssrc = subscription.config().ssrc,
                      .video = slot_config.video,
                      .rtx_sequence = static_cast<std::uint16_t>(random_.u32()),
                      .header = std::move(header),
                      .subscription = std::move(subscription),
                      .config = std::move(slot_config)});
    Slot& slot = slots_.back();
    slot.mid_packets = slot.rtx_mid_packets = slot.header.has_mid() ? kMidPackets : 0;
    slot.subscription.set_redundant(redundant_);
    numbered_ |= slot.header.has_transport_sequence_number();
    slot.can_repeat = slot.video && first_rtx_type(slot).has_value();
    if (slot.can_repeat && !padding_slot_) padding_slot_ = slots_.size() - 1;
  }
  PARLEY_ASSERT(slots_.size() <= kMaxSlots);
  departures_.set_slots(slots_.size());
  losses_.set_slots(slots_.size());
  pacer_.set_can_pad(padding_slot_.has_value());
}

std::optional<std::size_t> Downlink::find_slot(rtp::Ssrc ssrc) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].ssrc == ssrc) return i;
  }
  return std::nullopt;
}

std::optional<rtp::PayloadType> Downlink::rtx_type(const Slot& slot, rtp::PayloadType type) {
  const Subscription::Config& stream = slot.subscription.config();
  if (!stream.rtx_ssrc) return std::nullopt;
  const sdp::Codec* const rtx = sdp::find_rtx(stream.codecs, std::to_underlying(type));
  if (rtx == nullptr) return std::nullopt;
  return rtp::PayloadType{rtx->payload_type};
}

std::optional<rtp::PayloadType> Downlink::first_rtx_type(const Slot& slot) {
  const Subscription::Config& stream = slot.subscription.config();
  const auto rtx = std::ranges::find_if(stream.codecs, &sdp::Codec::is_rtx);
  if (!stream.rtx_ssrc || rtx == stream.codecs.end()) return std::nullopt;
  return rtp::PayloadType{rtx->payload_type};
}

void Downlink::start(Time now) {
  if (std::exchange(started_, true)) return;
  controller_.start(now);
  drain_controller(now);
  if (!slots_.empty()) next_report_ = now;
}

void Downlink::handle_route_change(Time now) {
  controller_.handle_route_change(now);
  drain_controller(now);
}

Downlink::Counters Downlink::counters() const {
  Counters counters = counters_;
  const Pacer::Stats waiting = pacer_.stats();
  counters.dropped_waiting += waiting.dropped_full + waiting.dropped_old;
  counters.ignored_feedback = controller_.stats().ignored_results;
  return counters;
}

// --- What comes in ---

void Downlink::forward_arrived(Time now) {
  each_arrived([&](std::size_t slot) { forward_arrived(now, slot); });
  arrived_ = 0;
}

void Downlink::forward_all_arrived(Time now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) forward_arrived(now, i);
  arrived_ = 0;
}

void Downlink::forward_arrived(Time now, std::size_t index) {
  Subscription& subscription = slots_[index].subscription;
  Publication* const shown = subscription.shown();
  if (shown == nullptr) return;
  for (const PacketRef& packet : shown->arrived()) {
    auto forwarded = subscription.forward(now, packet);
    if (forwarded) push(now, index, *std::move(forwarded));
  }
}

void Downlink::push(Time now, std::size_t index, Forwarded packet) {
  if (!started_) return;
  Slot& slot = slots_[index];
  note_newest(now, slot, packet);
  const auto priority = slot.video ? cc::Priority::kVideo : cc::Priority::kAudio;
  depart(now, priority,
         {.packet = std::move(packet),
          .publication = slot.subscription.shown(),
          .slot = static_cast<std::uint16_t>(index)});
}

// Follows the stream's numbers. A key frame makes useless what still waits before it.
void Downlink::note_newest(Time now, Slot& slot, const Forwarded& packet) {
  if (slot.sent && !is_newer(packet.sequence_number, slot.newest)) return;
  const FrameInfo& frame = packet.packet->frame;
  const bool starts_afresh =
      slot.video && frame.key_frame && frame.starts_frame && frame.spatial == 0;
  if (starts_afresh) slot.losses.handle_key_frame();
  if (starts_afresh && pacer_.waiting() > 0) start_afresh(now, slot, packet.sequence_number);
  constexpr std::uint16_t kLongAgo = 8'192;
  if (slot.resumed &&
      static_cast<std::uint16_t>(packet.sequence_number - slot.resumed_with) > kLongAgo) {
    slot.resumed = false;
  }
  slot.sent = true;
  slot.newest = packet.sequence_number;
}

void Downlink::depart(Time now, cc::Priority priority, Departure&& departure) {
  const Slot& slot = slots_[departure.slot];
  const bool mid = (departure.again ? slot.rtx_mid_packets : slot.mid_packets) > 0;
  const auto size = DataSize::bytes(slot.header.size(departure.packet.source(), mid) +
                                    departure.packet.payload.size() + kOverhead);
  if (departures_.size() < config_.max_waiting) {
    if (const auto probe = pacer_.pass(now, priority, size)) {
      departure.probe = *probe;
      departures_.add(std::move(departure));
      return;
    }
  } else if (priority == cc::Priority::kAudio) {  // Its owner does not send.
    ++counters_.dropped_waiting;
    return;
  }
  if (pacer_.waiting() >= config_.max_waiting) make_room(now);
  pacer_.push(now, priority, slot.ssrc, size, std::move(departure));
}

// All that waits of the slot that is furthest behind leaves: it is shown too late anyway.
void Downlink::make_room(Time now) {
  Slot& behind = *std::ranges::max_element(slots_, {}, [&](const Slot& slot) {
    return pacer_.waiting(cc::Priority::kVideo, slot.ssrc) +
           pacer_.waiting(cc::Priority::kRetransmission, slot.ssrc);
  });
  const std::uint64_t before = counters_.dropped_waiting;
  start_afresh(now, behind, static_cast<std::uint16_t>(behind.newest + 1));
  if (counters_.dropped_waiting == before) return;
  behind.subscription.handle_picture_loss();
  ask_for_key_frame(now, behind);
}

void Downlink::start_afresh(Time now, Slot& slot, std::uint16_t with) {
  const std::size_t dropped = pacer_.drop(now, cc::Priority::kVideo, slot.ssrc) +
                              pacer_.drop(now, cc::Priority::kRetransmission, slot.ssrc);
  if (dropped == 0) return;
  counters_.dropped_waiting += dropped;
  give_up_before(slot, with);
}

void Downlink::give_up_before(Slot& slot, std::uint16_t sequence_number) {
  slot.resumed = true;
  slot.resumed_with = sequence_number;
}

void Downlink::give_up_picture(Time now, std::size_t index) {
  Slot& slot = slots_[index];
  slot.subscription.stop_until_key_frame();
  const auto next = static_cast<std::uint16_t>(slot.newest + 1);
  start_afresh(now, slot, next);
  if (slot.sent) give_up_before(slot, next);
}

}  // namespace parley::sfu

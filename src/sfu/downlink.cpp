#include "sfu/downlink.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "codec/vp8.h"
#include "rtp/identifiers.h"
#include "sdp/codec.h"
#include "srtp/profile.h"

namespace parley::sfu {
namespace {

// What UDP, IP and SRTP add to each packet; a few bytes more or less are no matter.
constexpr std::size_t kOverhead = 16 + 28;
constexpr std::size_t kRtxNumberSize = 2;  // RFC 4588, 4.
constexpr std::size_t kMaxPadding = 255;   // RFC 3550, 5.1.
// A receiver that finds slots by their mids has heard by then; others know the SSRCs.
constexpr std::uint8_t kMidPackets = 50;
// Of the pace: less than a frame interval, so that a frame that fits the rate is not spread.
constexpr Duration kBurst = std::chrono::milliseconds{40};
// What waits for longer is of no use in a conversation: the pace rises instead, and the receiver's
// layers fall.
constexpr Duration kMaxWait = std::chrono::milliseconds{500};

// Whoever gets less than he could show is not to wait for long once his link is wide again.
constexpr Duration kProbeInterval = std::chrono::seconds{3};

// The controller need not hear of each packet alone.
constexpr Duration kTellInterval = std::chrono::milliseconds{20};

bool is_newer(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::int16_t>(a - b) > 0;
}

bool is_full(const net::DatagramBatch& batch) {
  return batch.size() == net::DatagramBatch::kMaxDatagrams;
}

// Where a number only is used up, nothing of the packet goes along.
const Packet* source_of(const Forwarded& packet) {
  return packet.payload.empty() ? nullptr : &*packet.packet;
}

bool has_own_numbers(const Forwarded& packet) {
  return packet.picture_id || packet.tl0_picture_index;
}

// The payload as this receiver gets it, where that is not what all get.
void put_payload(const Departure& departure, std::span<std::uint8_t> out) {
  const Forwarded& forwarded = departure.packet;
  if (departure.again) {
    out[0] = static_cast<std::uint8_t>(forwarded.sequence_number >> 8);
    out[1] = static_cast<std::uint8_t>(forwarded.sequence_number);
    out = out.subspan(kRtxNumberSize);
  }
  std::ranges::copy(forwarded.payload, out.begin());
  if (!has_own_numbers(forwarded)) return;
  const auto descriptor = codec::Vp8Descriptor::parse(out);
  if (!descriptor) return;
  descriptor->rewrite(
      out, forwarded.picture_id.value_or(descriptor->picture_id.value_or(0)),
      forwarded.tl0_picture_index.value_or(descriptor->tl0_picture_index.value_or(0)));
}

}  // namespace

Downlink::Downlink(Config config, Random& random)
    : config_(std::move(config)),
      random_(random),
      pacer_({.queue = {.max_packets = config_.max_waiting + 1},
              .budget = {.burst = kBurst},
              .max_wait = kMaxWait}),
      sent_({.memory = std::chrono::seconds{5}, .max_packets = 2'048}),
      controller_({.limits = config_.limits, .probe_interval = kProbeInterval}),
      max_(config_.limits.max) {
  pacer_.set_min_burst(kMinBurst);
  add_slots(std::exchange(config_.slots, {}));
}

void Downlink::add_slots(std::vector<SlotConfig> slots) {
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
    slot.subscription.downlink = this;
    slot.subscription.slot = slots_.size() - 1;
    slot.mid_packets = slot.header.has_mid() ? kMidPackets : 0;
    numbered_ |= slot.header.has_transport_sequence_number();
    slot.can_repeat = slot.video && first_rtx_type(slot).has_value();
    if (slot.can_repeat && !padding_slot_) padding_slot_ = slots_.size() - 1;
  }
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

// --- What comes in ---

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
  const auto size =
      DataSize::bytes(slot.header.size(source_of(departure.packet), slot.mid_packets > 0) +
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
  const auto behind = std::ranges::max_element(slots_, {}, [&](const Slot& slot) {
    return pacer_.waiting(cc::Priority::kVideo, slot.ssrc);
  });
  const std::uint64_t before = counters_.dropped_waiting;
  start_afresh(now, *behind, static_cast<std::uint16_t>(behind->newest + 1));
  if (counters_.dropped_waiting == before) return;
  behind->subscription.handle_picture_loss();
  ask_for_key_frame(now, *behind);
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

// --- What goes out ---

bool Downlink::has_packets(Time now) const {
  return !departures_.empty() || padding_left_ > 0 || (started_ && pacer_.next_deadline() <= now);
}

bool Downlink::fill(Time now, srtp::Sender& sender, const net::Path& path,
                    net::DatagramBatch& batch, std::vector<srtp::Protection>& work) {
  Filling filling{.now = now,
                  .sender = sender,
                  .path = path,
                  .batch = batch,
                  .work = work,
                  .tag_size = srtp::sizes_of(sender.profile()).rtp_tag};
  const bool all = fill_departures(filling) && fill_paced(filling);
  untold_ += filling.bytes;
  if (now - told_ >= kTellInterval) tell_sent(now);
  return all;
}

bool Downlink::fill_departures(Filling& filling) {
  for (; !departures_.empty(); departures_.pop()) {
    if (is_full(filling.batch)) return false;
    write(filling, departures_.front());
  }
  return true;
}

bool Downlink::fill_paced(Filling& filling) {
  if (!started_ || (padding_left_ <= 0 && pacer_.idle())) return true;
  if (!fill_padding(filling)) return false;
  while (pacer_.next_deadline() <= filling.now) {
    if (is_full(filling.batch)) return false;
    auto output = pacer_.poll(filling.now);
    if (!output) break;
    if (auto* const send = std::get_if<Pacer::Send>(&*output)) {
      send->packet.probe = send->probe;
      write(filling, send->packet);
      continue;
    }
    const auto& pad = std::get<Pacer::Pad>(*output);
    padding_left_ = pad.size.in_bytes();
    padding_probe_ = pad.probe;
    if (!fill_padding(filling)) return false;
  }
  return true;
}

// Repeats packets of the last frames, which are of use where they were lost; else sends empty ones.
bool Downlink::fill_padding(Filling& filling) {
  constexpr std::uint16_t kRepeated = 16;
  while (padding_left_ > 0) {
    if (is_full(filling.batch)) return false;
    Slot& slot = slots_[*padding_slot_];
    const std::size_t before = filling.bytes;
    std::optional<Forwarded> repeat;
    if (slot.sent) {
      const int back = padding_turn_++ % kRepeated;
      repeat =
          slot.subscription.find_sent(filling.now, static_cast<std::uint16_t>(slot.newest - back));
    }
    if (repeat && rtx_type(slot, repeat->payload_type)) {
      write(filling, {.packet = std::move(*repeat),
                      .slot = static_cast<std::uint16_t>(*padding_slot_),
                      .again = true,
                      .probe = padding_probe_});
    } else {
      write_empty_padding(filling, slot);
    }
    ++counters_.padding;
    padding_left_ -= static_cast<std::int64_t>(std::max<std::size_t>(filling.bytes - before, 1));
  }
  return true;
}

// Header and payload into the batch, or just the header where the payload is everyone's.
void Downlink::write(Filling& filling, const Departure& departure) {
  Slot& slot = slots_[departure.slot];
  const Forwarded& forwarded = departure.packet;
  const Packet* const source = source_of(forwarded);
  const bool mid = slot.mid_packets > 0 && !departure.again;
  const std::size_t header_size = slot.header.size(source, mid);
  const std::size_t payload_size =
      forwarded.payload.size() + (departure.again ? kRtxNumberSize : 0);
  const std::size_t size = header_size + payload_size;
  const auto out = filling.batch.add(filling.path, size + filling.tag_size);
  if (out.empty()) {
    ++counters_.dropped_size;
    return;
  }
  slot.header.write(departure.again ? next_rtx_header(slot, forwarded) : header_of(slot, forwarded),
                    source,
                    {.transport_sequence_number = number(filling.now, size, departure.probe),
                     .now = filling.now,
                     .mid = mid,
                     .frame_number = forwarded.frame_number},
                    out.first(header_size));
  const bool own_payload = departure.again || has_own_numbers(forwarded);
  if (own_payload) put_payload(departure, out.subspan(header_size, payload_size));
  filling.work.push_back(
      {.sender = &filling.sender,
       .header = out.first(header_size),
       .payload = own_payload ? Bytes(out.subspan(header_size, payload_size)) : forwarded.payload,
       .out = out});
  if (!departure.again) note_sent(slot, departure, mid);
  if (!departure.again && forwarded.starts_stream) {  // The receiver wants to know its clock.
    constexpr Duration kLeast = std::chrono::milliseconds{100};
    next_report_ = std::min(next_report_, std::max(filling.now, last_report_ + kLeast));
  }
  count(filling, size, slot.video && !departure.again ? header_size : size);
}

// It says nothing but how large it is (RFC 4588 has a stream for it whose numbers are ours alone).
void Downlink::write_empty_padding(Filling& filling, Slot& slot) {
  const std::size_t header_size = slot.header.size(nullptr, false);
  const std::size_t size = header_size + kMaxPadding;
  const auto out = filling.batch.add(filling.path, size + filling.tag_size);
  const auto padding = out.subspan(header_size, kMaxPadding);
  rtp::Header header{.payload_type = *first_rtx_type(slot),
                     .sequence_number = slot.rtx_sequence++,
                     .timestamp = slot.last_timestamp,
                     .ssrc = *slot.subscription.config().rtx_ssrc};
  slot.header.write(
      header, nullptr,
      {.transport_sequence_number = number(filling.now, size, padding_probe_), .now = filling.now},
      out.first(header_size));
  out[0] |= 0x20;  // P (RFC 3550, 5.1).
  std::ranges::fill(padding, std::uint8_t{0});
  padding.back() = kMaxPadding;
  filling.work.push_back({.sender = &filling.sender,
                          .header = out.first(header_size),
                          .payload = padding,
                          .out = out});
  count(filling, size, size);
}

std::uint16_t Downlink::number(Time now, std::size_t size, rtp::ProbeId probe) {
  return numbered_ ? sent_.add(now, size + kOverhead, probe) : std::uint16_t{0};
}

rtp::Header Downlink::header_of(const Slot& slot, const Forwarded& packet) {
  return {.marker = packet.marker,
          .payload_type = packet.payload_type,
          .sequence_number = packet.sequence_number,
          .timestamp = packet.timestamp,
          .ssrc = slot.ssrc};
}

rtp::Header Downlink::next_rtx_header(Slot& slot, const Forwarded& packet) {
  rtp::Header header = header_of(slot, packet);
  header.payload_type = rtx_type(slot, packet.payload_type).value_or(packet.payload_type);
  header.sequence_number = slot.rtx_sequence++;
  header.ssrc = slot.subscription.config().rtx_ssrc.value_or(header.ssrc);
  return header;
}

void Downlink::note_sent(Slot& slot, const Departure& departure, bool mid) {
  slot.report.handle_packet(departure.publication, departure.packet);
  slot.mid_packets = static_cast<std::uint8_t>(slot.mid_packets - (mid ? 1 : 0));
  slot.last_timestamp = departure.packet.timestamp;
  if (slot.can_repeat) padding_slot_ = departure.slot;
}

// `rest`: what of it is no picture.
void Downlink::count(Filling& filling, std::size_t size, std::size_t rest) {
  ++counters_.packets;
  counters_.bytes += size + filling.tag_size;
  filling.bytes += size + kOverhead;
  if (rest == size) {
    shares_.handle_other(size + kOverhead);
  } else {
    shares_.handle_video(size + kOverhead, rest + kOverhead);
  }
}

}  // namespace parley::sfu

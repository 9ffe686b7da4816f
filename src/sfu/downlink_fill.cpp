// What a Downlink has to send, into the batch.
#include <algorithm>

#include "base/prefetch.h"
#include "codec/vp8.h"
#include "sfu/downlink.h"
#include "srtp/profile.h"

namespace parley::sfu {
namespace {

constexpr std::size_t kRtxNumberSize = 2;  // RFC 4588, 4.
constexpr std::size_t kMaxPadding = 255;   // RFC 3550, 5.1.

// The controller need not hear of each packet alone.
constexpr Duration kTellInterval = std::chrono::milliseconds{20};

bool is_full(const net::DatagramBatch& batch) {
  return batch.size() == net::DatagramBatch::kMaxDatagrams;
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

void Downlink::prefetch_self() const {
  const auto* const begin = reinterpret_cast<const std::byte*>(this);
  const auto* const end = reinterpret_cast<const std::byte*>(&config_);
  prefetch(begin, static_cast<std::size_t>(end - begin));
}

void Downlink::prefetch_slots() const {
  each_arrived([&](std::size_t slot) { prefetch(slots_[slot]); });
  departures_.prefetch();
  sent_.prefetch();
}

void Downlink::prefetch_streams() const {
  each_arrived([&](std::size_t slot) { slots_[slot].subscription.prefetch_stream(); });
}

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
  filling.padding = true;
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
  filling.padding = false;
  return true;
}

// Header and payload into the batch, or just the header where the payload is everyone's.
void Downlink::write(Filling& filling, const Departure& departure) {
  Slot& slot = slots_[departure.slot];
  const Forwarded& forwarded = departure.packet;
  const Packet* const source = forwarded.source();
  std::uint8_t& mids_left = departure.again ? slot.rtx_mid_packets : slot.mid_packets;
  const bool mid = mids_left > 0;
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
  if (mid) --mids_left;
  const bool own_payload = departure.again || has_own_numbers(forwarded);
  if (own_payload) put_payload(departure, out.subspan(header_size, payload_size));
  filling.work.push_back(
      {.sender = &filling.sender,
       .header = out.first(header_size),
       .payload = own_payload ? Bytes(out.subspan(header_size, payload_size)) : forwarded.payload,
       .out = out});
  if (!departure.again) note_sent(slot, departure);
  if (!departure.again && forwarded.starts_stream) {  // The receiver wants to know its clock.
    constexpr Duration kLeast = std::chrono::milliseconds{100};
    next_report_ = std::min(next_report_, std::max(filling.now, last_report_ + kLeast));
  }
  count(filling, size, slot.video && !departure.again ? header_size : size);
}

// It says nothing but how large it is (RFC 4588 has a stream for it whose numbers are ours alone).
void Downlink::write_empty_padding(Filling& filling, Slot& slot) {
  const bool mid = slot.rtx_mid_packets > 0;
  const std::size_t header_size = slot.header.size(nullptr, mid);
  const std::size_t size = header_size + kMaxPadding;
  const auto out = filling.batch.add(filling.path, size + filling.tag_size);
  const auto padding = out.subspan(header_size, kMaxPadding);
  rtp::Header header{.payload_type = *first_rtx_type(slot),
                     .sequence_number = slot.rtx_sequence++,
                     .timestamp = slot.last_timestamp,
                     .ssrc = *slot.subscription.config().rtx_ssrc};
  slot.header.write(header, nullptr,
                    {.transport_sequence_number = number(filling.now, size, padding_probe_),
                     .now = filling.now,
                     .mid = mid},
                    out.first(header_size));
  if (mid) --slot.rtx_mid_packets;
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

void Downlink::note_sent(Slot& slot, const Departure& departure) {
  slot.report.handle_packet(departure.publication, departure.packet);
  slot.last_timestamp = departure.packet.timestamp;
  if (slot.can_repeat) padding_slot_ = departure.slot;
}

// `rest`: what of it is no picture.
void Downlink::count(Filling& filling, std::size_t size, std::size_t rest) {
  ++counters_.packets;
  counters_.bytes += size + filling.tag_size;
  filling.bytes += size + kOverhead;
  if (filling.padding) return;  // Nobody needs it.
  if (rest == size) {
    shares_.handle_other(size + kOverhead);
  } else {
    shares_.handle_video(size + kOverhead, rest + kOverhead);
  }
}

}  // namespace parley::sfu

#include "sctp/tx/sender.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sctp/packet/big_endian.h"
#include "sctp/packet/data.h"
#include "sctp/packet/forward_tsn.h"

namespace parley::sctp {
namespace {

std::size_t data_room(const PacketWriter& writer) {
  return writer.room() > Data::kHeadSize ? writer.room() - Data::kHeadSize : 0;
}

}  // namespace

Sender::Sender(const Config& config, SendQueue& queue, Counters& counters, Tsn first,
               std::uint32_t peer_window, bool partial_reliability)
    : config_(config),
      queue_(queue),
      counters_(counters),
      outstanding_(first, partial_reliability),
      congestion_(config.mtu, config.initial_window),
      timeout_(config),
      peer_window_(peer_window) {}

bool Sender::write_chunks(Time now, PacketWriter& writer) {
  bool wrote = write_forward_tsn(now, writer);
  if (burst_ == 0) return wrote;
  abandon_expired(now);
  bool wrote_data = write_lost(now, writer);
  wrote_data |= write_new(now, writer);
  if (wrote_data) --burst_;
  if (t3_ == kNever && !outstanding_.empty()) start_t3(now);
  return wrote || wrote_data;
}

bool Sender::handle_sack(Time now, const SackView& sack) {
  const std::size_t in_flight = outstanding_.in_flight();
  const auto result = outstanding_.handle_sack(now, sack, congestion_.is_in_fast_recovery());
  if (!result.valid) {
    ++counters_.dropped_bad_sack;
    return false;
  }
  count_abandoned();
  if (result.round_trip_time) timeout_.handle_measurement(*result.round_trip_time);
  if (result.cumulative_advanced) {
    congestion_.handle_ack({.cumulative = outstanding_.cumulative(),
                            .next = outstanding_.next_tsn(),
                            .acked = result.acked_bytes,
                            .in_flight = in_flight,
                            .round_trip = result.round_trip_time});
    start_t3(now);
    // As one packet has left the path, one of those that are lost may enter it. Without this a peer
    // that has too many gaps to tell of all would keep us waiting for T3-rtx.
    fast_retransmit_ = congestion_.is_in_fast_recovery() && outstanding_.has_lost();
  }
  if (result.loss && congestion_.handle_loss(outstanding_.cumulative(), outstanding_.next_tsn())) {
    ++counters_.fast_retransmits;
    fast_retransmit_ = true;
  }
  if (result.first_is_lost) start_t3(now);
  if (outstanding_.empty()) t3_ = kNever;
  const std::size_t window = sack.receive_window();
  peer_window_ = window > outstanding_.in_flight() ? window - outstanding_.in_flight() : 0;
  // The peer does not know yet what was given up; or it does, and its SACK is under way.
  const Duration round_trip = timeout_.smoothed_round_trip().value_or(timeout_.timeout());
  if (outstanding_.has_forward_tsn() && (result.loss || forward_sent_ + round_trip <= now)) {
    forward_due_ = true;
  }
  return true;
}

void Sender::handle_cumulative_tsn(Time now, std::uint32_t cumulative) {
  std::array<std::uint8_t, SackView::kFixedSize> value{};
  store_u32(value.data(), cumulative);
  store_u32(value.data() + 4, static_cast<std::uint32_t>(peer_window_ + outstanding_.in_flight()));
  if (const auto sack = SackView::parse(value)) handle_sack(now, *sack);
}

bool Sender::has_chunks() const {
  if (forward_due_ || fast_retransmit_) return true;
  if (burst_ == 0 || outstanding_.in_flight() >= congestion_.window()) return false;
  return outstanding_.has_lost() || (queue_.has_next() && (peer_window_ > 0 || is_idle()));
}

bool Sender::handle_timeout(Time now) {
  if (t3_ > now) return false;
  ++counters_.retransmit_timeouts;
  timeout_.back_off();
  congestion_.handle_timeout(outstanding_.next_tsn());
  fast_retransmit_ = false;
  outstanding_.handle_timeout(now);
  count_abandoned();
  forward_due_ = outstanding_.has_forward_tsn();
  start_t3(now);
  return true;
}

void Sender::fill(Metrics& metrics) const {
  metrics.smoothed_round_trip_time = timeout_.smoothed_round_trip();
  metrics.retransmission_timeout = timeout_.timeout();
  metrics.congestion_window = congestion_.window();
  metrics.slow_start_threshold = congestion_.slow_start_threshold();
  metrics.in_flight = outstanding_.in_flight();
  metrics.peer_receive_window = peer_window_;
}

bool Sender::write_forward_tsn(Time now, PacketWriter& writer) {
  constexpr std::size_t kFixed = 4;
  if (!forward_due_ || writer.room() < kFixed) return false;
  forward_due_ = false;
  if (!outstanding_.has_forward_tsn()) return false;
  const ForwardTsn forward = outstanding_.forward_tsn((writer.room() - kFixed) / 4);
  writer.add(ChunkType::kForwardTsn, 0, forward.write());
  forward_sent_ = now;
  if (t3_ == kNever) start_t3(now);
  return true;
}

// RFC 9260, 6.1, C: what is lost goes before what is new. The first packet of a fast retransmission
// leaves whatever the window says (7.2.4, 3).
bool Sender::write_lost(Time now, PacketWriter& writer) {
  bool wrote = false;
  while (const auto tsn = outstanding_.first_lost(now)) {
    if (!fast_retransmit_ && outstanding_.in_flight() >= congestion_.window()) break;
    const bool fast = congestion_.is_in_fast_recovery();
    const auto& chunk = outstanding_.at(*tsn);
    if (chunk.length > data_room(writer)) break;
    write_data(writer, outstanding_.retransmit(now, *tsn, fast), *tsn);
    peer_window_ -= std::min<std::size_t>(peer_window_, chunk.length);
    ++counters_.chunks_retransmitted;
    wrote = true;
  }
  if (wrote || !outstanding_.has_lost()) fast_retransmit_ = false;
  count_abandoned();
  return wrote;
}

// With a closed window one chunk still goes, so that we learn when it opens (RFC 9260, 6.1, A).
bool Sender::write_new(Time now, PacketWriter& writer) {
  bool wrote = false;
  while (queue_.has_next() && outstanding_.in_flight() < congestion_.window()) {
    std::size_t room = data_room(writer);
    if (outstanding_.in_flight() > 0) room = std::min(room, peer_window_);
    if (room == 0) break;
    const auto fragment = queue_.next(now, room);
    if (!fragment) break;
    const Tsn tsn = outstanding_.next_tsn();
    write_data(writer, outstanding_.add(now, *fragment), tsn);
    peer_window_ -= std::min(peer_window_, fragment->length);
    wrote = true;
  }
  counters_.messages_abandoned += queue_.take_expired();
  return wrote;
}

void Sender::write_data(PacketWriter& writer, const Outstanding::Chunk& chunk, Tsn tsn) {
  const OutgoingMessage& message = *chunk.message;
  const std::size_t end = std::size_t{chunk.offset} + chunk.length;
  const Data data{.first = chunk.offset == 0,
                  .last = end == message.message.payload.size(),
                  .unordered = !message.ordered,
                  .tsn = tsn.wire(),
                  .stream = message.message.stream,
                  .ssn = message.ssn,
                  .ppid = message.message.ppid};
  const Bytes payload = Bytes(message.message.payload).subspan(chunk.offset, chunk.length);
  writer.add(ChunkType::kData, data.flags(), data.head(), payload);
}

// A message whose time is over while a part of it is on the way.
void Sender::abandon_expired(Time now) {
  const auto message = queue_.unfinished();
  if (!message || (*message)->expires > now || !outstanding_.can_abandon()) return;
  outstanding_.abandon(*message);
  count_abandoned();
}

void Sender::count_abandoned() {
  for (const MessageRef& message : outstanding_.take_abandoned()) {
    ++counters_.messages_abandoned;
    if (!message->is_wholly_cut()) queue_.discard_unfinished();
    forward_due_ |= outstanding_.has_forward_tsn();
  }
}

}  // namespace parley::sctp

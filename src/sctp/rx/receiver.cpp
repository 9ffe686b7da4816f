#include "sctp/rx/receiver.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace parley::sctp {
namespace {

// More would make each SACK as long as the packet it answers.
constexpr std::size_t kMaxGapBlocks = 64;

Receiver::Verdict verdict_of(Reassembly::Error error) {
  switch (error) {
    case Reassembly::Error::kNone: return Receiver::Verdict::kAccepted;
    case Reassembly::Error::kTooLong: return Receiver::Verdict::kTooLong;
    case Reassembly::Error::kBrokenFragments: return Receiver::Verdict::kBrokenFragments;
  }
  std::unreachable();
}

}  // namespace

Receiver::Receiver(const Config& config, Counters& counters, Tsn first, std::uint16_t streams)
    : config_(config),
      counters_(counters),
      streams_(streams),
      tsns_(first),
      reassembly_(config.max_message_size),
      schedule_(config.sack_delay) {}

Receiver::Verdict Receiver::handle_data(const Data& data) {
  packet_had_data_ = true;
  if (data.payload.empty()) return Verdict::kNoUserData;
  sack_at_once_ |= data.immediately;
  const Tsn tsn = Tsn::near(tsns_.cumulative(), data.tsn);
  const auto arrival = tsns_.classify(tsn);
  if (arrival == ReceivedTsns::Arrival::kNew && !has_room(tsn, data.payload.size())) {
    ++counters_.dropped_out_of_window;
    sack_at_once_ = true;
    return Verdict::kAccepted;
  }
  tsns_.handle(tsn);
  if (arrival != ReceivedTsns::Arrival::kNew) {
    ++(arrival == ReceivedTsns::Arrival::kDuplicate ? counters_.duplicate_chunks
                                                    : counters_.dropped_out_of_window);
    sack_at_once_ = true;
    return Verdict::kAccepted;
  }
  if (data.stream.value >= streams_) return Verdict::kNoSuchStream;
  const auto error = reassembly_.add(tsn, data);
  advance_reset();
  return verdict_of(error);
}

void Receiver::handle_forward_tsn(const ForwardTsn& forward) {
  const Tsn cumulative = Tsn::near(tsns_.cumulative(), forward.new_cumulative_tsn);
  sack_at_once_ = true;  // RFC 3758, 3.6: also where it was old, for then our SACK was lost.
  packet_had_data_ = true;
  if (!tsns_.forward(cumulative)) return;
  reassembly_.forward(cumulative, forward.skipped);
  advance_reset();
}

void Receiver::finish_packet(Time now) {
  if (!std::exchange(packet_had_data_, false)) return;
  schedule_.handle_packet(now, std::exchange(sack_at_once_, false) || tsns_.has_gap());
}

Receiver::Reset Receiver::reset_streams(std::uint32_t last, const std::vector<StreamId>& streams) {
  const Tsn last_tsn = Tsn::near(tsns_.cumulative(), last);
  // Asked again for what has been done meanwhile: a second reset would lose what came since.
  if (finished_reset_ && finished_reset_->last == last_tsn && finished_reset_->streams == streams) {
    return Reset::kWasPerformed;
  }
  reassembly_.begin_reset(last_tsn, streams);
  if (last_tsn > tsns_.cumulative()) {
    waiting_reset_ = {.last = last_tsn, .streams = streams};
    return Reset::kMustWait;
  }
  waiting_reset_.reset();
  reassembly_.finish_reset();
  return Reset::kPerformed;
}

std::optional<std::vector<StreamId>> Receiver::poll_reset() {
  return std::exchange(reset_to_tell_, std::nullopt);
}

void Receiver::write_sack(PacketWriter& writer) {
  const std::size_t room = writer.room();
  const auto gaps = tsns_.gap_blocks(kMaxGapBlocks);
  const std::size_t held = held_bytes();
  const std::size_t window = config_.receive_buffer > held ? config_.receive_buffer - held : 0;
  const Sack sack{.cumulative_tsn = cumulative_tsn(),
                  .receive_window = static_cast<std::uint32_t>(window),
                  .gap_blocks = gaps,
                  .duplicates = tsns_.duplicates()};
  writer.add(ChunkType::kSack, 0, sack.write(room));
  tsns_.forget_duplicates();
  schedule_.sent();
}

bool Receiver::add_streams(std::uint16_t count) {
  if (std::size_t{streams_} + count > config_.max_incoming_streams) return false;
  streams_ = static_cast<std::uint16_t>(streams_ + count);
  return true;
}

bool Receiver::has_room(Tsn tsn, std::size_t size) const {
  const bool fills_first_gap = tsn == tsns_.cumulative() + 1;
  const std::size_t reserve = fills_first_gap ? config_.max_message_size : 0;
  return held_bytes() + size <= config_.receive_buffer + reserve;
}

void Receiver::advance_reset() {
  if (!waiting_reset_ || waiting_reset_->last > tsns_.cumulative()) return;
  finished_reset_ = std::exchange(waiting_reset_, std::nullopt);
  reset_to_tell_ = finished_reset_->streams;
  reassembly_.finish_reset();
}

}  // namespace parley::sctp

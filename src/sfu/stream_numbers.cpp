#include "sfu/stream_numbers.h"

#include <algorithm>

namespace parley::sfu {
namespace {

// As rtp::Extender: what is a little older than the first still has a place below it.
constexpr std::uint64_t kFirstRound = 1 << 16;
constexpr std::uint64_t kFirstTimestampRound = std::uint64_t{1} << 32;

}  // namespace

StreamNumbers::Numbers StreamNumbers::handle_packet(Time now, rtp::Ssrc ssrc,
                                                    std::uint16_t sequence_number,
                                                    std::uint32_t timestamp, bool repaired) {
  if (!ssrc_) return repaired ? Numbers{} : begin(now, ssrc, sequence_number, timestamp);
  if (interrupted_) {
    return repaired ? Numbers{} : restart(now, ssrc, sequence_number, timestamp, 2);
  }
  if (ssrc != *ssrc_) {
    if (repaired || !may_restart(now)) return {};
    return restart(now, ssrc, sequence_number, timestamp, 2);
  }
  const auto ahead = static_cast<std::int16_t>(
      static_cast<std::uint16_t>(sequence_number - newest_wire_.on_wire()));
  if (ahead > kMaxJump || ahead < -kMaxJump) {
    if (repaired) return {.kind = Kind::kTooLate};
    return jump(now, ssrc, sequence_number, timestamp);
  }
  suspicion_.reset();
  if (ahead > 0) return advance(now, sequence_number, timestamp);

  const auto behind = static_cast<std::uint64_t>(-ahead);
  const rtp::SeqNo seq{newest_.value - behind};
  if (seen(seq)) return {.kind = Kind::kDuplicate, .wire = {newest_wire_.value - behind}};
  note(seq);
  return {.kind = Kind::kLate,
          .seq = seq,
          .timestamp = extend_timestamp(timestamp),
          .wire = {newest_wire_.value - behind}};
}

StreamNumbers::Numbers StreamNumbers::begin(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number,
                                            std::uint32_t timestamp) {
  ssrc_ = ssrc;
  newest_ = newest_wire_ = {kFirstRound + sequence_number};
  newest_timestamp_ = kFirstTimestampRound + timestamp;
  newest_wire_timestamp_ = timestamp;
  newest_arrived_ = now;
  note(newest_);
  return {
      .kind = Kind::kNewest, .seq = newest_, .timestamp = newest_timestamp_, .wire = newest_wire_};
}

// What was before is over: all of it counts as seen, and so does the first number behind it, which
// stays empty for ever.
StreamNumbers::Numbers StreamNumbers::restart(Time now, rtp::Ssrc ssrc,
                                              std::uint16_t sequence_number,
                                              std::uint32_t timestamp, std::uint64_t step) {
  ssrc_ = ssrc;
  suspicion_.reset();
  interrupted_ = false;
  last_restart_ = now;
  seen_.fill(~std::uint64_t{0});
  for (std::uint64_t i = 2; i < step; ++i) forget(newest_ + i);
  newest_ = newest_ + step;
  newest_wire_ = {kFirstRound + sequence_number};
  newest_timestamp_ += std::max<std::uint64_t>(units_since_newest(now), 1);
  newest_wire_timestamp_ = timestamp;
  newest_arrived_ = now;
  return {.kind = Kind::kRestarted,
          .seq = newest_,
          .timestamp = newest_timestamp_,
          .wire = newest_wire_};
}

// One packet far away is a stray; two in a row are where the sequence goes on. The first of them
// keeps a number, under which it can be asked for again.
StreamNumbers::Numbers StreamNumbers::jump(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number,
                                           std::uint32_t timestamp) {
  const bool confirmed =
      suspicion_ && suspicion_->ssrc == ssrc && suspicion_->next == sequence_number;
  if (confirmed && may_restart(now)) return restart(now, ssrc, sequence_number, timestamp, 3);
  suspicion_ = Suspicion{.ssrc = ssrc, .next = static_cast<std::uint16_t>(sequence_number + 1)};
  return {};
}

StreamNumbers::Numbers StreamNumbers::advance(Time now, std::uint16_t sequence_number,
                                              std::uint32_t timestamp) {
  const auto step = static_cast<std::uint16_t>(sequence_number - newest_wire_.on_wire());
  for (std::uint64_t i = 1; i < step; ++i) forget(newest_ + i);
  newest_ = newest_ + step;
  newest_wire_ = newest_wire_ + step;
  note(newest_);
  follow_timestamp(now, timestamp);
  return {
      .kind = Kind::kNewest, .seq = newest_, .timestamp = newest_timestamp_, .wire = newest_wire_};
}

void StreamNumbers::follow_timestamp(Time now, std::uint32_t timestamp) {
  const auto ahead = std::int64_t{static_cast<std::int32_t>(timestamp - newest_wire_timestamp_)};
  const std::int64_t tolerance = kMaxTimeJump / std::chrono::seconds{1} * std::int64_t{clock_rate_};
  if (ahead == 0) {
    newest_arrived_ = now;
    return;
  }
  const std::uint64_t passed = units_since_newest(now);
  if (ahead < -tolerance || ahead > static_cast<std::int64_t>(passed) + tolerance) {
    ++timestamp_jumps_;
    newest_timestamp_ += std::max<std::uint64_t>(passed, 1);
  } else {
    newest_timestamp_ += static_cast<std::uint64_t>(ahead);
  }
  newest_wire_timestamp_ = timestamp;
  newest_arrived_ = now;
}

bool StreamNumbers::may_restart(Time now) const {
  return !last_restart_ || now - *last_restart_ >= kMinRestart;
}

std::uint64_t StreamNumbers::units_since_newest(Time now) const {
  const Duration passed = std::clamp(now - newest_arrived_, Duration{0},
                                     std::chrono::duration_cast<Duration>(std::chrono::hours{12}));
  return static_cast<std::uint64_t>(passed.count()) * clock_rate_ / 1'000'000;
}

std::uint16_t StreamNumbers::on_wire(rtp::SeqNo seq) const {
  return static_cast<std::uint16_t>(newest_wire_.value - (newest_.value - seq.value));
}

rtp::SeqNo StreamNumbers::from_wire(std::uint16_t number) const {
  const auto ahead =
      static_cast<std::int16_t>(static_cast<std::uint16_t>(number - newest_wire_.on_wire()));
  return {newest_.value + static_cast<std::uint64_t>(std::int64_t{ahead})};
}

std::uint64_t StreamNumbers::extend_timestamp(std::uint32_t timestamp) const {
  const auto ahead = std::int64_t{static_cast<std::int32_t>(timestamp - newest_wire_timestamp_)};
  return newest_timestamp_ + static_cast<std::uint64_t>(ahead);
}

void StreamNumbers::forget(rtp::SeqNo seq) {
  seen_[seq.value % kWindow / 64] &= ~(std::uint64_t{1} << seq.value % 64);
}

bool StreamNumbers::seen(rtp::SeqNo seq) const {
  return (seen_[seq.value % kWindow / 64] >> seq.value % 64 & 1) != 0;
}

void StreamNumbers::note(rtp::SeqNo seq) {
  seen_[seq.value % kWindow / 64] |= std::uint64_t{1} << seq.value % 64;
}

}  // namespace parley::sfu

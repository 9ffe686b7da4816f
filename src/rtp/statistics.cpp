#include "rtp/statistics.h"

#include <algorithm>
#include <cmath>

namespace parley::rtp {
namespace {

// How many units of a clock of `rate` Hz go into `duration`.
std::int64_t in_units(Duration duration, std::uint32_t rate) {
  return duration.count() / 1'000'000 * rate + duration.count() % 1'000'000 * rate / 1'000'000;
}

constexpr std::uint64_t kRound = 1 << 16;  // Extender begins in the second round.

}  // namespace

void ReceptionStatistics::handle_packet(Time now, SeqNo seq, std::uint32_t timestamp) {
  if (!first_) first_ = highest_ = seq;
  first_ = std::min(*first_, seq);
  ++received_;
  if (seq < highest_) return;  // What comes late says nothing about the path's jitter.
  highest_ = seq;
  add_jitter(now, timestamp);
}

// RFC 3550, A.8. Packets of one picture share a timestamp, and would count its size as jitter: only
// the first of them is looked at.
void ReceptionStatistics::add_jitter(Time now, std::uint32_t timestamp) {
  if (last_transit_ && timestamp == last_timestamp_) return;
  const auto arrival = static_cast<std::uint32_t>(in_units(now.time_since_epoch(), clock_rate_));
  const std::uint32_t transit = arrival - timestamp;
  if (last_transit_) {
    const double change =
        std::abs(static_cast<double>(static_cast<std::int32_t>(transit - *last_transit_)));
    jitter_ += (change - jitter_) / 16;
  }
  last_transit_ = transit;
  last_timestamp_ = timestamp;
}

void ReceptionStatistics::handle_sender_report(Time now, const rtcp::SenderReport& report) {
  last_sr_ = {.middle_of_ntp = report.ntp.middle(), .arrived = now};
}

std::int64_t ReceptionStatistics::packets_lost() const {
  if (!first_) return 0;
  const std::uint64_t expected = highest_ - *first_ + 1;
  return static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_);
}

Duration ReceptionStatistics::jitter() const {
  return Duration(std::llround(jitter_ * 1e6 / clock_rate_));
}

std::optional<rtcp::ReportBlock> ReceptionStatistics::report(Time now) {
  if (!first_) return std::nullopt;
  const std::uint64_t expected = highest_ - *first_ + 1;
  const auto expected_since = static_cast<std::int64_t>(expected - expected_before_);
  const auto lost_since = expected_since - static_cast<std::int64_t>(received_ - received_before_);
  expected_before_ = expected;
  received_before_ = received_;

  rtcp::ReportBlock block{.ssrc = ssrc_};
  if (expected_since > 0 && lost_since > 0) {
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>(lost_since * 256 / expected_since, 255));
  }
  block.cumulative_lost =
      static_cast<std::int32_t>(std::clamp<std::int64_t>(packets_lost(), -0x800000, 0x7FFFFF));
  block.highest_sequence =
      static_cast<std::uint32_t>(highest_.value - std::min(highest_.value, kRound));
  block.jitter = static_cast<std::uint32_t>(jitter_);
  if (last_sr_) {
    block.last_sr = last_sr_->middle_of_ntp;
    block.delay_since_last_sr = to_fixed_16_16(now - last_sr_->arrived);
  }
  return block;
}

void SendStatistics::handle_packet(Time captured, std::uint32_t timestamp,
                                   std::size_t payload_size) {
  ++packets_;
  octets_ += payload_size;
  newest_ = {.time = captured, .timestamp = timestamp};
}

std::optional<rtcp::SenderReport> SendStatistics::report(Time now) const {
  if (!newest_) return std::nullopt;
  const std::int64_t since = in_units(now - newest_->time, clock_rate_);
  return rtcp::SenderReport{.sender = ssrc_,
                            .ntp = NtpTime::of(now),
                            .rtp_timestamp = newest_->timestamp + static_cast<std::uint32_t>(since),
                            .packets = static_cast<std::uint32_t>(packets_),
                            .octets = static_cast<std::uint32_t>(octets_)};
}

void RoundTripTime::handle(Time now, const rtcp::ReportBlock& block) {
  add(now, block.last_sr, block.delay_since_last_sr);
}

void RoundTripTime::handle(Time now, const rtcp::ExtendedReport::LastReceiverReference& reference) {
  add(now, reference.last_rr, reference.delay_since_last_rr);
}

void RoundTripTime::add(Time now, std::uint32_t echoed, std::uint32_t delay) {
  if (echoed == 0) return;  // They have had no report of ours yet.
  const std::uint32_t taken = NtpTime::of(now).middle() - echoed - delay;
  constexpr std::uint32_t kHalfRound = 1u << 31;
  if (taken >= kHalfRound) return;  // Before it was sent: not honest, or clocks in jumps.
  latest_ = from_fixed_16_16(taken);
  smoothed_ = smoothed_ ? (*smoothed_ * 7 + *latest_) / 8 : *latest_;
}

}  // namespace parley::rtp

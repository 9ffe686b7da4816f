// What the receiver says, and what it is told: the RTCP of a Downlink, and its rates.
#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "sfu/downlink.h"

namespace parley::sfu {
namespace {

using namespace rtp::rtcp;

// Probing goes up to a little more than what is wanted: an allocator takes a step up only where it
// has some to spare.
constexpr double kDesiredHeadroom = 1.25;
// Of the target, where the path has shown a limit.
constexpr double kLimitedPace = 1.1;
// Of the maximum: a probe of a path that carries it measures a little less than its rate.
constexpr double kNearMax = 0.85;
// What it takes until a higher maximum has been probed.
constexpr Duration kProbeTime = std::chrono::seconds{1};
// Of the packets: from the one sound goes with what RED repeats, until they are fewer than the
// other.
constexpr double kManyLosses = 0.02;
constexpr double kFewLosses = 0.005;
// Reports and the name of so many slots fit into one datagram.
constexpr std::size_t kReportsAtOnce = 16;

}  // namespace

void Downlink::handle_rtcp(Time now, const Message& message) {
  std::visit(overloaded{[&](const SenderReport& report) { on(now, report.blocks); },
                        [&](const ReceiverReport& report) { on(now, report.blocks); },
                        [&](const PictureLossIndication& loss) {
                          if (const auto slot = find_slot(loss.media)) {
                            on_picture_loss(now, slots_[*slot]);
                          }
                        },
                        [&](const ReceiverEstimatedMaximumBitrate& maximum) {
                          const auto rate = static_cast<std::int64_t>(
                              std::min<std::uint64_t>(maximum.bits_per_second, data_units::kLimit));
                          controller_.handle_remb(now, DataRate::bps(rate));
                        },
                        [](const SourceDescription&) {}, [](const Goodbye&) {},
                        [&](const auto& other) { on(now, other); }},
             message);
  drain_controller(now);
  shares_.handle_timeout(now);
}

void Downlink::on(Time now, std::span<const ReportBlock> blocks) {
  LossReports::Loss sum;
  for (const ReportBlock& block : blocks) {
    const auto slot = find_slot(block.ssrc);
    if (!slot) {
      const auto repeated =
          std::ranges::find(slots_, std::optional(block.ssrc),
                            [](const Slot& one) { return one.subscription.config().rtx_ssrc; });
      if (repeated != slots_.end()) repeated->rtx_mid_packets = 0;
      continue;
    }
    slots_[*slot].mid_packets = 0;  // It knows the stream.
    round_trip_.handle(now, block);
    const auto loss = losses_.handle(*slot, block);
    sum.lost += loss.lost;
    sum.expected += loss.expected;
  }
  losses_.handle_report(sum);
  adapt_redundancy();
  controller_.handle_loss_report(now, sum.lost, sum.expected);
  apply_round_trip_time(now);
}

void Downlink::adapt_redundancy() {
  const bool redundant = losses_.share() >= (redundant_ ? kFewLosses : kManyLosses);
  if (std::exchange(redundant_, redundant) == redundant) return;
  for (Slot& slot : slots_) {
    if (!slot.video) slot.subscription.set_redundant(redundant);
  }
}

void Downlink::on(Time now, const ExtendedReport& report) {
  if (!slots_.empty()) {  // Else there is no stream of ours to answer from.
    references_.handle(now, report);
    references_due_ |= report.receiver_reference_time.has_value();
  }
  for (const auto& reference : report.last_receiver_references) {
    if (find_slot(reference.ssrc)) round_trip_.handle(now, reference);
  }
  apply_round_trip_time(now);
}

void Downlink::apply_round_trip_time(Time now) {
  const auto rtt = round_trip_.smoothed();
  if (!rtt) return;
  controller_.handle_round_trip(now, *rtt);
  retransmissions_.set_round_trip_time(*rtt);
}

void Downlink::on(Time now, const Nack& nack) {
  const auto slot = find_slot(nack.media);
  if (!slot) return;
  for (const std::uint16_t sequence_number : nack.missing) {
    ++counters_.nacked;
    if (send_again(now, *slot, sequence_number)) {
      ++counters_.retransmitted;
    } else {
      ++counters_.unknown_nack;
    }
  }
}

// By RTX alone: the same packet a second time is what SRTP takes for an attack.
bool Downlink::send_again(Time now, std::size_t index, std::uint16_t sequence_number) {
  Slot& slot = slots_[index];
  const bool given_up =
      slot.resumed && static_cast<std::int16_t>(sequence_number - slot.resumed_with) < 0;
  if (!slot.can_repeat || given_up) return false;
  auto packet = slot.subscription.find_sent(now, sequence_number);
  if (!packet || !rtx_type(slot, packet->payload_type)) return false;
  const auto size = DataSize::bytes(packet->payload.size());
  if (!retransmissions_.allow(now, index, sequence_number, size)) return false;
  depart(now, cc::Priority::kRetransmission,
         {.packet = std::move(*packet), .slot = static_cast<std::uint16_t>(index), .again = true});
  return true;
}

void Downlink::on(Time now, const FullIntraRequest& request) {
  for (const FullIntraRequest::Entry& entry : request.entries) {
    const auto slot = find_slot(entry.ssrc);
    if (!slot || !slots_[*slot].fir.handle(entry.sequence_number)) continue;
    on_picture_loss(now, slots_[*slot]);
  }
}

void Downlink::on_picture_loss(Time now, Slot& slot) {
  ++counters_.picture_losses;
  slot.subscription.handle_picture_loss();
  ask_for_key_frame(now, slot);
}

void Downlink::ask_for_key_frame(Time now, Slot& slot) {
  Publication* const shown = slot.subscription.shown();
  const auto encoding = slot.subscription.wants_key_frame();
  if (shown == nullptr || !encoding) return;
  if (slot.subscription.has_lost_picture() && !slot.losses.believe(now)) return;
  shown->request_key_frame(now, *encoding);
  has_asked_ = true;
}

void Downlink::ask_for_key_frames(Time now) {
  for (Slot& slot : slots_) ask_for_key_frame(now, slot);
}

void Downlink::on(Time now, const TransportFeedback& feedback) {
  if (!numbered_) return;
  const auto results = sent_.handle_feedback(feedback);
  if (results.empty()) return;
  tell_sent(now);
  controller_.handle_input(now, {.results = results});
}

// --- Rates ---

// Without feedback on single packets there is only loss and REMB to go by, which is little: the
// target follows them, but packets of a frame do not wait for each other.
void Downlink::drain_controller(Time now) {
  while (const auto output = controller_.poll_output()) {
    if (const auto* const probe = std::get_if<cc::ProbeCluster>(&*output)) {
      pacer_.probe(now, *probe);
      continue;
    }
    const auto& changed = std::get<cc::TargetChanged>(*output);
    if (std::exchange(target_, changed.target) > changed.target) probed_until_ = kAtOnce;
    // Once the path has shown a limit, a key frame is spread over the time it takes, and waits
    // here instead of in the path, where sound would wait behind it.
    const bool is_limit = has_found_limit();
    const DataRate pace =
        is_limit ? std::min(changed.pacing, changed.target * kLimitedPace) : changed.pacing;
    pacer_.set_rates(now, numbered_ ? pace : config_.limits.max, changed.padding);
    retransmissions_.set_rate(now, changed.target);
    pacer_.set_min_burst(is_limit ? DataSize() : kMinBurst);
  }
  controller_due_ = controller_.next_deadline();
}

void Downlink::tell_sent(Time now) {
  told_ = now;
  if (untold_ == 0) return;
  controller_.handle_sent(now, DataSize::bytes(std::exchange(untold_, 0)));
  drain_controller(now);
}

DataRate Downlink::estimate() const {
  return controller_.target();
}

DataRate Downlink::video_budget() const {
  return shares_.left_for_video(estimate());
}

// What the path once carried is not forgotten because less is wanted for a while.
void Downlink::set_desired(Time now, DataRate rate) {
  const DataRate ceiling = shares_.needed_for_video(rate * kDesiredHeadroom);
  const DataRate max = std::min(std::max(ceiling, estimate()), config_.limits.max);
  if (max == max_) return;
  if (max > max_ && is_near_max()) probed_until_ = now + kProbeTime;
  max_ = max;
  controller_.set_limits(now, {.min = config_.limits.min,
                               .start = std::min(config_.limits.start, config_.limits.max),
                               .max = max});
  drain_controller(now);
}

bool Downlink::may_carry_more(Time now) const {
  return is_near_max() || now < probed_until_;
}

bool Downlink::is_near_max() const {
  return estimate() >= max_ * kNearMax;
}

std::optional<Duration> Downlink::round_trip_time() const {
  const auto measured = controller_.round_trip_time();
  return measured ? measured : round_trip_.smoothed();
}

double Downlink::loss() const {
  return losses_.share();
}

// --- Time and reports ---

void Downlink::handle_timeout(Time now) {
  tell_sent(now);
  if (controller_due_ <= now) {
    controller_.handle_timeout(now);
    drain_controller(now);
  }
  shares_.handle_timeout(now);
}

Time Downlink::next_deadline() const {
  if (!started_) return kNever;
  if (!departures_.empty() || padding_left_ > 0 || references_due_) return kAtOnce;
  const Time pace = pacer_.idle() ? kNever : pacer_.next_deadline();
  return std::min({pace, controller_due_, next_report_});
}

std::optional<std::vector<std::uint8_t>> Downlink::poll_rtcp(Time now) {
  if (!started_ || slots_.empty()) return std::nullopt;
  if (std::exchange(references_due_, false)) {
    if (auto answer = answer_references(now)) return answer;
  }
  if (now < next_report_) return std::nullopt;
  std::vector<SenderReport> reports;
  for (; reported_slots_ < slots_.size() && reports.size() < kReportsAtOnce; ++reported_slots_) {
    Slot& slot = slots_[reported_slots_];
    if (auto report = slot.report.report(now, slot.subscription)) reports.push_back(*report);
  }
  if (reported_slots_ == slots_.size()) {
    reported_slots_ = 0;
    last_report_ = now;
    next_report_ = now + config_.report_interval;
  }
  if (reports.empty()) return std::nullopt;
  return write_reports(reports, config_.cname);
}

// Behind an empty report, as a compound packet begins with one (RFC 3550, 6.1).
std::optional<std::vector<std::uint8_t>> Downlink::answer_references(Time now) {
  const rtp::Ssrc sender = slots_.front().subscription.config().ssrc;
  const auto answer = references_.report(now, sender);
  if (!answer) return std::nullopt;
  ByteWriter writer;
  write_to(writer, ReceiverReport{.sender = sender});
  write_to(writer, SourceDescription{.chunks = {{.ssrc = sender, .cname = config_.cname}}});
  write_to(writer, *answer);
  return writer.take();
}

}  // namespace parley::sfu

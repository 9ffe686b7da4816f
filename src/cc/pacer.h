#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "base/data_rate.h"
#include "base/time.h"
#include "cc/pacing_budget.h"
#include "cc/packet_queue.h"
#include "cc/probe_burst.h"
#include "cc/probe_cluster.h"
#include "cc/told_time.h"

namespace parley::cc {

// Lets the packets of a transport leave at an even pace, so that a key frame does not arrive at the
// bottleneck all at once; and sends probe clusters, out of what waits and, where that is too
// little, of padding, for which it asks its owner.
//
// `Packet` is whatever the owner sends; it is moved in and out. Sans-IO: push() what there is to
// send; then, and at next_deadline(), poll() until it returns nothing, and send each at once. What
// leaves has to be told to SendController::handle_sent(), and its probe to rtp::SentLog::add().
//
// Who sends a lot asks pass() first: where nothing waits and the pace allows it, the packet need
// not go through the queue.
template <class Packet>
class Pacer {
 public:
  struct Config {
    PacketQueue<Packet>::Config queue = {};
    PacingBudget::Config budget = {};
    // The pace rises so that what waits is through by then: a late frame helps nobody.
    Duration max_wait = std::chrono::seconds{2};
    DataSize padding_packet = DataSize::bytes(1'000);  // To ask for at a time; probes ask for more.
    DataSize probe_packet = DataSize::bytes(1'200);
  };
  struct Send {
    Packet packet = {};
    Priority priority = {};
    rtp::ProbeId probe = {};  // Zero: of no probe.
    Duration waited = {};
  };
  // Send about so many bytes of padding now: a repeat by RTX, or an empty packet. They count as
  // sent, whatever comes of it.
  struct Pad {
    DataSize size = {};
    rtp::ProbeId probe = {};
  };
  using Output = std::variant<Send, Pad>;

  struct Stats {
    std::size_t waiting_packets = 0;
    DataSize waiting = {};
    std::uint64_t dropped_full = 0;
    std::uint64_t dropped_old = 0;
    std::uint64_t probes_abandoned = 0;
  };

  Pacer() : Pacer(Config{}) {}
  explicit Pacer(Config config) : config_(config), queue_(config.queue), budget_(config.budget) {}

  void set_rates(Time now, DataRate pacing, DataRate padding) {
    now = now_.advance(now);
    pacing_ = pacing;
    padding_budget_.set_rate(now, padding);
    adjust_pace(now);
  }

  // Whether Pad can be answered, as it can once there is a stream of video. Until then probes are
  // made of media alone.
  void set_can_pad(bool can_pad) { can_pad_ = can_pad; }

  // Packets that come together may leave together, as long as they are no more than this, even
  // where the pace would spread them. Zero: no more than the budget's burst.
  void set_min_burst(DataSize size) { budget_.set_min_burst(size); }

  void probe(Time now, const ProbeCluster& cluster) { burst_.add(now_.advance(now), cluster); }

  // Whether a packet that is to be sent may leave at once: then it counts as sent, as part of the
  // probe that is returned (zero: of none). Else it has to be pushed.
  std::optional<rtp::ProbeId> pass(Time now, Priority priority, DataSize size) {
    now = now_.advance(now);
    rtp::ProbeId probe;
    if (!queue_.empty() && priority != Priority::kAudio) return std::nullopt;
    if (const auto due = burst_.empty() ? std::nullopt : burst_.due(now)) {
      probe = *due;
    } else if (priority != Priority::kAudio && !budget_.allows(now)) {
      return std::nullopt;
    }
    account(now, size, probe);
    return probe;
  }

  // Nothing waits, nor is a probe or padding to be sent: poll() gives nothing until something is
  // pushed.
  bool idle() const {
    return queue_.empty() && burst_.empty() && padding_budget_.rate() <= DataRate();
  }
  std::size_t waiting() const { return queue_.packets(); }
  std::size_t waiting(Priority priority, rtp::Ssrc stream) const {
    return queue_.packets(priority, stream);
  }

  // Drops what waits of a stream at this priority, and returns how many packets that were.
  std::size_t drop(Time now, Priority priority, rtp::Ssrc stream) {
    const std::size_t dropped = queue_.drop(priority, stream);
    adjust_pace(now_.advance(now));
    return dropped;
  }

  // `size` with all headers.
  void push(Time now, Priority priority, rtp::Ssrc stream, DataSize size, Packet packet) {
    now = now_.advance(now);
    queue_.push({.priority = priority,
                 .stream = stream,
                 .size = size,
                 .packet = std::move(packet),
                 .enqueued = now});
    adjust_pace(now);
  }

  std::optional<Output> poll(Time now) {
    now = now_.advance(now);
    if (const auto id = burst_.due(now)) {
      if (auto packet = take(now, *id)) return packet;
      if (can_pad_) return pad(now, config_.probe_packet, *id);
    }
    if (media_deadline() <= now) {
      if (auto packet = take(now, {})) return packet;
    }
    if (padding_deadline() <= now) return pad(now, config_.padding_packet, {});
    return std::nullopt;
  }

  Time next_deadline() const {
    const bool can_probe = can_pad_ || !queue_.empty();
    const Time probe = can_probe ? burst_.next_deadline() : kNever;
    return std::min({probe, media_deadline(), padding_deadline()});
  }

  Stats stats() const {
    return {.waiting_packets = queue_.packets(),
            .waiting = queue_.size(),
            .dropped_full = queue_.dropped().full,
            .dropped_old = queue_.dropped().old,
            .probes_abandoned = burst_.abandoned()};
  }

 private:
  // Sound does not wait: it is little, and late sound is lost sound.
  Time media_deadline() const {
    const auto next = queue_.next();
    if (!next) return kNever;
    return next == Priority::kAudio ? kAtOnce : budget_.next_deadline();
  }

  Time padding_deadline() const {
    if (!can_pad_ || !queue_.empty()) return kNever;
    const Time padding = padding_budget_.next_deadline();
    return padding == kNever ? kNever : std::max(padding, budget_.next_deadline());
  }

  std::optional<Output> take(Time now, rtp::ProbeId probe) {
    auto entry = queue_.take(now);
    if (!entry) return std::nullopt;
    account(now, entry->size, probe);
    return Send{.packet = std::move(entry->packet),
                .priority = entry->priority,
                .probe = probe,
                .waited = now - entry->enqueued};
  }

  Output pad(Time now, DataSize size, rtp::ProbeId probe) {
    account(now, size, probe);
    return Pad{.size = size, .probe = probe};
  }

  void account(Time now, DataSize size, rtp::ProbeId probe) {
    budget_.handle_sent(now, size);
    if (padding_budget_.rate() > DataRate()) padding_budget_.handle_sent(now, size);
    if (probe) burst_.handle_sent(now, size);
    adjust_pace(now);
  }

  void adjust_pace(Time now) {
    const DataRate needed = queue_.empty() ? DataRate() : queue_.size() / config_.max_wait;
    budget_.set_rate(now, std::max(pacing_, needed));
  }

  Config config_;
  PacketQueue<Packet> queue_;
  PacingBudget budget_;
  PacingBudget padding_budget_;
  ProbeBurst burst_;
  ToldTime now_;
  DataRate pacing_ = {};
  bool can_pad_ = true;
};

}  // namespace parley::cc

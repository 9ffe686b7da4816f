#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/sans_io.h"
#include "base/small_queue.h"
#include "cc/acked_bitrate.h"
#include "cc/alr_detector.h"
#include "cc/delay_controller.h"
#include "cc/feedback_watch.h"
#include "cc/loss_controller.h"
#include "cc/loss_tally.h"
#include "cc/probe_cluster.h"
#include "cc/probe_estimator.h"
#include "cc/prober.h"
#include "cc/told_time.h"
#include "rtp/sent_log.h"

namespace parley::cc {

// What one rtcp::TransportFeedback said, as rtp::SentLog::handle_feedback() gives it. Borrowed.
struct Feedback {
  std::span<const rtp::SentLog::PacketResult> results = {};
};

// How much to send from now on.
struct TargetChanged {
  DataRate target = {};   // For all the media of the transport together, headers included.
  DataRate pacing = {};   // For Pacer: somewhat faster, so that a large frame does not wait.
  DataRate padding = {};  // For Pacer: fill up to it where media is less.

  friend bool operator==(const TargetChanged&, const TargetChanged&) = default;
};

// Google congestion control, the sender's side, for one transport: how fast the path can be used
// without building a queue in it (draft-ietf-rmcat-gcc-02, with the probing, application-limited
// and loss rules that browsers have added since).
//
// An engine (base/sans_io.h). Its input is transport-wide feedback; its owner also tells it of each
// packet that leaves, and carries its outputs to a Pacer and to the encoders. It composes, the
// classes beside it decide: the target is the least of what DelayController and LossController
// find, what the receiver allows (REMB), and the maximum.
class SendController {
 public:
  // `max`: what the application can make use of, as probes go up to it. A minimum above it, or a
  // start rate outside of both, is moved to where it fits.
  struct Limits {
    DataRate min = DataRate::kbps(30);
    DataRate start = DataRate::kbps(300);
    DataRate max = DataRate::mbps(10);
  };
  struct Config {
    Limits limits = {};
    double pacing_factor = 1.5;
    // At which a higher rate is tried, where nothing else would show that the path carries it.
    Duration probe_interval = std::chrono::seconds{5};
    DataRate padding = {};  // Up to this, and never above the target, media is filled up.
    Duration remb_lifetime = std::chrono::seconds{10};  // One that is not repeated has ended.
    // A report about what was sent longer ago is ignored.
    Duration max_age = std::chrono::minutes{1};
  };
  struct Stats {
    DataRate target = {};
    DataRate delay_based = {};
    DataRate loss_based = {};           // Infinite: no limit.
    std::optional<DataRate> remb = {};  // The last, while it holds.
    std::optional<DataRate> acked = {};
    double loss = 0;  // Average, 0 to 1.
    std::optional<Duration> rtt = {};
    Usage usage = Usage::kNormal;
    bool application_limited = false;
    bool feedback_timed_out = false;
    std::uint64_t overuses = 0;
    std::uint64_t probes = 0;
    std::uint64_t probe_results = 0;
    std::uint64_t ignored_results = 0;  // They made no sense.
  };
  using Input = Feedback;
  using Output = std::variant<TargetChanged, ProbeCluster>;

  SendController() : SendController(Config{}) {}
  explicit SendController(const Config& config);

  // The transport can send: probing begins. Before it only the limits may be set.
  void start(Time now);
  void handle_input(Time now, Feedback feedback);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // Every packet that leaves, with headers: what went through the Pacer, and what did not.
  void handle_sent(Time now, DataSize size);

  // From receiver reports (rtp::RoundTripTime).
  void handle_round_trip(Time now, Duration rtt);
  // From receiver reports: of `expected` packets since the last, `lost` are missing. Only used
  // while there is no transport-wide feedback.
  void handle_loss_report(Time now, std::uint64_t lost, std::uint64_t expected);
  // Receiver estimated maximum bitrate: a cap, for as long as it is repeated.
  void handle_remb(Time now, DataRate rate);

  // `start` is used before start() and when the route changes.
  void set_limits(Time now, const Limits& wanted);
  // Another path was selected: nothing that was learnt holds.
  void handle_route_change(Time now);

  DataRate target() const { return target_; }
  std::optional<Duration> round_trip_time() const { return rtt_; }
  // Whether the path has shown so far that it carries only so much.
  bool has_found_limit() const { return counts_.overuses > 0 || loss_.is_limiting(); }
  Stats stats() const;

 private:
  using Results = std::span<const rtp::SentLog::PacketResult>;

  static Config sensible(Config config);
  static Limits sensible(Limits limits);
  void reset(Time now);
  bool makes_sense(const rtp::SentLog::PacketResult& result) const;
  Results arrived_of(Results results, std::vector<rtp::SentLog::PacketResult>& memory);
  Duration measure_round_trip(Results arrived) const;
  void notice_gap(Results results);
  void handle_arrivals(Results arrived);
  void measure(Results arrived);
  void handle_losses(Results results);
  bool is_limited() const { return alr_.limited_since().has_value(); }
  // What arrives, where that tells what the path carries and not what the application had to say.
  std::optional<DataRate> throughput() const {
    return is_limited() && !delay_.is_filled() ? std::nullopt : acked_.estimate();
  }
  std::optional<DataRate> remb() const;
  void update();

  Config config_;
  ToldTime now_;
  bool started_ = false;
  bool has_feedback_ = false;
  AckedBitrate acked_;
  AlrDetector alr_;
  ProbeEstimator probe_estimator_;
  Prober prober_;
  DelayController delay_;
  LossTally tally_;
  LossController loss_;
  FeedbackWatch watch_;
  Usage usage_ = Usage::kNormal;
  std::optional<rtp::SeqNo> reported_;  // The last packet that feedback was about.
  std::optional<Duration> rtt_;
  DataRate remb_ = DataRate::infinite();
  Time remb_until_ = kAtOnce;
  // For loss reports alone: since the last of them.
  std::optional<Time> loss_reported_;
  DataSize sent_since_ = {};
  DataRate target_;
  std::optional<TargetChanged> told_;
  SmallQueue<ProbeCluster> probes_;  // What poll_output() has still to give.
  Stats counts_;                     // The counters of it.
};

static_assert(SansIo<SendController>);

}  // namespace parley::cc

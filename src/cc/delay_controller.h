#pragma once

#include <optional>
#include <span>

#include "cc/acked_bitrate.h"
#include "cc/aimd_rate_control.h"
#include "cc/inter_arrival.h"
#include "cc/probe_estimator.h"
#include "cc/queue_delay.h"
#include "cc/trendline_estimator.h"
#include "rtp/sent_log.h"

namespace parley::cc {

// The delay-based part: arrivals in, a rate out. It passes each packet from InterArrival to
// TrendlineEstimator, and what that sees once a report to AimdRateControl.
class DelayController {
 public:
  DelayController(DataRate start, DataRate min, DataRate max);

  void set_limits(DataRate min, DataRate max) { rate_control_.set_limits(min, max); }
  void set_round_trip_time(Duration rtt) { rate_control_.set_round_trip_time(rtt); }
  void set_rate(Time now, DataRate rate) { rate_control_.set_rate(now, rate); }

  struct Report {
    std::span<const rtp::SentLog::PacketResult> arrived = {};  // In the order of arrival.
    std::optional<DataRate> acked = {};                        // What AckedBitrate says.
    bool measuring = false;                                    // Anew: `acked` is of before.
    std::optional<ProbeEstimator::Result> probe = {};          // What a cluster in it measured.
    bool limited = false;      // By the application: `acked` need not be a limit.
    bool little_sent = false;  // Much less than the rate; `limited` takes time to tell.
  };
  struct Verdict {
    Usage usage = Usage::kNormal;
    bool recovered = false;  // A queue that had grown has drained.
  };
  Verdict handle_report(Time now, const Report& report);
  // Losses are the limit now.
  void handle_losses(Time now, std::optional<DataRate> acked) {
    rate_control_.handle_overflow(now, queue_.current(), acked);
  }

  DataRate rate() const { return rate_control_.rate(); }
  Duration queue() const { return queue_.current(); }
  // What waits is more than jitter: the path is full, however little was sent. What arrives then is
  // all that it carries.
  bool is_filled() const { return queue_.current() >= kFilled; }

 private:
  bool counts(const Report& report, const ProbeEstimator::Result& probe, Usage usage) const;

  static constexpr Duration kFilled = std::chrono::milliseconds{50};

  InterArrival inter_arrival_;
  TrendlineEstimator trendline_;
  QueueDelay queue_;
  AimdRateControl rate_control_;
  std::optional<Time> last_report_;
};

}  // namespace parley::cc

#pragma once

#include <optional>

#include "base/time.h"
#include "rtp/ntp_time.h"

namespace parley::sfu {

// What a participant's clock says, by ours. All its streams share it, so that lips and voice stay
// together: nobody knows how long a report was under way, so the one that was fastest counts. It
// may drift, so only the last minute counts.
class SenderClock {
 public:
  static constexpr Duration kWindow = std::chrono::seconds{30};
  static constexpr Duration kMaxJump = std::chrono::seconds{3};  // More, and the clock was set.

  void handle_report(Time now, rtp::NtpTime sent);

  // Nothing before the first report.
  std::optional<Time> to_ours(rtp::NtpTime theirs) const;

 private:
  Duration fastest() const;

  Time window_began_ = {};
  std::optional<Duration> current_;  // Our clock minus theirs, the smallest of this window,
  std::optional<Duration> before_;   // and of the one before.
};

}  // namespace parley::sfu

#pragma once

#include "base/random.h"
#include "base/time.h"
#include "ice/config.h"

namespace parley::ice {

// Does the peer still want to be sent to (RFC 7675)? When to ask on the selected path, and what to
// make of silence. It knows no messages.
class Consent {
 public:
  Consent(const Timers& timers, Random& random) : timers_(timers), random_(&random) {}

  // A check on the path was just answered, within `round_trip`.
  void start(Time now, Duration round_trip);
  void stop() { next_ = answered_ = unanswered_since_ = kNever; }
  // The path is gone but may be followed by another: asks no more, and the time runs.
  void suspend(Time now);

  // Something speaks for another path: ask at once, and again soon.
  void doubt(Time now);

  bool is_due(Time now) const { return next_ <= now; }
  void handle_sent(Time now);
  void handle_answer(Time now, Duration round_trip);

  // Doubted, and three checks in a row were not answered.
  bool is_lost() const { return doubted_ && unanswered_ > kDoubtedChecks; }
  bool is_disconnected(Time now) const;
  bool has_expired(Time now) const;    // 30 s without an answer (RFC 7675, 5.1).
  Time next_deadline(Time now) const;  // After `now`, but for a check that is due.

 private:
  static constexpr int kDoubtedChecks = 3;

  Duration spread(Duration interval);

  Timers timers_;
  Random* random_;
  Duration round_trip_ = Duration::zero();
  Time next_ = kNever;
  Time answered_ = kNever;          // When the last answer came; kNever: not started.
  Time unanswered_since_ = kNever;  // The first check after that answer.
  int unanswered_ = 0;              // Checks after that answer.
  bool doubted_ = false;
};

}  // namespace parley::ice

#include "cc/feedback_watch.h"

namespace parley::cc {

std::optional<double> FeedbackWatch::handle_sent(Time now) {
  if (!unanswered_since_) unanswered_since_ = now;
  if (now - *unanswered_since_ < config_.limit) return std::nullopt;
  if (decreased_ && now - *decreased_ < config_.interval) return std::nullopt;
  decreased_ = now;
  return config_.decrease;
}

bool FeedbackWatch::handle_feedback(Time now, Duration rtt) {
  if (rtt >= config_.limit) {  // An answer to what was sent long ago: the later is unanswered.
    unanswered_since_ = now - rtt;
    return false;
  }
  unanswered_since_.reset();
  const bool again = timed_out();
  decreased_.reset();
  return again;
}

}  // namespace parley::cc

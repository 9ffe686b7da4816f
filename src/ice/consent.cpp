#include "ice/consent.h"

#include <algorithm>
#include <chrono>

namespace parley::ice {
namespace {

using namespace std::chrono_literals;

constexpr Duration kShortestRetry = 100ms;  // Of a doubted path, however near the peer.

}  // namespace

void Consent::start(Time now, Duration round_trip) {
  handle_answer(now, round_trip);
}

void Consent::suspend(Time now) {
  next_ = kNever;
  if (answered_ == kNever) answered_ = now;
  unanswered_since_ = std::min(unanswered_since_, now - timers_.disconnected_after);
}

void Consent::doubt(Time now) {
  if (answered_ == kNever || doubted_ || next_ == kNever) return;
  doubted_ = true;
  unanswered_ = 0;
  next_ = now;
}

void Consent::handle_sent(Time now) {
  ++unanswered_;
  unanswered_since_ = std::min(unanswered_since_, now);
  const Duration soon = std::clamp(2 * round_trip_, kShortestRetry, timers_.consent_retry);
  next_ = now + (doubted_ ? soon : timers_.consent_retry);
}

void Consent::handle_answer(Time now, Duration round_trip) {
  answered_ = now;
  round_trip_ = round_trip;
  unanswered_since_ = kNever;
  unanswered_ = 0;
  doubted_ = false;
  next_ = now + spread(timers_.consent_interval);
}

bool Consent::is_disconnected(Time now) const {
  return unanswered_since_ != kNever && now - unanswered_since_ >= timers_.disconnected_after;
}

bool Consent::has_expired(Time now) const {
  return answered_ != kNever && now - answered_ >= timers_.consent_timeout;
}

Time Consent::next_deadline(Time now) const {
  if (answered_ == kNever) return kNever;
  Time next = next_;
  const auto consider = [&](Time at) {
    if (at > now) next = std::min(next, at);
  };
  consider(answered_ + timers_.consent_timeout);
  if (unanswered_since_ != kNever) consider(unanswered_since_ + timers_.disconnected_after);
  return next;
}

// Between 0.8 and 1.2 of it, so that many do not ask at once.
Duration Consent::spread(Duration interval) {
  const auto fifth = static_cast<std::uint64_t>(interval.count() / 5);
  return interval * 4 / 5 + Duration{static_cast<Duration::rep>(random_->u64() % (2 * fifth + 1))};
}

}  // namespace parley::ice

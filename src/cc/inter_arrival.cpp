#include "cc/inter_arrival.h"

#include <algorithm>

namespace parley::cc {

std::optional<InterArrival::Deltas> InterArrival::handle_packet(Time now, Time sent,
                                                                Duration received) {
  if (current_ && sent < current_->first_sent) return std::nullopt;  // It was overtaken.
  std::optional<Deltas> deltas;
  if (current_ && !belongs_to_current(sent, received)) {
    deltas = compare();
    previous_ = current_;  // None where compare() has reset: then this is the first again.
    current_.reset();
  }
  if (!current_)
    current_ = Burst{.first_sent = sent, .last_sent = sent, .first_received = received};
  current_->last_sent = std::max(current_->last_sent, sent);
  current_->last_received = received;
  current_->reported = now;
  return deltas;
}

bool InterArrival::belongs_to_current(Time sent, Duration received) const {
  if (sent - current_->first_sent <= config_.burst) return true;
  const Duration received_delta = received - current_->last_received;
  const Duration queued = received_delta - (sent - current_->last_sent);
  return queued < Duration::zero() && received_delta <= config_.burst &&
         received - current_->first_received < config_.max_burst;
}

std::optional<InterArrival::Deltas> InterArrival::compare() {
  if (!previous_) return std::nullopt;
  const Deltas deltas{.sent = current_->last_sent - previous_->last_sent,
                      .received = current_->last_received - previous_->last_received};
  if (deltas.received - (current_->reported - previous_->reported) >= config_.clock_jump) {
    reset();
    return std::nullopt;
  }
  if (deltas.received < Duration::zero()) {
    if (++reordered_ >= config_.max_reordered) reset();
    return std::nullopt;
  }
  reordered_ = 0;
  return deltas;
}

void InterArrival::reset() {
  current_.reset();
  previous_.reset();
  reordered_ = 0;
}

}  // namespace parley::cc

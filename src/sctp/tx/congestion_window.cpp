#include "sctp/tx/congestion_window.h"

namespace parley::sctp {

void CongestionWindow::handle_ack(const Ack& ack) {
  if (recovery_end_) {
    if (ack.cumulative + 1 >= *recovery_end_) recovery_end_.reset();
    return;
  }
  // A window that was not used proves nothing about the path. What is left may be less than a
  // packet.
  const bool fully_used = ack.in_flight + mtu_ > window_;
  if (window_ > threshold_) {
    grow_slowly(ack, fully_used);
    return;
  }
  delay_.handle_ack(ack.cumulative, ack.next);  // Slow start, 7.2.1.
  if (ack.round_trip) delay_.handle_round_trip(*ack.round_trip);
  const std::size_t growth = fully_used ? std::min(ack.acked, mtu_) : 0;
  switch (delay_.phase()) {
    case DelayWatch::Phase::kSlowStart: window_ += growth; break;
    case DelayWatch::Phase::kConservative: window_ += growth / 4; break;
    case DelayWatch::Phase::kDone: end_slow_start(); break;
  }
}

// RFC 6675, 5.1 in the last: with it a lossy timeout would end in fast recovery with no window.
bool CongestionWindow::handle_loss(Tsn cumulative, Tsn next) {
  if (recovery_end_ || cumulative + 1 < timeout_end_) return false;
  recovery_end_ = next;
  threshold_ = half();
  window_ = threshold_;
  partial_bytes_acked_ = 0;
  return true;
}

// A second timeout in a row says nothing new about how much the path can carry (RFC 5681, 3.1).
void CongestionWindow::handle_timeout(Tsn next) {
  if (window_ > mtu_) threshold_ = half();
  window_ = mtu_;
  partial_bytes_acked_ = 0;
  recovery_end_.reset();
  timeout_end_ = next;
  delay_ = {};
}

// Slow start has filled a queue. It is let run empty but for a quarter of what the path holds,
// rather than to delay all that shares the path with us for as long as we have something to send.
void CongestionWindow::end_slow_start() {
  const std::size_t path = delay_.without_queue(window_);
  window_ = std::clamp(path + path / 4, std::min(4 * mtu_, window_), window_);
  threshold_ = window_ - 1;
}

// Congestion avoidance, 7.2.2.
void CongestionWindow::grow_slowly(const Ack& ack, bool fully_used) {
  partial_bytes_acked_ += ack.acked;
  if (partial_bytes_acked_ < window_) return;
  partial_bytes_acked_ = fully_used ? partial_bytes_acked_ - window_ : window_;
  if (fully_used) window_ += mtu_;
}

}  // namespace parley::sctp

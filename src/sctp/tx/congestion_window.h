#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/time.h"
#include "sctp/packet/tsn.h"
#include "sctp/tx/delay_watch.h"

namespace parley::sctp {

// How many bytes may be under way (RFC 9260, 7.2): doubling until the first loss or delay, then one
// packet more a round trip; half at a loss, one packet after a timeout.
class CongestionWindow {
 public:
  CongestionWindow(std::size_t mtu, std::size_t initial_packets)
      : mtu_(mtu), window_(mtu * initial_packets) {}

  struct Ack {
    Tsn cumulative = {};        // It was advanced to this.
    Tsn next = {};              // The first TSN that was not sent yet.
    std::size_t acked = 0;      // Bytes, with those behind gaps.
    std::size_t in_flight = 0;  // Bytes, before the SACK came.
    std::optional<Duration> round_trip = {};
  };
  void handle_ack(const Ack& ack);
  // Chunks are lost, of which three SACKs told. True when that begins a fast recovery: losses in
  // one round trip count once, and those after a timeout are what it was about.
  bool handle_loss(Tsn cumulative, Tsn next);
  void handle_timeout(Tsn next);

  bool is_in_fast_recovery() const { return recovery_end_.has_value(); }
  std::size_t window() const { return window_; }
  std::size_t slow_start_threshold() const { return threshold_; }

 private:
  std::size_t half() const { return std::max(window_ / 2, 4 * mtu_); }
  void end_slow_start();
  void grow_slowly(const Ack& ack, bool fully_used);

  std::size_t mtu_;
  std::size_t window_;
  std::size_t threshold_ = std::numeric_limits<std::size_t>::max();
  std::size_t partial_bytes_acked_ = 0;
  DelayWatch delay_;
  std::optional<Tsn> recovery_end_;  // What had been sent when the loss was seen ends before it.
  Tsn timeout_end_ = {};             // The same of the last timeout.
};

}  // namespace parley::sctp

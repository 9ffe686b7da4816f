#pragma once

#include "base/time.h"

namespace parley::sctp {

// When to send a SACK (RFC 9260, 6.2): on every second packet with DATA, after a delay on one that
// stays alone, and at once as long as something is missing or came twice.
class SackSchedule {
 public:
  explicit SackSchedule(Duration delay) : delay_(delay) {}

  // A packet with DATA was handled.
  void handle_packet(Time now, bool at_once) {
    if (at_once || due_ != kNever) {
      due_ = kAtOnce;
    } else {
      due_ = now + delay_;
    }
  }
  void send_at_once() { due_ = kAtOnce; }
  void sent() { due_ = kNever; }

  bool is_due(Time now) const { return due_ <= now; }
  // One would be due sooner or later, so it can ride along with other chunks.
  bool is_waiting() const { return due_ != kNever; }
  Time deadline() const { return due_; }

 private:
  Duration delay_;
  Time due_ = kNever;
};

}  // namespace parley::sctp

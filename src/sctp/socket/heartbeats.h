#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "sctp/config.h"

namespace parley::sctp {

// Asks an idle path whether the peer is there (RFC 9260, 8.3), and measures the round trip by it.
class Heartbeats {
 public:
  Heartbeats(const Config& config, Random& random) : config_(config), random_(random) {}

  // The association is up. The first comes an interval after that.
  void start(Time now, Duration rto) { schedule(now, rto); }

  struct Expiry {
    bool unanswered = false;  // The last was not acknowledged in time: one more silence.
    bool send = false;        // write() one now.
  };
  // `last_heard` is when the peer last acknowledged anything: what carries data needs no heartbeat.
  Expiry handle_timeout(Time now, Duration rto, Time last_heard);

  // The value of a HEARTBEAT chunk. The peer returns it as it is.
  std::vector<std::uint8_t> write(Time now);

  // The round trip that a HEARTBEAT ACK shows; nothing where it answers none of ours.
  std::optional<Duration> handle_ack(Time now, Bytes value);

  Time deadline() const { return std::min(due_, answer_due_); }

 private:
  void schedule(Time from, Duration rto);

  const Config& config_;
  Random& random_;
  Time due_ = kNever;
  Time answer_due_ = kNever;
  Time sent_ = {};
  std::uint64_t nonce_ = 0;
};

}  // namespace parley::sctp

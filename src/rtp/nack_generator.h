#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

struct NackConfig {
  Duration reorder_grace = std::chrono::milliseconds{10};
  Duration min_retry_interval = std::chrono::milliseconds{20};
  int max_requests = 10;
  std::size_t max_missing = 500;  // More at once, and a key frame is cheaper than the repair.
};

// Decides which lost packets of one RTP stream to ask for again, and when (RFC 4585, 6.2.1).
//
// A gap in the sequence is not yet a loss: packets overtake each other. So a missing packet gets
// `reorder_grace` to show up, is then requested once per round trip, and is given up after
// `max_requests`. What was given up only a key frame can repair.
//
// Drive it with handle_packet() for every arrival, and with poll() at next_deadline().
class NackGenerator {
 public:
  struct Feedback {
    std::vector<SeqNo> missing = {};  // To request with a NACK now, oldest first.
    bool key_frame = false;           // To request with a PLI now.

    friend bool operator==(const Feedback&, const Feedback&) = default;
  };

  explicit NackGenerator(NackConfig config = {}) : config_(config) {}

  // Records an arrival. Late, duplicate and retransmitted packets are welcome.
  void handle_packet(Time now, SeqNo seq);

  // What is missing before `seq` is of no use any more.
  void forget_before(SeqNo seq);

  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // Returns what is due at `now`, and schedules the retries. Empty feedback needs no RTCP packet.
  Feedback poll(Time now);

  // When poll() will next have something to return; kNever while no packet is missing.
  Time next_deadline() const;

 private:
  struct Missing {
    SeqNo seq = {};
    Time due = kNever;
    int requests = 0;
  };

  void add_gap(Time now, SeqNo first, SeqNo last);
  void remove(SeqNo seq);

  NackConfig config_;
  Duration rtt_ = std::chrono::milliseconds{100};
  std::optional<SeqNo> newest_;
  std::vector<Missing> missing_;  // Sorted by seq; never longer than config_.max_missing.
  bool key_frame_needed_ = false;
};

}  // namespace parley::rtp

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "rtp/extender.h"
#include "rtp/rtcp/transport_feedback.h"

namespace parley::rtp {

// The receiver's half of transport-wide congestion control: notes when each packet of a transport
// came, and tells the sender in regular feedback messages, which also say what has not come.
//
// Drive it with handle_packet() for every packet that carries a transport sequence number, and with
// poll(), until it returns nothing, at next_deadline().
class ArrivalLog {
 public:
  struct Config {
    Duration interval = std::chrono::milliseconds{50};
    // How long an arrival is kept, so that one overtaken by others is told beside them.
    Duration memory = std::chrono::milliseconds{500};
    std::size_t max_packets = 4'096;  // The span of memory.
    std::size_t max_message = 500;    // The span of one message, so that it fits a datagram.
  };

  ArrivalLog() : ArrivalLog(Config{}) {}
  explicit ArrivalLog(Config config) : config_(config) {}

  void handle_packet(Time now, std::uint16_t transport_sequence_number);

  // The next message to send now. The caller fills in its SSRCs.
  std::optional<rtcp::TransportFeedback> poll(Time now);
  Time next_deadline() const { return due_; }

 private:
  Time& at(std::uint64_t seq) { return arrivals_[seq & (arrivals_.size() - 1)]; }
  bool make_room(std::uint64_t seq);
  void grow(std::size_t span);
  void forget_oldest();
  void forget_old(Time now);

  Config config_;
  Extender<std::uint16_t> sequence_;
  // A ring by number, of a power of two, no longer than config_.max_packets; kNever: not come.
  std::vector<Time> arrivals_;
  std::uint64_t first_ = 0;  // [first_, end_) has places in it; neither end is kNever.
  std::uint64_t end_ = 0;
  std::uint64_t next_ = 0;  // The first that has not been told of.
  std::uint8_t feedback_count_ = 0;
  Time due_ = kNever;
};

}  // namespace parley::rtp

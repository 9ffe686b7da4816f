#pragma once

#include <cstdint>
#include <map>
#include <optional>

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
    std::size_t max_packets = 4'096;  // In memory; and the span of one message.
  };

  ArrivalLog() : ArrivalLog(Config{}) {}
  explicit ArrivalLog(Config config) : config_(config) {}

  void handle_packet(Time now, std::uint16_t transport_sequence_number);

  // The next message to send now. The caller fills in its SSRCs.
  std::optional<rtcp::TransportFeedback> poll(Time now);
  Time next_deadline() const { return due_; }

 private:
  void forget_old(Time now);

  Config config_;
  Extender<std::uint16_t> sequence_;
  std::map<std::uint64_t, Time> arrivals_;  // Never more than config_.max_packets.
  std::uint64_t next_ = 0;                  // The first that has not been told of.
  std::uint8_t feedback_count_ = 0;
  Time due_ = kNever;
};

}  // namespace parley::rtp

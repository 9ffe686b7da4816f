#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/strong_id.h"
#include "base/time.h"
#include "rtp/extender.h"
#include "rtp/rtcp/transport_feedback.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

// A burst of packets that measures the path, as the sender's congestion control numbers it.
using ProbeId = StrongId<struct ProbeTag>;

// The sender's half of transport-wide congestion control: numbers the packets of a transport, and
// puts what the receiver tells of each beside when it was sent and how large it was.
class SentLog {
 public:
  struct Config {
    Duration memory = std::chrono::seconds{10};
    std::size_t max_packets = 16'384;
  };

  struct PacketResult {
    SeqNo seq = {};
    std::size_t size = 0;
    Time sent = {};
    // By the receiver's clock, from a moment of its choice: only differences mean something. None
    // for a packet that is missing so far; it may still be told of as received later.
    std::optional<Duration> received = {};
    ProbeId probe = {};

    friend bool operator==(const PacketResult&, const PacketResult&) = default;
  };

  SentLog() : SentLog(Config{}) {}
  explicit SentLog(Config config) : config_(config) {}

  // The number for the next packet, which is to be sent with it. `size` in bytes, with all headers;
  // `probe` if it is part of one.
  std::uint16_t add(Time now, std::size_t size, ProbeId probe = {});

  // What is new in it, in the order of sending. A packet is reported as received once.
  std::vector<PacketResult> handle_feedback(const rtcp::TransportFeedback& feedback);

  std::size_t bytes_in_flight() const { return bytes_in_flight_; }

 private:
  struct Sent {
    Time time = {};
    std::size_t size = 0;
    ProbeId probe = {};
  };

  void forget_old(Time now);
  void forget(std::map<std::uint64_t, Sent>::iterator it);
  std::int64_t extend_reference(std::int32_t reference_time);

  Config config_;
  std::uint64_t next_ = 1 << 16;             // As an Extender would begin: no number is below zero.
  std::map<std::uint64_t, Sent> in_flight_;  // Never more than config_.max_packets.
  std::size_t bytes_in_flight_ = 0;
  std::optional<std::int64_t> newest_reference_;  // Extended over the wraps of its 24 bits.
};

}  // namespace parley::rtp

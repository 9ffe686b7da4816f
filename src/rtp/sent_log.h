#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/prefetch.h"
#include "base/strong_id.h"
#include "base/time.h"
#include "rtp/rtcp/transport_feedback.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

// A burst of packets that measures the path, as the sender's congestion control numbers it.
using ProbeId = StrongId<struct ProbeTag>;

// The sender's half of transport-wide congestion control: numbers the packets of a transport, and
// puts what the receiver tells of each beside when it was sent and how large it was.
//
// A server has one for each receiver, so it holds 16 bytes a packet, in a ring that is as long as
// packets are under way, and nothing is allocated once that is so.
class SentLog {
 public:
  struct Config {
    // So long a packet is remembered that nothing is told of, ...
    Duration memory = std::chrono::seconds{10};
    // ... and so much before the newest that came one that is told of as missing: later it is lost.
    Duration reordering = std::chrono::milliseconds{250};
    std::size_t max_packets = 16'384;  // From the oldest that is remembered to the newest.
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

  // The number for the next packet, which is to be sent with it. `size` in bytes, with all headers,
  // as large as a datagram at most; `probe` if it is part of one.
  std::uint16_t add(Time now, std::size_t size, ProbeId probe = {});

  // What is new in it, in the order of sending. A packet is reported as received once.
  std::vector<PacketResult> handle_feedback(const rtcp::TransportFeedback& feedback);

  // Fetches memory that add() will need, but for its own.
  void prefetch() const {
    if (ring_.empty()) return;
    parley::prefetch(&at(oldest_), sizeof(Sent));
    parley::prefetch(&at(next_), 8 * sizeof(Sent));
  }

  std::size_t bytes_in_flight() const { return bytes_in_flight_; }
  // Of memory, at the moment.
  std::size_t bytes_held() const { return ring_.capacity() * sizeof(Sent); }

 private:
  enum class State : std::uint8_t { kUnderWay, kMissing, kTold };
  struct Sent {
    Time time = {};
    std::uint32_t probe = 0;  // They are counted from 1 on.
    std::uint16_t size = 0;
    State state = State::kTold;
  };

  Sent& at(std::uint64_t seq) { return ring_[seq & (ring_.size() - 1)]; }
  const Sent& at(std::uint64_t seq) const { return ring_[seq & (ring_.size() - 1)]; }
  void forget_oldest();
  void forget_old(Time now);
  void forget_told();
  void resize(std::size_t size);
  std::int64_t extend_reference(std::int32_t reference_time);

  Config config_;
  std::uint64_t next_ = 1 << 16;     // As an Extender would begin: no number is below zero.
  std::uint64_t oldest_ = 1 << 16;   // Nothing before it is remembered.
  std::vector<Sent> ring_;           // At seq modulo its size, a power of two.
  std::size_t bytes_in_flight_ = 0;  // Of those not told of as received.
  Time newest_received_ = kAtOnce;   // When that was sent.
  std::optional<std::int64_t> newest_reference_;  // Extended over the wraps of its 24 bits.
};

}  // namespace parley::rtp

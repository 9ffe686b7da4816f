#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/shared_bytes.h"
#include "base/time.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

// Learns how much later than the fastest a packet may come on this path, so that almost all are
// there in time and nobody waits longer than necessary: a histogram of lateness that forgets.
class DelayEstimator {
 public:
  struct Config {
    double quantile = 0.97;     // Of packets that shall be in time.
    double forgetting = 0.995;  // Of the histogram's weight that is left after one packet.
    Duration min = {};
    Duration max = std::chrono::seconds{1};
    Duration window = std::chrono::seconds{10};  // In which the fastest packet is looked for.
  };

  DelayEstimator() : DelayEstimator(Config{}) {}
  explicit DelayEstimator(Config config);

  // `transit`: when it came, less its media time; the zero point does not matter.
  void handle(Time now, Duration transit);

  Duration target() const { return target_; }    // To wait after `fastest`.
  Duration fastest() const { return fastest_; }  // The smallest transit of the window.

 private:
  void update_fastest(Time now, Duration transit);
  void update_target();

  Config config_;
  std::vector<double> histogram_;  // Of lateness, kBucket wide each; its sum is 1 after the first.
  Duration target_ = {};
  Duration fastest_ = Duration::max();
  Duration fastest_in_next_ = Duration::max();  // Of the half window that has begun.
  std::optional<Time> half_began_;
};

// Puts the packets of one stream back into their order and gives each out when it is due: as late
// as the network makes necessary, at the pace in which they were captured.
//
// A packet that is missing when its successor is due is given up; what comes after its time is
// dropped. Drive it with insert(), and with poll() at next_deadline().
class JitterBuffer {
 public:
  struct Config {
    std::uint32_t clock_rate = 48'000;  // Of the RTP timestamp, in Hz.
    std::size_t capacity = 1'024;       // Packets; more at once, and the oldest are given up.
    DelayEstimator::Config delay = {};
  };

  struct Packet {
    SeqNo seq = {};
    std::uint64_t timestamp = 0;  // Extended: it does not wrap.
    SharedBytes payload = {};
    std::uint64_t lost_before = 0;  // How many before it are given up. Set by poll().

    friend bool operator==(const Packet&, const Packet&) = default;
  };

  struct Counters {
    std::uint64_t late = 0, duplicate = 0, lost = 0, overflowed = 0;
  };

  explicit JitterBuffer(Config config) : config_(config), delay_(config.delay) {}

  void insert(Time now, Packet packet);

  // The next packet that is due at `now`.
  std::optional<Packet> poll(Time now);
  // The next that poll() will give out, due or not; null if none waits. What comes later may come
  // before it all the same.
  const Packet* front() const { return packets_.empty() ? nullptr : &packets_.begin()->second; }
  // How many before that one are missing so far.
  std::uint64_t missing_before_front() const {
    return next_ && !packets_.empty() ? packets_.begin()->first - *next_ : 0;
  }
  Time next_deadline() const;
  // When a packet of that timestamp is due. Once one has come.
  Time due(std::uint64_t timestamp) const;

  // How long a packet waits here that came as fast as any.
  Duration delay() const { return delay_.target(); }
  std::size_t size() const { return packets_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  Duration media_time(std::uint64_t timestamp) const;

  Config config_;
  DelayEstimator delay_;
  std::map<SeqNo, Packet> packets_;  // Never more than config_.capacity.
  std::optional<SeqNo> next_;        // What poll() gives out next; none before the first.
  Counters counters_;
};

}  // namespace parley::rtp

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "probe/report.h"

namespace parley::probe {

// Numbered packets, evenly spaced, and what became of them: round trip, loss and jitter.
class Meter {
 public:
  static constexpr Duration kSpacing = std::chrono::milliseconds{20};  // As of Opus' packets.
  // For the last packet to arrive.
  static constexpr Duration kPatience = std::chrono::milliseconds{700};

  explicit Meter(Duration length) : length_(length) {}

  void start(Time now);
  // The number of the packet that is due; ask until there is none.
  std::optional<std::uint32_t> poll(Time now);
  void received(Time now, std::uint32_t number);

  bool is_over(Time now) const;
  Time next_deadline() const;
  Quality result() const;  // Without the bandwidth.

 private:
  bool all_sent() const { return Duration(kSpacing * sent_.size()) >= length_; }
  bool all_received() const { return all_sent() && travelled_.size() == sent_.size(); }

  Duration length_;
  Time began_ = kNever;
  std::vector<Time> sent_;
  std::vector<bool> seen_;           // As long as sent_.
  std::vector<Duration> travelled_;  // In the order of arrival.
};

// How much goes through: a rate that climbs, each step for a while, until the way is full.
class Ramp {
 public:
  static constexpr std::size_t kPacketSize = 1'200;  // Bytes, as of video.
  static constexpr Duration kPatience = std::chrono::milliseconds{500};

  explicit Ramp(Duration length);

  void start(Time now);
  std::optional<std::uint32_t> poll(Time now);  // As Meter's.
  void received(Time now, std::uint32_t number);

  bool is_over(Time now) const;
  Time next_deadline() const;

  DataRate rate() const;
  bool is_at_least() const;  // The last step went through, too.

 private:
  struct Step {
    std::size_t packets = 0;  // To be sent.
    std::uint32_t first = 0;  // The number of the first.
    std::size_t received = 0;
    Time first_at = kNever;  // Of arrival.
    Time last_at = kNever;
  };

  Duration spacing(std::size_t step) const;
  DataRate rate_of(const Step& step) const;
  bool is_full() const;

  Duration step_length_;
  std::vector<Step> steps_;
  Time began_ = kNever;
  std::size_t step_ = 0;      // That is being sent.
  std::size_t sent_ = 0;      // Of that.
  bool stopped_ = false;      // The way was full.
  Time stopped_at_ = kNever;  // When the last packet left.
  std::vector<bool> seen_;
};

}  // namespace parley::probe

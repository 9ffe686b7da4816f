#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/data_rate.h"
#include "base/time.h"
#include "cc/pacing_budget.h"

namespace parley::sfu {

// Decides which of the packets that one receiver asks for are sent again (RFC 4585, 6.2.1): each at
// most once a round trip, for a request that crosses its answer is no second loss; not for ever;
// and all together no more than a share of what the path carries, so that a receiver that asks for
// everything gets no more than others, and its retransmissions do not crowd out what is new.
class Retransmissions {
 public:
  struct Config {
    Duration min_interval = std::chrono::milliseconds{20};
    std::uint8_t max_resends = 10;  // Of one packet.
    double max_share = 0.5;         // Of the rate.
    // What may be sent again at once: a burst of losses is repaired in one go.
    Duration burst = std::chrono::milliseconds{500};
  };

  Retransmissions() : Retransmissions(Config{}) {}
  explicit Retransmissions(Config config)
      : config_(config), budget_({.burst = config.burst, .max_debt = 2 * config.burst}) {}

  void set_rate(Time now, DataRate rate) { budget_.set_rate(now, rate * config_.max_share); }
  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // Whether to send `sequence_number` of a slot again now, `size` bytes with all headers. True
  // counts as sent.
  bool allow(Time now, std::size_t slot, std::uint16_t sequence_number, DataSize size);

 private:
  // The last that were sent again, at a place that the number names: one may make another be
  // forgotten early, which costs a packet too many.
  static constexpr std::size_t kPlaces = 128;
  // Longer ago, and the same number is another packet: they wrap.
  static constexpr Duration kMemory = std::chrono::seconds{5};
  struct Resend {
    Time last = kAtOnce;
    std::uint16_t slot = 0;
    std::uint16_t sequence_number = 0;
    std::uint8_t count = 0;  // Zero: the place is free.
  };

  Config config_;
  Duration rtt_ = std::chrono::milliseconds{100};
  cc::PacingBudget budget_;
  std::unique_ptr<std::array<Resend, kPlaces>> resends_;  // Made with the first.
};

}  // namespace parley::sfu

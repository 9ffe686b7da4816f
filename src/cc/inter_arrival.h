#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// Groups packets into bursts and compares each burst with the one before it: the input of the delay
// estimate (draft-ietf-rmcat-gcc-02, 5.2 and 5.3). What was sent within 5 ms is one burst, and what
// a blocked link releases all at once joins it, for inside of a burst delay says nothing of load.
class InterArrival {
 public:
  struct Config {
    Duration burst = std::chrono::milliseconds{5};
    Duration max_burst = std::chrono::milliseconds{100};  // However fast it goes on arriving.
    // The receiver's clock jumped if arrivals lie so much further apart than their reports.
    Duration clock_jump = std::chrono::seconds{3};
    int max_reordered = 3;  // Bursts in a row that ended before the one before them.
  };

  // Between the last packets of two bursts.
  struct Deltas {
    Duration sent = {};
    Duration received = {};

    friend bool operator==(const Deltas&, const Deltas&) = default;
  };

  InterArrival() : InterArrival(Config{}) {}
  explicit InterArrival(Config config) : config_(config) {}

  // In the order of arrival. Gives the deltas of the two bursts before, when a packet begins the
  // next. `received` is by the receiver's clock.
  std::optional<Deltas> handle_packet(Time now, Time sent, Duration received);

 private:
  struct Burst {
    Time first_sent = {};
    Time last_sent = {};
    Duration first_received = {};
    Duration last_received = {};
    Time reported = {};
  };

  bool belongs_to_current(Time sent, Duration received) const;
  std::optional<Deltas> compare();
  void reset();

  Config config_;
  std::optional<Burst> current_;
  std::optional<Burst> previous_;
  int reordered_ = 0;
};

}  // namespace parley::cc

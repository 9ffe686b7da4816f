#pragma once

#include <cstddef>

#include "base/small_queue.h"
#include "base/time.h"

namespace parley::cc {

// How long packets wait in the path's queues: their delay beyond the least of the last seconds.
//
// The trend tells that a queue grows; how long it has become says how deep to give way. What has
// stood for the whole window is taken to be the path's own: a queue that another flow keeps full
// cannot be drained by us.
class QueueDelay {
 public:
  struct Config {
    Duration window = std::chrono::seconds{10};
    std::size_t buckets = 10;  // The window is kept in so many parts.
    Duration flood = std::chrono::milliseconds{100};
    double flood_growth = 0.3;  // A ms. Of a path that is sent twice what it carries: 1.
  };

  QueueDelay() : QueueDelay(Config{}) {}
  explicit QueueDelay(Config config) : config_(config) {}

  // `delay` from sending to arrival, plus what the clocks differ by: the shortest of a report,
  // which is the one that jitter touched least.
  void handle_report(Time now, Duration delay);

  Duration current() const { return current_; }
  // It is long, and has become so fast: far more is sent than comes out.
  bool is_flooded() const { return flooded_; }

 private:
  struct Bucket {
    Time begins = {};
    Duration shortest = {};
  };

  Config config_;
  SmallQueue<Bucket> buckets_;  // Never more than config_.buckets + 1; the newest last.
  Duration current_ = {};
  struct {
    Time at = {};
    Duration delay = {};
  } calm_;  // When it was far from a flood for the last time.
  bool flooded_ = false;
};

}  // namespace parley::cc

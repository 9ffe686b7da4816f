#include "cc/queue_delay.h"

#include <algorithm>
#include <utility>

namespace parley::cc {

void QueueDelay::handle_report(Time now, Duration delay) {
  const Duration width = config_.window / config_.buckets;
  while (!buckets_.empty() && now - buckets_.front().begins > config_.window) buckets_.pop_front();
  if (buckets_.empty() || now - buckets_.back().begins >= width) {
    buckets_.push_back({.begins = now, .shortest = delay});
  }
  buckets_.back().shortest = std::min(buckets_.back().shortest, delay);
  const Duration before =
      std::exchange(current_, delay - std::ranges::min(buckets_, {}, &Bucket::shortest).shortest);
  if (current_ < config_.flood / 2) calm_ = {.at = now, .delay = current_};
  flooded_ = current_ >= config_.flood && current_ > before &&
             current_ - calm_.delay >= (now - calm_.at) * config_.flood_growth;
}

}  // namespace parley::cc

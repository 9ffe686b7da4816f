#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ice/output.h"
#include "ice/stats.h"

namespace parley::ice {

// What waits for the owner to poll it, and what is counted. It keeps the room it has grown to, so a
// queue that is drained after each packet allocates nothing.
class Outbox {
 public:
  void push(Output output) { waiting_.push_back(std::move(output)); }

  std::optional<Output> poll() {
    if (next_ == waiting_.size()) return std::nullopt;
    std::optional<Output> output = std::move(waiting_[next_++]);
    if (next_ == waiting_.size()) clear();
    return output;
  }

  void clear() {
    waiting_.clear();
    next_ = 0;
  }

  // Counts what was refused, and tells it the first time.
  void drop(Drop reason, const net::Path& path) {
    ++counters_.dropped[static_cast<std::size_t>(reason)];
    const auto bit = static_cast<std::uint16_t>(1u << static_cast<unsigned>(reason));
    if ((told_ & bit) != 0) return;
    told_ |= bit;
    push(Refused{path, reason});
  }
  void forget_what_was_told() { told_ = 0; }

  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }

 private:
  std::vector<Output> waiting_;
  std::size_t next_ = 0;
  std::uint16_t told_ = 0;  // A bit a reason.
  Counters counters_;
};

static_assert(kDropReasons <= 16);

}  // namespace parley::ice

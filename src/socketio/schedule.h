#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "socketio/engineio/deadlines.h"

namespace parley::socketio {

// Calls that are due later. It has no clock: between begin() and end() it knows the time from its
// caller, and what is asked of it outside of them counts from the next begin().
class Schedule {
 public:
  using Call = std::move_only_function<void()>;

  void begin(Time now) {
    now_ = latest_ = now;
    for (auto& [delay, call] : std::exchange(unstamped_, {})) after(delay, std::move(call));
  }
  void end() { now_.reset(); }

  void after(Duration delay, Call call) {
    if (now_) {
      calls_.arm(*now_ + delay, std::move(call));
    } else {
      unstamped_.emplace_back(delay, std::move(call));
    }
  }

  // Makes the calls whose time has come.
  void run(Time now) {
    while (auto due = calls_.pop_due(now)) due->key();
  }

  Time next() const { return unstamped_.empty() ? calls_.next() : kAtOnce; }
  // The time that was told last.
  Time latest() const { return latest_; }

 private:
  Time latest_{};
  std::optional<Time> now_;
  engineio::Deadlines<Call> calls_;
  std::vector<std::pair<Duration, Call>> unstamped_;
};

}  // namespace parley::socketio

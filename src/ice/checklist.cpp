#include "ice/checklist.h"

#include <algorithm>
#include <utility>

namespace parley::ice {
namespace {

void set_priority(Pair& pair, bool controlling) {
  pair.priority = controlling ? pair_priority(pair.local_priority, pair.remote_priority)
                              : pair_priority(pair.remote_priority, pair.local_priority);
}

void stop_check(Pair& pair) {
  pair.requests = 0;
  pair.next_request = kNever;
}

void forget_outcome(Pair& pair) {
  stop_check(pair);
  pair.valid = pair.nominated = pair.peer_nominates = pair.use_candidate = false;
  pair.valid_since = kNever;
}

bool is_in_use(const Pair& pair) {
  return pair.valid || pair.nominated || pair.peer_nominates ||
         pair.state == PairState::kInProgress;
}

}  // namespace

Pair* Checklist::add(Pair pair, bool controlling) {
  set_priority(pair, controlling);
  if (pairs_.size() >= limit_ && !make_room(pair.priority)) return nullptr;
  // RFC 8838, 12: frozen only while another of its foundation is to tell how it fares.
  const auto holds_back = [&](const Pair& other) {
    return other.foundation == pair.foundation && other.state != PairState::kSucceeded &&
           other.state != PairState::kFailed;
  };
  pair.state = std::ranges::any_of(pairs_, holds_back) ? PairState::kFrozen : PairState::kWaiting;
  pairs_.push_back(std::move(pair));
  return &pairs_.back();
}

bool Checklist::make_room(std::uint64_t priority) {
  auto lowest = pairs_.end();
  for (auto pair = pairs_.begin(); pair != pairs_.end(); ++pair) {
    if (is_in_use(*pair)) continue;
    if (lowest == pairs_.end() || pair->priority < lowest->priority) lowest = pair;
  }
  if (lowest == pairs_.end()) return false;
  if (lowest->state != PairState::kFailed && lowest->priority >= priority) return false;
  pairs_.erase(lowest);
  return true;
}

Pair* Checklist::find(const net::Path& path) {
  return const_cast<Pair*>(std::as_const(*this).find(path));
}

const Pair* Checklist::find(const net::Path& path) const {
  const auto found = std::ranges::find(pairs_, path, &Pair::path);
  return found == pairs_.end() ? nullptr : &*found;
}

void Checklist::trigger(Pair& pair) {
  stop_check(pair);
  pair.state = PairState::kWaiting;
  if (std::ranges::find(triggered_, pair.path) == triggered_.end()) triggered_.push_back(pair.path);
}

Pair* Checklist::next(std::uint64_t floor) {
  while (!triggered_.empty()) {
    Pair* const pair = find(triggered_.front());
    triggered_.erase(triggered_.begin());
    if (pair != nullptr && pair->state == PairState::kWaiting) return pair;
  }
  return const_cast<Pair*>(choose(floor));
}

bool Checklist::has_next(std::uint64_t floor) const {
  return !triggered_.empty() || choose(floor) != nullptr;
}

const Pair* Checklist::choose(std::uint64_t floor) const {
  const Pair* waiting = nullptr;
  const Pair* frozen = nullptr;
  for (const Pair& pair : pairs_) {
    if (pair.priority <= floor) continue;
    if (pair.state == PairState::kWaiting) {
      if (waiting == nullptr || pair.priority > waiting->priority) waiting = &pair;
    } else if (pair.state == PairState::kFrozen && waiting == nullptr) {
      if ((frozen == nullptr || pair.priority > frozen->priority) &&
          !is_under_way(pair.foundation)) {
        frozen = &pair;
      }
    }
  }
  return waiting != nullptr ? waiting : frozen;
}

bool Checklist::is_under_way(const std::string& foundation) const {
  return std::ranges::any_of(pairs_, [&](const Pair& pair) {
    return pair.foundation == foundation &&
           (pair.state == PairState::kWaiting || pair.state == PairState::kInProgress);
  });
}

void Checklist::succeed(Pair& pair) {
  stop_check(pair);
  pair.state = PairState::kSucceeded;
  for (Pair& other : pairs_) {
    if (other.state == PairState::kFrozen && other.foundation == pair.foundation) {
      other.state = PairState::kWaiting;
    }
  }
}

void Checklist::fail(Pair& pair) {
  forget_outcome(pair);
  pair.state = PairState::kFailed;
  pair.was_tried = true;
}

void Checklist::revive() {
  for (Pair& pair : pairs_) {
    forget_outcome(pair);
    pair.state = PairState::kWaiting;
  }
}

void Checklist::set_role(bool controlling) {
  for (Pair& pair : pairs_) {
    set_priority(pair, controlling);
    pair.use_candidate = false;
    pair.peer_nominates = false;
    // What it says of our role is no longer so: not to be retransmitted.
    if (pair.state == PairState::kInProgress && pair.connected) trigger(pair);
  }
}

void Checklist::clear() {
  pairs_.clear();
  triggered_.clear();
}

}  // namespace parley::ice

// Which path: what becomes valid, what is nominated by either side, what is selected.
#include <algorithm>

#include "ice/full_agent.h"

namespace parley::ice {

bool FullAgent::is_alive() const {
  if (!selected_ || selected_is_old_) return false;
  const Pair* const pair = checklist_.find(*selected_);
  return pair != nullptr && pair->valid;
}

// A check on the pair was answered (RFC 8445, 7.2.5.3).
void FullAgent::validate(Time now, Pair& pair, const Transaction& transaction) {
  pair.authenticated = true;
  pair.was_valid = true;
  if (!pair.valid) {
    pair.valid = true;
    pair.valid_since = now;
  }
  const bool nominates = transaction.use_candidate && transaction.controlling && controlling_;
  // Where a nominating check is under way, the answer to one before it does not end it.
  if (!pair.use_candidate || nominates) checklist_.succeed(pair);
  if (nominates) {
    for (Pair& other : checklist_.all()) other.nominated = false;
    pair.nominated = true;
    pair.use_candidate = false;
  } else if (!controlling_ && pair.peer_nominates) {
    pair.nominated = true;
  }
  consider(now, pair);
}

void FullAgent::consider(Time now, const Pair& pair) {
  if (!pair.valid) return;
  if (!is_alive()) return select(now, pair);
  const Pair& current = *checklist_.find(*selected_);
  if (current.path != pair.path && is_preferred(pair, current)) select(now, pair);
}

// An aggressive peer nominates all that it checks, and means the best; what it nominates after that
// is a decision.
bool FullAgent::is_preferred(const Pair& pair, const Pair& current) const {
  if (pair.nominated != current.nominated) return pair.nominated;
  if (pair.nominated && (controlling_ || pair.nominated_at >= settled_at_)) return true;
  return pair.priority > current.priority;
}

void FullAgent::select(Time now, const Pair& pair) {
  if (settled_at_ == kNever) settled_at_ = now + config_.timers.settling;
  if (selected_ != pair.path || selected_is_old_) {
    if (selected_) ++outbox_.counters().path_changes;
    selected_ = pair.path;
    outbox_.push(Selected{pair.path});
  }
  selected_is_old_ = false;
  path_lost_ = false;
  consent_.start(now, pair.stats.round_trip_time);
  // Where it was last heard of long ago, its first consent check is due now.
  if (pair.valid_since + config_.timers.consent_interval < now) consent_.doubt(now);
  gatherer_.let_mappings_go();
  if (previous_) previous_->until = now + config_.timers.settling;
}

const Pair* FullAgent::best_valid() const {
  const Pair* best = nullptr;
  for (const Pair& pair : checklist_.all()) {
    if (pair.valid && (best == nullptr || pair.priority > best->priority)) best = &pair;
  }
  return best;
}

// When to nominate the best valid pair: at once where nothing better is to be expected, else after
// a wait, which costs nothing, since data flows. A better one that comes later is nominated too.
Time FullAgent::nomination_time() const {
  if (!controlling_ || !has_remote()) return kNever;
  const Pair* const best = best_valid();
  if (best == nullptr || best->nominated) return kNever;
  bool may_improve = false;
  for (const Pair& pair : checklist_.all()) {
    if (pair.use_candidate) return kNever;
    if (pair.nominated && pair.priority > best->priority) return kNever;
    if (pair.priority > best->priority && pair.state != PairState::kFailed) may_improve = true;
  }
  if (best->is_relayed()) return best->valid_since + config_.timers.relayed_nomination_wait;
  return may_improve ? best->valid_since + config_.timers.nomination_wait : best->valid_since;
}

void FullAgent::nominate(Time now) {
  if (nomination_time() > now) return;
  Pair& best = *checklist_.find(best_valid()->path);
  best.use_candidate = true;
  checklist_.trigger(best);
}

// Once a pair is agreed on, only better ones are worth a check.
std::uint64_t FullAgent::floor() const {
  if (!is_alive()) return 0;
  const Pair* const current = checklist_.find(*selected_);
  return current->nominated ? current->priority : 0;
}

}  // namespace parley::ice

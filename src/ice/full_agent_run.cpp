// What is due by now, and what it makes of the state.
#include <algorithm>
#include <chrono>
#include <utility>

#include "ice/full_agent.h"

namespace parley::ice {
namespace {

using namespace std::chrono_literals;

// A connection that is there by now or will not be; and over one, nothing is retransmitted.
constexpr Duration kTcpPatience = 8s;
// Without a path: how long until all that failed is tried again.
constexpr Duration kReviveInterval = 3s;

bool is_under_way(const Pair& pair) {
  return pair.state == PairState::kFrozen || pair.state == PairState::kWaiting ||
         pair.state == PairState::kInProgress;
}

}  // namespace

void FullAgent::run(Time now) {
  if (relays_.next_deadline() <= now) relays_.handle_timeout(now);
  if (state_ != State::kClosed) {
    take_changes(now);
    gather_more(now);
    keep_consent(now);
    nominate(now);
    send_checks(now);
    if (previous_ && previous_->until <= now) {
      const bool tcp = previous_->path && previous_->path->transport == net::Transport::kTcp;
      if (tcp && previous_->path != selected_) outbox_.push(CloseTcp{*previous_->path});
      previous_.reset();
    }
    update_state(now);
  }
  take_relays_outputs();
  update_deadline(now);
}

void FullAgent::gather_more(Time now) {
  while (auto question = gatherer_.poll(now)) outbox_.push(*std::move(question));
  if (has_gathered(now) && !gathering_told_) {
    gathering_told_ = true;
    outbox_.push(GatheringComplete{});
  }
}

void FullAgent::keep_consent(Time now) {
  if (consent_.has_expired(now)) return lose_consent();
  if (consent_.is_disconnected(now) && !path_lost_ && !selected_is_old_) lose_path();
  if (is_anything_under_way()) {
    revive_at_ = now + kReviveInterval;
  } else if (is_looking(now) && revive_at_ <= now) {
    checklist_.revive();
  }
  recheck(now);
  if (consent_.is_due(now)) send_consent_check(now);
  if (!consent_.is_lost() || !is_alive()) return;
  // The peer looks elsewhere, and the path is silent: another that works takes its place.
  const bool other = std::ranges::any_of(
      checklist_.all(), [&](const Pair& pair) { return pair.valid && pair.path != selected_; });
  if (!other) return;
  checklist_.fail(*checklist_.find(*selected_));
  consider(now, *best_valid());
}

// A better path has failed, since it was blocked or its relay was gone: is it there again?
void FullAgent::recheck(Time now) {
  const auto is_worth_it = [&](const Pair& pair) {
    return pair.state == PairState::kFailed && pair.was_valid && pair.priority > floor();
  };
  if (!is_alive() || std::ranges::none_of(checklist_.all(), is_worth_it)) {
    recheck_at_ = kNever;
  } else if (recheck_at_ == kNever) {
    recheck_at_ = now + config_.timers.recheck;
  } else if (recheck_at_ <= now) {
    recheck_at_ = kNever;
    for (Pair& pair : checklist_.all()) {
      if (is_worth_it(pair)) checklist_.trigger(pair);
    }
  }
}

// Is there no path, and hope for one? Then nobody gives up: the peer's checks may have been lost as
// ours were.
bool FullAgent::is_looking(Time now) const {
  if (path_lost_) return true;
  return state_ == State::kChecking && has_remote() && !is_alive() &&
         now < started_at_ + config_.timers.patience;
}

bool FullAgent::is_anything_under_way() const {
  return std::ranges::any_of(checklist_.all(), is_under_way);
}

// Nothing may be sent any more; unless a restart is under way, which looks for a path of its own.
void FullAgent::lose_consent() {
  consent_.stop();
  selected_.reset();
  path_lost_ = false;
  if (std::exchange(selected_is_old_, false)) return;
  for (Pair& pair : checklist_.all()) checklist_.fail(pair);
  if (state_ == State::kFailed) return;
  state_ = State::kFailed;
  outbox_.push(StateChanged{state_});
}

// The path does not answer: looks at all pairs anew. It may still be the one that answers first.
void FullAgent::lose_path() {
  path_lost_ = true;
  checklist_.revive();
}

// A new transaction each time, and no retransmission (RFC 7675, 5.1). It repeats what was agreed
// on: the peer may have doubted the path since, and looked for another.
void FullAgent::send_consent_check(Time now) {
  consent_.handle_sent(now);
  const bool old = selected_is_old_;
  Pair* const pair = old ? nullptr : checklist_.find(*selected_);
  if (!old && pair == nullptr) return;
  if (!old) ++pair->stats.consent_requests_sent;
  const Transaction transaction{.id = stun::make_transaction_id(*random_),
                                .path = *selected_,
                                .sent = now,
                                .controlling = controlling_,
                                .consent = true,
                                .old_session = old};
  transactions_.add(transaction);
  ++outbox_.counters().requests_sent;
  const Credentials& remote = old ? previous_->remote : remote_;
  transmit(now, *selected_,
           write_check({.id = transaction.id,
                        .local_ufrag = old ? previous_->local.ufrag : local_.ufrag,
                        .remote_ufrag = remote.ufrag,
                        .remote_pwd = remote.pwd,
                        .priority = old ? previous_->priority : pair->reflexive_priority,
                        .controlling = controlling_,
                        .tie_breaker = tie_breaker_,
                        .use_candidate = !old && controlling_ && pair->nominated}));
}

void FullAgent::send_checks(Time now) {
  if (!has_remote()) return;
  for (Pair& pair : checklist_.all()) {
    if (pair.state != PairState::kInProgress || pair.next_request > now) continue;
    if (pair.requests < config_.timers.max_requests) {
      send_check(now, pair);
    } else {
      checklist_.fail(pair);
    }
  }
  if (now < next_slot_) return;
  if (Pair* const pair = checklist_.next(floor())) {
    next_slot_ = now + config_.timers.pace;
    pair->state = PairState::kInProgress;
    send_check(now, *pair);
  }
}

void FullAgent::send_check(Time now, Pair& pair) {
  const bool tcp = pair.path.transport == net::Transport::kTcp;
  if (tcp) {  // Sent once; when this time is over, the pair has failed.
    pair.requests = config_.timers.max_requests;
    pair.next_request = now + kTcpPatience;
  } else {
    pair.rto = pair.requests == 0 ? first_rto() : std::min(pair.rto * 2, config_.timers.max_rto);
    pair.next_request = now + pair.rto;
    ++pair.requests;
  }
  if (!pair.connected) return outbox_.push(ConnectTcp{pair.path});
  if (tcp || pair.requests == 1) {
    pair.check = stun::make_transaction_id(*random_);
    transactions_.add({.id = pair.check,
                       .path = pair.path,
                       .sent = now,
                       .use_candidate = pair.use_candidate,
                       .controlling = controlling_});
  } else {
    transactions_.mark_retransmitted(pair.check);
  }
  ++pair.stats.requests_sent;
  ++outbox_.counters().requests_sent;
  transmit(now, pair.path,
           write_check({.id = pair.check,
                        .local_ufrag = local_.ufrag,
                        .remote_ufrag = remote_.ufrag,
                        .remote_pwd = remote_.pwd,
                        .priority = pair.reflexive_priority,
                        .controlling = controlling_,
                        .tie_breaker = tie_breaker_,
                        .use_candidate = pair.use_candidate}));
}

// RFC 8445, 14.3: the more there is to check, the longer an answer may take its time.
Duration FullAgent::first_rto() const {
  const auto under_way = std::ranges::count_if(checklist_.all(), [](const Pair& pair) {
    return pair.state == PairState::kWaiting || pair.state == PairState::kInProgress;
  });
  return std::clamp(config_.timers.pace * under_way, config_.timers.min_rto,
                    config_.timers.max_rto);
}

void FullAgent::update_state(Time now) {
  const State state = find_state(now);
  if (state == state_) return;
  state_ = state;
  outbox_.push(StateChanged{state});
}

State FullAgent::find_state(Time now) const {
  const bool asks = selected_ || path_lost_;
  if (asks && consent_.is_disconnected(now)) return State::kDisconnected;
  if (is_alive()) {
    const bool agreed = checklist_.find(*selected_)->nominated;
    const bool all_known = end_of_remote_ && (!gatherer_.started() || has_gathered(now));
    return agreed && all_known && !checklist_.has_next(floor()) ? State::kCompleted
                                                                : State::kConnected;
  }
  if (selected_) return state_ == State::kDisconnected ? State::kConnected : state_;
  if (state_ == State::kFailed && started_at_ != kNever) return State::kFailed;
  if (!has_remote()) return State::kNew;
  if (is_hopeless(now)) return State::kFailed;
  return checklist_.all().empty() ? state_ : State::kChecking;
}

bool FullAgent::is_hopeless(Time now) const {
  const bool all_known =
      end_of_remote_ && !remotes_.waits_for_names() && (!gatherer_.started() || has_gathered(now));
  const auto is_open = [](const Pair& pair) { return is_under_way(pair) && !pair.was_tried; };
  return all_known && std::ranges::none_of(checklist_.all(), is_open) &&
         now >= started_at_ + config_.timers.patience;
}

void FullAgent::update_deadline(Time now) {
  deadline_ = relays_.next_deadline();
  if (state_ == State::kClosed) return;
  const auto consider_time = [&](Time at) { deadline_ = std::min(deadline_, at); };
  consider_time(gatherer_.next_deadline());
  consider_time(consent_.next_deadline(now));
  if (has_remote()) {
    if (checklist_.has_next(floor())) consider_time(next_slot_);
    for (const Pair& pair : checklist_.all()) consider_time(pair.next_request);
  }
  consider_time(nomination_time());
  consider_time(recheck_at_);
  if (previous_) consider_time(previous_->until);
  if (is_looking(now) && !is_anything_under_way() && !checklist_.all().empty()) {
    consider_time(revive_at_);
  }
  const bool may_give_up = state_ == State::kChecking && has_remote() && end_of_remote_;
  if (may_give_up && now < started_at_ + config_.timers.patience) {
    consider_time(started_at_ + config_.timers.patience);
  }
}

}  // namespace parley::ice

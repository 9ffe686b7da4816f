// What comes in: the peer's checks, and the answers to ours.
#include <utility>

#include "ice/full_agent.h"
#include "stun/attributes.h"

namespace parley::ice {

void FullAgent::handle_input(Time now, const Datagram& datagram) {
  if (state_ == State::kClosed) return;
  const auto message = stun::MessageView::parse(datagram.payload);
  if (!message) return outbox_.drop(Drop::kMalformed, datagram.path);
  if (message->method() != stun::Method::kBinding) {
    return outbox_.drop(Drop::kUnsupported, datagram.path);
  }
  switch (message->message_class()) {
    case stun::Class::kIndication: ++outbox_.counters().indications; return;
    case stun::Class::kRequest: handle_request(now, datagram, *message); break;
    case stun::Class::kSuccess:
    case stun::Class::kError: handle_response(now, datagram.path, *message); break;
  }
  run(now);
}

void FullAgent::handle_request(Time now, const Datagram& datagram,
                               const stun::MessageView& request) {
  const net::Path& path = datagram.path;
  const auto check = authenticate(request, local_);
  if (!check) {
    if (check.error() == Drop::kUsername && previous_) {
      return answer_old_session(now, path, request);
    }
    return refuse(now, check.error(), path, request);
  }
  if (checklist_.find(path) == nullptr &&
      locals_.find_base(path.transport, path.local) == nullptr) {
    return outbox_.drop(Drop::kUnknownLocal, path);
  }
  if (!settle_role(now, *check, request, path)) return;
  Pair* const pair = pair_for(path, *check);
  if (pair == nullptr) return outbox_.drop(Drop::kCandidateLimit, path);
  ++pair->stats.responses_sent;
  answer(now, path, success_answer(request, path.remote, local_.pwd));
  handle_check(now, path, *check, *pair);
}

// The peer goes on asking about the old path until it has found a new one, too.
void FullAgent::answer_old_session(Time now, const net::Path& path,
                                   const stun::MessageView& request) {
  const auto check = authenticate(request, previous_->local);
  if (!check) return outbox_.drop(check.error(), path);
  if (previous_->path != path) return outbox_.drop(Drop::kUsername, path);
  answer(now, path, success_answer(request, path.remote, previous_->local.pwd));
}

void FullAgent::refuse(Time now, Drop reason, const net::Path& path,
                       const stun::MessageView& request) {
  outbox_.drop(reason, path);
  const bool authenticated = reason == Drop::kUnknownAttribute || reason == Drop::kBadRequest ||
                             reason == Drop::kRoleConflict;
  if (authenticated) transmit(now, path, error_answer(request, reason, local_.pwd));
}

void FullAgent::answer(Time now, const net::Path& path, std::vector<std::uint8_t> message) {
  ++outbox_.counters().requests_received;
  ++outbox_.counters().responses_sent;
  transmit(now, path, std::move(message));
}

// RFC 8445, 7.3.1.1: where both think they have the same role, the larger tie-breaker is the
// controlling one. False where the peer has to give in, and was told.
bool FullAgent::settle_role(Time now, const CheckRequest& check, const stun::MessageView& request,
                            const net::Path& path) {
  const auto& claim = controlling_ ? check.controlling : check.controlled;
  if (!claim) return true;
  const bool we_control = tie_breaker_ >= *claim;
  if (we_control == controlling_) {
    refuse(now, Drop::kRoleConflict, path, request);
    return false;
  }
  ++outbox_.counters().role_changes;
  set_role(we_control);
  return true;
}

void FullAgent::set_role(bool controlling) {
  controlling_ = controlling;
  checklist_.set_role(controlling);
}

// The pair that a check came over; made if there was none (RFC 8445, 7.3.1.3 and 7.3.1.4).
Pair* FullAgent::pair_for(const net::Path& path, const CheckRequest& check) {
  if (Pair* const pair = checklist_.find(path)) return pair;
  remotes_.learn(path.transport, path.remote, check.priority);
  const Candidate* const local = locals_.find_base(path.transport, path.local);
  const Candidate* const remote = remotes_.find(path.transport, path.remote);
  if (local == nullptr || remote == nullptr) return nullptr;
  add_pair(*local, *remote, path);
  return checklist_.find(path);
}

void FullAgent::handle_check(Time now, const net::Path& path, const CheckRequest& check,
                             Pair& pair) {
  ++pair.stats.requests_received;
  pair.authenticated = true;
  // The peer looks elsewhere: does our path still carry?
  if (is_alive() && path != *selected_ && now >= settled_at_) consent_.doubt(now);
  if (check.use_candidate && !controlling_) {
    pair.peer_nominates = true;
    pair.nominated_at = now;
    if (pair.valid) {
      pair.nominated = true;
      consider(now, pair);
    }
  }
  if (pair.state != PairState::kSucceeded) checklist_.trigger(pair);
}

void FullAgent::handle_response(Time now, const net::Path& path,
                                const stun::MessageView& response) {
  if (gatherer_.is_answer(response, path)) {
    const auto mapped = gatherer_.handle_answer(now, response);
    if (!mapped) return;
    const Candidate* const base = locals_.find_base(net::Transport::kUdp, mapped->base);
    if (base == nullptr) return;
    const auto added = locals_.add_reflexive(CandidateType::kServerReflexive, *base,
                                             mapped->address, mapped->server);
    if (added == LocalCandidates::Added::kNew) tell_candidate(locals_.last());
    return;
  }
  const Transaction* const found = transactions_.find(response.transaction_id());
  if (found == nullptr) return outbox_.drop(Drop::kUnmatchedResponse, path);
  const Transaction transaction = *found;
  if (transaction.old_session && !previous_) return;
  const Credentials& remote = transaction.old_session ? previous_->remote : remote_;
  if (const auto refused = refuse_response(response, remote.pwd)) {
    return outbox_.drop(*refused, path);
  }
  transactions_.erase(transaction.id);
  if (transaction.path != path) {
    outbox_.drop(Drop::kWrongPath, path);
    if (Pair* const pair = checklist_.find(transaction.path);
        pair != nullptr && !transaction.consent && pair->check == transaction.id) {
      checklist_.fail(*pair);
    }
    return;
  }
  ++outbox_.counters().responses_received;
  if (response.message_class() == stun::Class::kSuccess) {
    handle_success(now, transaction, response);
  } else {
    handle_error(transaction, response);
  }
}

void FullAgent::handle_success(Time now, const Transaction& transaction,
                               const stun::MessageView& response) {
  const Duration round_trip = now - transaction.sent;
  // Any answered check is consent (RFC 7675, 5.1).
  if (selected_ == transaction.path && selected_is_old_ == transaction.old_session) {
    consent_.handle_answer(now, round_trip);
    path_lost_ = false;
  }
  if (transaction.old_session) return;
  Pair* const pair = checklist_.find(transaction.path);
  if (pair == nullptr) return;
  ++pair->stats.responses_received;
  if (!transaction.retransmitted) {
    pair->stats.round_trip_time = round_trip;
    pair->stats.total_round_trip_time += round_trip;
  }
  learn_mapping(transaction.path, response);
  validate(now, *pair, transaction);
}

// How the peer sees us may be another address than we know of (RFC 8445, 7.2.5.3.1). It is for the
// statistics alone: what is sent leaves from its base.
void FullAgent::learn_mapping(const net::Path& path, const stun::MessageView& response) {
  const auto value = response.find(stun::Attribute::kXorMappedAddress);
  if (!value || path.transport != net::Transport::kUdp) return;
  const auto mapped = stun::read_xor_address(*value, response.transaction_id());
  if (!mapped || *mapped == path.local) return;
  const Candidate* const base = locals_.find_base(path.transport, path.local);
  if (base == nullptr || locals_.knows(path.local, *mapped)) return;
  const Candidate from = *base;
  locals_.add_reflexive(CandidateType::kPeerReflexive, from, *mapped, {});
}

void FullAgent::handle_error(const Transaction& transaction, const stun::MessageView& response) {
  const auto value = response.find(stun::Attribute::kErrorCode);
  const auto error = value ? stun::read_error(*value) : std::nullopt;
  if (!error || transaction.old_session) return;
  Pair* const pair = checklist_.find(transaction.path);
  if (error->code == stun::ErrorCode::kRoleConflict) {
    // RFC 8445, 7.2.5.1: the role that the check was sent in is not ours.
    if (transaction.controlling == controlling_) {
      ++outbox_.counters().role_changes;
      set_role(!controlling_);
    }
    if (pair != nullptr) checklist_.trigger(*pair);
  } else if (pair != nullptr && pair->check == transaction.id) {
    checklist_.fail(*pair);
  }
}

}  // namespace parley::ice

#include "ice/lite_agent.h"

#include <algorithm>
#include <utility>

#include "ice/local_candidates.h"

namespace parley::ice {

LiteAgent::LiteAgent(const Config& config, Random& random)
    : limits_(config.limits),
      timers_(config.timers),
      random_(&random),
      local_(Credentials::make(random)) {}

void LiteAgent::add_local_candidate(Time, const Candidate& candidate) {
  if (state_ == State::kClosed || candidate.type != CandidateType::kHost) return;
  LocalCandidates numbering(limits_.local_candidates);
  for (const Candidate& local : locals_) numbering.add(local);
  switch (numbering.add(candidate)) {
    case LocalCandidates::Added::kKnown: return;
    case LocalCandidates::Added::kFull: return outbox_.drop(Drop::kCandidateLimit, {});
    case LocalCandidates::Added::kNew: break;
  }
  Candidate told = locals_.emplace_back(numbering.last());
  told.ufrag = local_.ufrag;
  outbox_.push(CandidateFound{std::move(told)});
}

void LiteAgent::gather(Time, const std::vector<net::SocketAddress>&,
                       const std::vector<RelayServer>&) {
  if (state_ != State::kClosed) outbox_.push(GatheringComplete{});
}

void LiteAgent::remove_local(Time, const net::SocketAddress& base) {
  std::erase_if(locals_, [&](const Candidate& local) { return local.base == base; });
  std::erase_if(paths_, [&](const KnownPath& known) { return known.path.local == base; });
  if (!selected_ || selected_->local != base) return;
  selected_.reset();
  set_state(State::kDisconnected);
}

void LiteAgent::set_remote(Time now, const Credentials& credentials, bool) {
  if (state_ == State::kClosed || credentials == remote_) return;
  if (!remote_.ufrag.empty()) restart(now);
  remote_ = credentials;
  if (state_ == State::kNew) set_state(State::kChecking);
}

// The paths stay: whoever is there goes on being heard. But the next check selects anew.
void LiteAgent::restart(Time) {
  if (state_ == State::kClosed) return;
  ++outbox_.counters().restarts;
  outbox_.forget_what_was_told();
  old_ = std::make_unique<Credentials>(std::exchange(local_, Credentials::make(*random_)));
  remote_ = {};
  nominated_ = false;
  settled_at_ = kNever;
  if (state_ == State::kFailed) set_state(State::kNew);
  for (const Candidate& local : locals_) {
    Candidate told = local;
    told.ufrag = local_.ufrag;
    outbox_.push(CandidateFound{std::move(told)});
  }
}

void LiteAgent::close(Time) {
  if (state_ == State::kClosed) return;
  outbox_.clear();
  for (const KnownPath& known : paths_) {
    if (known.path.transport == net::Transport::kTcp) outbox_.push(CloseTcp{known.path});
  }
  paths_.clear();
  selected_.reset();
  deadline_ = kNever;
  set_state(State::kClosed);
}

void LiteAgent::tcp_closed(Time, const net::Path& path) {
  std::erase_if(paths_, [&](const KnownPath& known) { return known.path == path; });
  if (selected_ != path) return;
  selected_.reset();
  set_state(State::kDisconnected);
}

void LiteAgent::handle_input(Time now, const Datagram& datagram) {
  if (state_ == State::kClosed) return;
  const auto message = stun::MessageView::parse(datagram.payload);
  if (!message) return outbox_.drop(Drop::kMalformed, datagram.path);
  if (message->method() != stun::Method::kBinding) {
    return outbox_.drop(Drop::kUnsupported, datagram.path);
  }
  switch (message->message_class()) {
    case stun::Class::kIndication: ++outbox_.counters().indications; return;
    case stun::Class::kRequest: return handle_request(now, datagram.path, *message);
    case stun::Class::kSuccess:
    case stun::Class::kError: return outbox_.drop(Drop::kUnmatchedResponse, datagram.path);
  }
}

void LiteAgent::handle_request(Time now, const net::Path& path, const stun::MessageView& request) {
  auto check = authenticate(request, local_);
  const bool of_old_session = !check && check.error() == Drop::kUsername && old_ != nullptr;
  if (of_old_session) check = authenticate(request, *old_);
  const Credentials& local = of_old_session ? *old_ : local_;
  // We cannot be the controlling one: a peer that would be controlled has to give in.
  const bool conflict = check && check->controlled.has_value();
  if (!check || conflict) {
    const Drop reason = check ? Drop::kRoleConflict : check.error();
    outbox_.drop(reason, path);
    const bool authenticated =
        conflict || reason == Drop::kUnknownAttribute || reason == Drop::kBadRequest;
    if (authenticated) outbox_.push(Transmit{path, error_answer(request, reason, local.pwd)});
    return;
  }
  ++outbox_.counters().requests_received;
  ++outbox_.counters().responses_sent;
  outbox_.push(Transmit{path, success_answer(request, path.remote, local.pwd)});
  heard_ = now;
  if (state_ == State::kDisconnected) deadline_ = now + timers_.lite_disconnected_after;
  KnownPath& known = note(now, path);
  known.priority = check->priority;
  if (!of_old_session) consider(now, known, check->use_candidate);
}

LiteAgent::KnownPath& LiteAgent::note(Time now, const net::Path& path) {
  auto known = std::ranges::find(paths_, path, &KnownPath::path);
  if (known == paths_.end()) {
    if (paths_.size() >= limits_.lite_paths) {
      // The selected one stays, whoever else calls.
      forget(*std::ranges::min_element(paths_, {}, [&](const KnownPath& other) {
        return other.path == selected_ ? kNever : other.heard;
      }));
    }
    paths_.push_back({.path = path});
    known = paths_.end() - 1;
  }
  ++known->requests;
  known->heard = now;
  return *known;
}

void LiteAgent::forget(const KnownPath& known) {
  const net::Path path = known.path;
  if (path.transport == net::Transport::kTcp) outbox_.push(CloseTcp{path});
  std::erase_if(paths_, [&](const KnownPath& other) { return other.path == path; });
}

// An aggressive peer nominates all that it checks, and means the one of highest priority; later,
// the one it nominated last.
void LiteAgent::consider(Time now, const KnownPath& known, bool nominates) {
  const bool same = selected_ == known.path;
  if (!selected_ || settled_at_ == kNever) {
    select(now, known, nominates);
  } else if (nominates && !same) {
    const auto current = std::ranges::find(paths_, *selected_, &KnownPath::path);
    const bool better = !nominated_ || now >= settled_at_ || known.priority > current->priority;
    if (better) select(now, known, true);
  } else if (same) {
    nominated_ = nominated_ || nominates;
    set_state(nominated_ ? State::kCompleted : State::kConnected);
  }
}

void LiteAgent::select(Time now, const KnownPath& known, bool nominates) {
  if (settled_at_ == kNever) settled_at_ = now + timers_.settling;
  if (selected_ != known.path) {
    if (selected_) ++outbox_.counters().path_changes;
    selected_ = known.path;
    outbox_.push(Selected{known.path});
  }
  nominated_ = nominates;
  set_state(nominates ? State::kCompleted : State::kConnected);
  if (deadline_ == kNever) deadline_ = now + timers_.lite_disconnected_after;
}

// The deadline is not moved by each check: when it comes, it looks when the last one was.
void LiteAgent::handle_timeout(Time now) {
  if (now < deadline_ || heard_ == kNever) return;
  const Time silent_at = heard_ + timers_.lite_disconnected_after;
  const Time lost_at = heard_ + timers_.consent_timeout;
  if (now >= lost_at) {
    selected_.reset();
    deadline_ = kNever;
    set_state(State::kFailed);
  } else if (now >= silent_at) {
    deadline_ = lost_at;
    set_state(State::kDisconnected);
  } else {
    deadline_ = silent_at;
  }
}

bool LiteAgent::is_validated(const net::Path& path) const {
  if (selected_ == path) return true;
  return std::ranges::find(paths_, path, &KnownPath::path) != paths_.end();
}

std::vector<Candidate> LiteAgent::remote_candidates() const {
  std::vector<Candidate> remotes;
  for (const KnownPath& known : paths_) {
    remotes.push_back({.type = CandidateType::kPeerReflexive,
                       .transport = known.path.transport,
                       .address = known.path.remote,
                       .priority = known.priority});
  }
  return remotes;
}

std::vector<PairStats> LiteAgent::pairs() const {
  std::vector<PairStats> all;
  for (const KnownPath& known : paths_) {
    const bool selected = known.path == selected_;
    all.push_back({.path = known.path,
                   .remote_type = CandidateType::kPeerReflexive,
                   .state = PairState::kSucceeded,
                   .nominated = selected && nominated_,
                   .selected = selected,
                   .priority = known.priority,
                   .requests_received = known.requests,
                   .responses_sent = known.requests});
  }
  return all;
}

void LiteAgent::set_state(State state) {
  if (state == state_) return;
  state_ = state;
  outbox_.push(StateChanged{state});
}

}  // namespace parley::ice

#include "ice/full_agent.h"

#include <algorithm>

namespace parley::ice {
namespace {

bool is_link_local_v6(const net::IpAddress& ip) {
  return ip.is_v6() && ip.bytes()[0] == 0xFE && (ip.bytes()[1] & 0xC0) == 0x80;
}

// RFC 8445, 6.1.2.2, and 6544, 6.2: only an active candidate connects, to a passive one.
bool can_pair(const Candidate& local, const Candidate& remote) {
  const net::IpAddress& from = local.base.ip;
  const net::IpAddress& to = remote.address.ip;
  if (local.transport != remote.transport || from.is_v4() != to.is_v4()) return false;
  if (from.is_loopback() != to.is_loopback() || is_link_local_v6(from) != is_link_local_v6(to)) {
    return false;
  }
  return local.transport == net::Transport::kUdp ||
         (local.tcp_type == TcpType::kActive && remote.tcp_type == TcpType::kPassive);
}

bool sends(const Candidate& local) {
  return local.type == CandidateType::kHost || local.type == CandidateType::kRelayed;
}

bool is_udp_host(const Candidate& local) {
  return local.type == CandidateType::kHost && local.transport == net::Transport::kUdp;
}

}  // namespace

FullAgent::FullAgent(const Config& config, Random& random)
    : config_(config),
      random_(&random),
      tie_breaker_(random.u64()),
      controlling_(config.controlling),
      local_(Credentials::make(random)),
      locals_(config.limits.local_candidates),
      remotes_(config.limits),
      gatherer_(config.timers, config.limits, random),
      relays_(config.timers, config.limits, random),
      checklist_(config.limits.pairs),
      consent_(config.timers, random) {}

void FullAgent::add_local_candidate(Time now, const Candidate& candidate) {
  if (state_ == State::kClosed) return;
  if (config_.policy == TransportPolicy::kRelay && candidate.type != CandidateType::kRelayed) {
    // The peer is not to reach it, nor to hear of it: it is there to reach relays from.
    if (is_udp_host(candidate)) relays_.add_base(now, candidate.base);
    return run(now);
  }
  switch (locals_.add(candidate)) {
    case LocalCandidates::Added::kKnown: return;
    case LocalCandidates::Added::kFull: return outbox_.drop(Drop::kCandidateLimit, {});
    case LocalCandidates::Added::kNew: break;
  }
  const Candidate added = locals_.last();
  tell_candidate(added);
  if (is_udp_host(added)) {
    gatherer_.add_base(now, added.base);
    relays_.add_base(now, added.base);
  }
  pair_local(added);
  run(now);
}

void FullAgent::tell_candidate(const Candidate& local) {
  Candidate told = local;
  told.ufrag = local_.ufrag;
  outbox_.push(CandidateFound{std::move(told)});
}

void FullAgent::gather(Time now, const std::vector<net::SocketAddress>& stun_servers,
                       const std::vector<RelayServer>& relay_servers) {
  if (state_ == State::kClosed) return;
  std::vector<net::SocketAddress> bases;
  for (const Candidate& local : locals_.all()) {
    if (is_udp_host(local)) bases.push_back(local.base);
  }
  gatherer_.start(now, stun_servers, bases);
  relays_.set_servers(now, relay_servers);
  gathering_told_ = false;
  run(now);
}

void FullAgent::remove_local(Time now, const net::SocketAddress& base) {
  if (state_ == State::kClosed) return;
  relays_.remove_base(base);
  gatherer_.remove_base(base);
  forget_local(now, base);
  run(now);
}

void FullAgent::forget_local(Time now, const net::SocketAddress& base) {
  locals_.remove(base);
  checklist_.erase_if([&](const Pair& pair) { return pair.path.local == base; });
  if (previous_ && previous_->path && previous_->path->local == base) previous_->path.reset();
  if (selected_ && selected_->local == base) path_is_gone(now);
}

// Nothing can be sent over the selected path any more.
void FullAgent::path_is_gone(Time now) {
  selected_.reset();
  selected_is_old_ = false;
  consent_.suspend(now);
}

void FullAgent::set_remote(Time now, const Credentials& credentials, bool lite) {
  if (state_ == State::kClosed || credentials == remote_) return;
  if (has_remote()) restart(now);
  remote_ = credentials;
  started_at_ = now;
  if (lite && !controlling_) set_role(true);
  run(now);
}

bool FullAgent::add_remote_candidate(Time now, const Candidate& candidate) {
  if (state_ == State::kClosed) return false;
  if (!candidate.ufrag.empty() && has_remote() && candidate.ufrag != remote_.ufrag) {
    outbox_.drop(Drop::kCandidateIgnored, {});
    return false;
  }
  const bool taken = note_remote(candidate);
  run(now);
  return taken;
}

bool FullAgent::note_remote(const Candidate& candidate) {
  switch (remotes_.add(candidate)) {
    case RemoteCandidates::Added::kNew: {
      const Candidate added = remotes_.last();
      pair_remote(added);
      return true;
    }
    case RemoteCandidates::Added::kUpdated: update_remote(candidate); return true;
    case RemoteCandidates::Added::kKnown: return true;
    case RemoteCandidates::Added::kUnresolved:
      outbox_.push(ResolveName{candidate.mdns_name});
      return true;
    case RemoteCandidates::Added::kFull: outbox_.drop(Drop::kCandidateLimit, {}); return false;
    case RemoteCandidates::Added::kUseless: outbox_.drop(Drop::kCandidateIgnored, {}); return false;
  }
  return false;
}

// A check had come from there before the peer told of it: now the pairs' priorities are known.
void FullAgent::update_remote(const Candidate& remote) {
  for (Pair& pair : checklist_.all()) {
    if (pair.path.remote != remote.address || pair.path.transport != remote.transport) continue;
    pair.remote_type = remote.type;
    pair.remote_priority = remote.priority;
    pair.priority = controlling_ ? pair_priority(pair.local_priority, pair.remote_priority)
                                 : pair_priority(pair.remote_priority, pair.local_priority);
  }
  pair_remote(remote);
}

void FullAgent::end_of_remote_candidates(Time now) {
  end_of_remote_ = true;
  run(now);
}

void FullAgent::name_resolved(Time now, std::string_view name,
                              const std::optional<net::IpAddress>& address) {
  for (const Candidate& candidate : remotes_.take_resolved(name, address)) note_remote(candidate);
  run(now);
}

void FullAgent::pair_local(const Candidate& local) {
  for (const Candidate& remote : remotes_.all()) {
    if (can_pair(local, remote)) {
      add_pair(local, remote, {local.transport, local.base, remote.address});
    }
  }
}

void FullAgent::pair_remote(const Candidate& remote) {
  for (const Candidate& local : locals_.all()) {
    if (sends(local) && can_pair(local, remote)) {
      add_pair(local, remote, {local.transport, local.base, remote.address});
    }
  }
}

void FullAgent::add_pair(const Candidate& local, const Candidate& remote, const net::Path& path) {
  if (checklist_.find(path) != nullptr) return;
  if (relays_.owns(path)) to_permit_.push_back(path);
  Pair pair{.path = path,
            .local_type = local.type,
            .remote_type = remote.type,
            .local_priority = local.priority,
            .remote_priority = remote.priority,
            .reflexive_priority = peer_reflexive_priority(local),
            .foundation = local.foundation + ":" + remote.foundation};
  pair.connects = path.transport == net::Transport::kTcp && path.local.port == 0;
  pair.connected = !pair.connects;
  if (checklist_.add(std::move(pair), controlling_) == nullptr) {
    outbox_.drop(Drop::kCandidateLimit, path);
  }
}

void FullAgent::restart(Time now) {
  if (state_ == State::kClosed) return;
  ++outbox_.counters().restarts;
  if (selected_ && !selected_is_old_) {
    const Pair* const pair = checklist_.find(*selected_);
    previous_ = Previous{.local = local_,
                         .remote = remote_,
                         .priority = pair != nullptr ? pair->reflexive_priority : 0,
                         .path = selected_};
    selected_is_old_ = true;
  }
  begin_session();
  const std::vector<Candidate> locals = locals_.all();
  for (const Candidate& local : locals) tell_candidate(local);
  // The mappings may be others by now.
  if (gatherer_.started()) return gather(now, gatherer_.servers(), relays_.servers());
  run(now);
}

// Forgets what was between the old credentials.
void FullAgent::begin_session() {
  for (const Pair& pair : checklist_.all()) close_connection(pair);
  local_ = Credentials::make(*random_);
  remote_ = {};
  locals_.remove_peer_reflexive();
  remotes_.clear();
  end_of_remote_ = false;
  checklist_.clear();
  started_at_ = settled_at_ = revive_at_ = kNever;
  outbox_.forget_what_was_told();
  path_lost_ = false;
  if (!selected_) consent_.stop();
}

void FullAgent::close_connection(const Pair& pair) {
  const bool tcp = pair.path.transport == net::Transport::kTcp;
  if (tcp && pair.connected && pair.path != selected_) outbox_.push(CloseTcp{pair.path});
}

void FullAgent::close(Time now) {
  if (state_ == State::kClosed) return;
  outbox_.clear();
  selected_.reset();
  begin_session();
  previous_.reset();
  transactions_.clear();
  relays_.close(now);
  state_ = State::kClosed;
  outbox_.push(StateChanged{state_});
  run(now);
}

void FullAgent::tcp_connected(Time now, const net::Path& asked, const net::Path& actual) {
  Pair* const pair = checklist_.find(asked);
  if (pair == nullptr || !pair->connects || checklist_.find(actual) != nullptr) {
    outbox_.push(CloseTcp{actual});
    return;
  }
  pair->path = actual;
  pair->connected = true;
  checklist_.trigger(*pair);
  run(now);
}

void FullAgent::tcp_closed(Time now, const net::Path& path) {
  if (selected_ == path) path_is_gone(now);
  if (Pair* const pair = checklist_.find(path)) {
    checklist_.fail(*pair);
    pair->connected = false;
    if (pair->connects) {
      pair->path.local.port = 0;
    } else {
      checklist_.erase_if([&](const Pair& other) { return other.path == path; });
    }
  }
  run(now);
}

bool FullAgent::is_validated(const net::Path& path) const {
  if (selected_ == path) return true;
  if (previous_ && previous_->path == path) return true;
  const Pair* const pair = checklist_.find(path);
  return pair != nullptr && pair->authenticated;
}

std::optional<Duration> FullAgent::round_trip_time() const {
  if (!selected_) return std::nullopt;
  const Pair* const pair = checklist_.find(*selected_);
  if (pair == nullptr || pair->stats.round_trip_time == Duration::zero()) return std::nullopt;
  return pair->stats.round_trip_time;
}

std::vector<PairStats> FullAgent::pairs() const {
  std::vector<PairStats> all;
  for (const Pair& pair : checklist_.all()) {
    PairStats stats = pair.stats;
    stats.path = pair.path;
    stats.local_type = pair.local_type;
    stats.remote_type = pair.remote_type;
    stats.state = pair.state;
    stats.nominated = pair.nominated;
    stats.selected = pair.path == selected_;
    stats.priority = pair.priority;
    all.push_back(stats);
  }
  return all;
}

}  // namespace parley::ice

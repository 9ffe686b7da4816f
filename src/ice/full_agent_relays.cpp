// TURN servers: their allocations become candidates, and packets go through them.
#include <utility>

#include "ice/full_agent.h"

namespace parley::ice {

void FullAgent::server_connected(Time now, ServerStream stream) {
  relays_.server_connected(now, stream);
  run(now);
}

void FullAgent::server_closed(Time now, ServerStream stream) {
  relays_.server_closed(now, stream);
  run(now);
}

void FullAgent::server_data(Time now, ServerStream stream, Bytes bytes) {
  relays_.server_data(stream, bytes);
  run(now);
}

std::optional<Arrived> FullAgent::next_relayed(Time now, ServerStream stream) {
  const auto arrived = relays_.next(now, stream);
  if (relays_.has_news()) run(now);
  return state_ == State::kClosed ? std::nullopt : arrived;
}

std::optional<Arrived> FullAgent::unwrap(Time now, const Arrived& datagram) {
  const auto arrived = relays_.unwrap(now, datagram);
  if (!arrived || relays_.has_news()) run(now);
  return state_ == State::kClosed ? std::nullopt : arrived;
}

std::optional<Output> FullAgent::wrap(const net::Path& path, std::vector<std::uint8_t> packet) {
  if (relays_.owns(path)) return relays_.wrap(path, std::move(packet));
  return Transmit{path, std::move(packet)};
}

void FullAgent::transmit(Time now, const net::Path& path, std::vector<std::uint8_t> message) {
  if (!relays_.send(now, path, message)) outbox_.push(Transmit{path, std::move(message)});
}

void FullAgent::take_changes(Time now) {
  for (const RelayNews::Change& change : relays_.take_changes()) {
    if (change.gained) {
      handle_gain(change);
    } else {
      handle_loss(now, change.relayed);
    }
  }
  for (const net::Path& path : std::exchange(to_permit_, {})) relays_.permit(now, path);
}

void FullAgent::handle_gain(const RelayNews::Change& gained) {
  ++outbox_.counters().allocations;
  const bool is_hidden = config_.policy == TransportPolicy::kRelay;
  const bool is_udp = gained.protocol == RelayProtocol::kUdp;
  const Candidate* const base = locals_.find_base(net::Transport::kUdp, gained.base);
  if (is_udp && !is_hidden && base != nullptr) {
    const Candidate host = *base;
    const auto added = locals_.add_reflexive(CandidateType::kServerReflexive, host, gained.mapped,
                                             gained.server, gained.url);
    if (added == LocalCandidates::Added::kNew) tell_candidate(locals_.last());
  }
  // What the relay knows of us the peer need not (W3C WebRTC, 5.6.1.1).
  Candidate relayed = Candidate::relayed(gained.relayed, gained.mapped, gained.protocol);
  if (is_hidden) relayed.related.reset();
  relayed.url = gained.url;
  switch (locals_.add(std::move(relayed))) {
    case LocalCandidates::Added::kKnown: return;
    case LocalCandidates::Added::kFull: return outbox_.drop(Drop::kCandidateLimit, {});
    case LocalCandidates::Added::kNew: break;
  }
  const Candidate added = locals_.last();
  tell_candidate(added);
  pair_local(added);
}

void FullAgent::handle_loss(Time now, const net::SocketAddress& relayed) {
  ++outbox_.counters().allocations_lost;
  forget_local(now, relayed);
}

void FullAgent::take_relays_outputs() {
  for (Output& output : relays_.take_outputs()) {
    if (std::holds_alternative<ServerFailed>(output)) ++outbox_.counters().servers_failed;
    outbox_.push(std::move(output));
  }
}

bool FullAgent::has_gathered(Time now) const {
  return gatherer_.complete() && relays_.complete(now);
}

}  // namespace parley::ice

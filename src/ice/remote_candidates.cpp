#include "ice/remote_candidates.h"

#include <fmt/core.h>

#include <algorithm>

namespace parley::ice {
namespace {

constexpr std::uint16_t kDiscardPort = 9;

bool is_usable(const Candidate& candidate) {
  if (candidate.component != 1 || candidate.tcp_type == TcpType::kSimultaneousOpen) return false;
  if (!candidate.mdns_name.empty()) return candidate.address.port != 0;
  return candidate.address.port != 0 && !candidate.address.ip.is_any();
}

bool is_active(const Candidate& candidate) {
  return candidate.tcp_type == TcpType::kActive && candidate.address.port == kDiscardPort;
}

}  // namespace

RemoteCandidates::Added RemoteCandidates::add(const Candidate& candidate) {
  if (!is_usable(candidate)) return Added::kUseless;
  if (!candidate.mdns_name.empty()) {
    const auto same = [&](const Candidate& other) {
      return other.mdns_name == candidate.mdns_name && other.transport == candidate.transport &&
             other.address.port == candidate.address.port;
    };
    if (std::ranges::any_of(unresolved_, same)) return Added::kKnown;
    if (unresolved_.size() >= unresolved_limit_) return Added::kFull;
    unresolved_.push_back(candidate);
    return Added::kUnresolved;
  }
  const auto known = std::ranges::find_if(candidates_, [&](const Candidate& other) {
    return other.transport == candidate.transport && other.address == candidate.address;
  });
  if (known != candidates_.end()) {
    if (known->type != CandidateType::kPeerReflexive || is_active(candidate)) return Added::kKnown;
    *known = candidate;
    return Added::kUpdated;
  }
  if (candidates_.size() >= limit_) return Added::kFull;
  candidates_.push_back(candidate);
  return Added::kNew;
}

bool RemoteCandidates::learn(net::Transport transport, const net::SocketAddress& address,
                             std::uint32_t priority) {
  if (find(transport, address) != nullptr) return false;
  if (candidates_.size() >= limit_) {
    const auto oldest =
        std::ranges::find(candidates_, CandidateType::kPeerReflexive, &Candidate::type);
    candidates_.erase(oldest != candidates_.end() ? oldest : candidates_.begin());
  }
  Candidate candidate{.type = CandidateType::kPeerReflexive,
                      .transport = transport,
                      .address = address,
                      .priority = priority,
                      // Unlike any other (RFC 8445, 7.3.1.3): the peer's have no spaces in them.
                      .foundation = fmt::format("learned {}", learned_++)};
  if (transport == net::Transport::kTcp) candidate.tcp_type = TcpType::kActive;
  candidates_.push_back(std::move(candidate));
  return true;
}

std::vector<Candidate> RemoteCandidates::take_resolved(
    std::string_view name, const std::optional<net::IpAddress>& address) {
  std::vector<Candidate> resolved;
  for (Candidate& candidate : unresolved_) {
    if (candidate.mdns_name != name || !address) continue;
    resolved.push_back(candidate);
    resolved.back().address.ip = *address;
    resolved.back().mdns_name.clear();
  }
  std::erase_if(unresolved_, [&](const Candidate& c) { return c.mdns_name == name; });
  return resolved;
}

const Candidate* RemoteCandidates::find(net::Transport transport,
                                        const net::SocketAddress& address) const {
  const auto found = std::ranges::find_if(candidates_, [&](const Candidate& c) {
    return c.transport == transport && c.address == address;
  });
  return found == candidates_.end() ? nullptr : &*found;
}

void RemoteCandidates::clear() {
  candidates_.clear();
  unresolved_.clear();
}

}  // namespace parley::ice

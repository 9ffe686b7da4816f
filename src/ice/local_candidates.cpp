#include "ice/local_candidates.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "crypto/crc32.h"

namespace parley::ice {
namespace {

// RFC 8445, 5.1.1.3: the same for the same type, base address, transport and server.
std::string foundation_of(const Candidate& candidate, std::string_view origin) {
  const std::string text =
      fmt::format("{} {} {} {}", to_string(candidate.type), candidate.base.ip.to_string(),
                  net::to_string(candidate.transport), origin);
  return fmt::format("{}", crypto::crc32(as_bytes(text)));
}

// RFC 8445, 5.1.2.1 leaves it to us: of relays the one that is reached with the least delay.
std::uint16_t relayed_preference(std::optional<RelayProtocol> protocol, std::uint16_t before) {
  constexpr std::uint16_t kBest[] = {0xFFFF, 0xBFFF, 0x7FFF};
  const auto of_protocol = std::to_underlying(protocol.value_or(RelayProtocol::kUdp));
  return static_cast<std::uint16_t>(kBest[of_protocol] - before % 0x4000);
}

std::uint16_t local_preference_of(const Candidate& candidate) {
  return static_cast<std::uint16_t>(candidate.priority >> 8);
}

}  // namespace

LocalCandidates::Added LocalCandidates::add(Candidate candidate) {
  const bool relayed = candidate.type == CandidateType::kRelayed;
  const auto preference = relayed ? relayed_preference(candidate.relay_protocol, relayed_++)
                                  : preference_of(candidate.base.ip);
  candidate.priority =
      candidate_priority(candidate.type, candidate.transport, candidate.tcp_type, preference);
  // Of one server by two protocols: one may get through where the other does not.
  candidate.foundation = foundation_of(
      candidate, candidate.relay_protocol ? to_string(*candidate.relay_protocol) : "");
  return is_known(candidate) ? Added::kKnown : add_new(std::move(candidate));
}

LocalCandidates::Added LocalCandidates::add_reflexive(CandidateType type, const Candidate& base,
                                                      const net::SocketAddress& mapped,
                                                      const net::SocketAddress& seen_by,
                                                      std::string url) {
  Candidate candidate{.type = type,
                      .transport = base.transport,
                      .tcp_type = base.tcp_type,
                      .address = mapped,
                      .related = base.base,
                      .base = base.base,
                      .url = std::move(url)};
  candidate.priority =
      base.tcp_type ? peer_reflexive_priority(base)
                    : candidate_priority(type, base.transport, {}, local_preference_of(base));
  const std::string origin = type == CandidateType::kPeerReflexive ? "" : seen_by.ip.to_string();
  candidate.foundation = foundation_of(candidate, origin);
  if (is_known(candidate)) return Added::kKnown;
  // Whoever tells us of another mapping each time gets no room for it.
  std::erase_if(candidates_, [&](const Candidate& c) {
    return c.type == type && c.base == base.base && c.foundation == candidate.foundation;
  });
  return add_new(std::move(candidate));
}

void LocalCandidates::remove(const net::SocketAddress& base) {
  std::erase_if(candidates_, [&](const Candidate& c) { return c.base == base; });
}

void LocalCandidates::remove_peer_reflexive() {
  std::erase_if(candidates_,
                [](const Candidate& c) { return c.type == CandidateType::kPeerReflexive; });
}

const Candidate* LocalCandidates::find_base(net::Transport transport,
                                            const net::SocketAddress& base) const {
  const auto found = std::ranges::find_if(candidates_, [&](const Candidate& c) {
    return c.transport == transport && c.base == base &&
           (c.type == CandidateType::kHost || c.type == CandidateType::kRelayed);
  });
  return found == candidates_.end() ? nullptr : &*found;
}

bool LocalCandidates::knows(const net::SocketAddress& base,
                            const net::SocketAddress& mapped) const {
  return std::ranges::any_of(
      candidates_, [&](const Candidate& c) { return c.base == base && c.address == mapped; });
}

bool LocalCandidates::is_known(const Candidate& candidate) const {
  return std::ranges::any_of(candidates_, [&](const Candidate& c) {
    return c.transport == candidate.transport && c.tcp_type == candidate.tcp_type &&
           c.address == candidate.address && c.base == candidate.base;
  });
}

LocalCandidates::Added LocalCandidates::add_new(Candidate candidate) {
  if (candidates_.size() >= limit_) return Added::kFull;
  candidates_.push_back(std::move(candidate));
  return Added::kNew;
}

// IPv6, IPv4, IPv6, IPv4, ... each in the order in which its addresses came.
std::uint16_t LocalCandidates::preference_of(const net::IpAddress& ip) {
  const auto same_family = [&](const net::IpAddress& other) { return other.is_v4() == ip.is_v4(); };
  const auto found = std::ranges::find(hosts_, ip);
  const auto before = std::count_if(hosts_.begin(), found, same_family);
  if (found == hosts_.end() && hosts_.size() < limit_) hosts_.push_back(ip);
  return static_cast<std::uint16_t>(0xFFFF - 2 * before - (ip.is_v4() ? 1 : 0));
}

std::uint32_t peer_reflexive_priority(const Candidate& local) {
  const std::uint32_t best =
      candidate_priority(CandidateType::kPeerReflexive, local.transport, local.tcp_type, 0xFFFF);
  return (best & 0xFF000000) | (local.priority & 0x00FFFFFF);
}

}  // namespace parley::ice

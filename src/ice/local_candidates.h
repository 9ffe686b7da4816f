#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ice/candidate.h"

namespace parley::ice {

// Our own candidates: fills in their priorities and foundations.
//
// Of hosts the address added first is preferred, and IPv6 before IPv4 in turn, so that neither
// family has to wait for all of the other (RFC 8421, 4).
class LocalCandidates {
 public:
  enum class Added : std::uint8_t { kNew, kKnown, kFull };

  explicit LocalCandidates(std::size_t limit) : limit_(limit) {}

  // A host or relayed candidate.
  Added add(Candidate candidate);
  // What `base` is mapped to: seen by a STUN server, or by the peer in a check. The last that each
  // server told counts, and the last of the peers. Known also where it equals its base: it would be
  // redundant (RFC 8445, 5.1.3).
  Added add_reflexive(CandidateType type, const Candidate& base, const net::SocketAddress& mapped,
                      const net::SocketAddress& seen_by, std::string url = {});
  // Its base, and all that is mapped from it.
  void remove(const net::SocketAddress& base);
  // Those learned from checks belong to one session.
  void remove_peer_reflexive();

  // The host or relayed candidate that sends from this address. An active TCP candidate is found by
  // the port 0.
  const Candidate* find_base(net::Transport transport, const net::SocketAddress& base) const;
  // Is that what `base` is known to be mapped to?
  bool knows(const net::SocketAddress& base, const net::SocketAddress& mapped) const;
  const std::vector<Candidate>& all() const { return candidates_; }
  const Candidate& last() const { return candidates_.back(); }

 private:
  bool is_known(const Candidate& candidate) const;
  Added add_new(Candidate candidate);
  std::uint16_t preference_of(const net::IpAddress& ip);

  std::size_t limit_;
  std::vector<Candidate> candidates_;  // Never more than limit_.
  std::vector<net::IpAddress> hosts_;  // In the order of their first appearance; as bounded.
  std::uint16_t relayed_ = 0;          // So many were added.
};

// What the checks of a pair say of their source: the candidate's priority, were it peer-reflexive
// (RFC 8445, 7.1.1).
std::uint32_t peer_reflexive_priority(const Candidate& local);

}  // namespace parley::ice

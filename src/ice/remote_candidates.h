#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ice/candidate.h"
#include "ice/config.h"

namespace parley::ice {

// The peer's candidates: those that it told, and those that its checks came from.
class RemoteCandidates {
 public:
  enum class Added : std::uint8_t {
    kNew,         // last() is to be paired.
    kUpdated,     // A check had come from there before: now we know what it is.
    kKnown,       // Nothing to do.
    kUnresolved,  // Its name is to be asked for.
    kFull,
    kUseless,  // For another component, or an address that nobody can send to.
  };

  explicit RemoteCandidates(const Limits& limits)
      : limit_(limits.remote_candidates), unresolved_limit_(limits.unresolved_names) {}

  Added add(const Candidate& candidate);
  // A check came from there. False where it is known. Where there is no room, the one that was
  // learned so first makes room: a peer may move as often as it likes.
  bool learn(net::Transport transport, const net::SocketAddress& address, std::uint32_t priority);
  // The candidates that waited for the name, with the address filled in.
  std::vector<Candidate> take_resolved(std::string_view name,
                                       const std::optional<net::IpAddress>& address);

  const Candidate* find(net::Transport transport, const net::SocketAddress& address) const;
  const std::vector<Candidate>& all() const { return candidates_; }
  const Candidate& last() const { return candidates_.back(); }
  bool waits_for_names() const { return !unresolved_.empty(); }
  void clear();

 private:
  std::size_t limit_;
  std::size_t unresolved_limit_;
  std::vector<Candidate> candidates_;  // Never more than limit_.
  std::vector<Candidate> unresolved_;  // Never more than unresolved_limit_.
  std::uint32_t learned_ = 0;          // For foundations of what was learned.
};

}  // namespace parley::ice

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "ice/candidate.h"
#include "ice/stats.h"
#include "net/path.h"
#include "stun/message.h"

namespace parley::ice {

// A local and a remote candidate, and what is known of the way between them.
struct Pair {
  net::Path path = {};  // Local is the base: reflexive candidates share its pairs.
  CandidateType local_type = CandidateType::kHost;
  CandidateType remote_type = CandidateType::kHost;
  std::uint32_t local_priority = 0;
  std::uint32_t remote_priority = 0;
  std::uint32_t reflexive_priority = 0;  // PRIORITY of its checks.
  std::string foundation = {};           // Of both candidates.
  std::uint64_t priority = 0;
  PairState state = PairState::kFrozen;

  bool valid = false;           // A check of ours was answered, and nothing has failed since.
  bool nominated = false;       // Agreed on.
  bool peer_nominates = false;  // The controlling peer did so; we have yet to find it valid.
  Time nominated_at = kAtOnce;  // When it did so last.
  bool use_candidate = false;   // We are controlling: its checks nominate it.
  bool authenticated = false;   // A check of either side has shown who is there.
  bool was_tried = false;       // A check came to nothing.
  bool was_valid = false;       // It has carried once, whatever became of it.
  Time valid_since = kNever;

  // TCP: is it ours to connect? Then path.local.port is 0 until there is a connection.
  bool connects = false;
  bool connected = true;

  // The check in progress.
  stun::TransactionId check = {};
  int requests = 0;  // Sent for it.
  Time next_request = kNever;
  Duration rto = Duration::zero();

  PairStats stats = {};  // Only its counters are kept up to date.

  bool is_relayed() const {
    return local_type == CandidateType::kRelayed || remote_type == CandidateType::kRelayed;
  }
};

// The pairs of one session, and which of them is to be checked next (RFC 8445, 6.1.2 and 6.1.4).
//
// A pointer to a pair is good until the next add() or erase.
class Checklist {
 public:
  explicit Checklist(std::size_t limit) : limit_(limit) {}

  // Sets its priority by the role, and its first state. Beyond the limit, whichever unused pair has
  // the lowest priority makes room; nothing if that is the new one. Its path must be new.
  Pair* add(Pair pair, bool controlling);
  Pair* find(const net::Path& path);
  const Pair* find(const net::Path& path) const;
  std::vector<Pair>& all() { return pairs_; }
  const std::vector<Pair>& all() const { return pairs_; }

  // To be checked before all others, in the order of the calls.
  void trigger(Pair& pair);
  // Those to be checked: what was triggered; then who waits, the highest priority first; then a
  // frozen one of whose foundation none is under way. Of the latter two only those above `floor`.
  // Nothing if there is none.
  Pair* next(std::uint64_t floor);
  bool has_next(std::uint64_t floor) const;

  // Ends its check, and lets the others of its foundation have theirs (RFC 8445, 7.2.5.3.3).
  void succeed(Pair& pair);
  void fail(Pair& pair);
  // What was found out may no longer be so: everything is to be checked again.
  void revive();
  void set_role(bool controlling);
  template <class Predicate>
  void erase_if(Predicate predicate) {
    std::erase_if(pairs_, predicate);
  }
  void clear();

 private:
  const Pair* choose(std::uint64_t floor) const;
  bool is_under_way(const std::string& foundation) const;
  bool make_room(std::uint64_t priority);

  std::size_t limit_;
  std::vector<Pair> pairs_;           // Never more than limit_.
  std::vector<net::Path> triggered_;  // In order; each once.
};

}  // namespace parley::ice

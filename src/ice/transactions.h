#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "net/path.h"
#include "stun/message.h"

namespace parley::ice {

// A check that was sent and may be answered yet; also one that another has taken the place of
// (RFC 8445, 7.3.1.4).
struct Transaction {
  stun::TransactionId id = {};
  net::Path path = {};
  Time sent = kAtOnce;
  bool use_candidate = false;
  bool controlling = false;  // What we thought we were.
  bool consent = false;
  bool old_session = false;    // With the credentials before the restart.
  bool retransmitted = false;  // So its time says nothing about the round trip.
};

// The latest of them: what is answered later than so many others does not count.
class Transactions {
 public:
  void add(const Transaction& transaction) {
    if (open_.size() == kMax) open_.erase(open_.begin());
    open_.push_back(transaction);
  }

  void mark_retransmitted(const stun::TransactionId& id) {
    const auto found = std::ranges::find(open_, id, &Transaction::id);
    if (found != open_.end()) found->retransmitted = true;
  }

  const Transaction* find(const stun::TransactionId& id) const {
    const auto found = std::ranges::find(open_, id, &Transaction::id);
    return found == open_.end() ? nullptr : &*found;
  }

  void erase(const stun::TransactionId& id) {
    std::erase_if(open_, [&](const Transaction& t) { return t.id == id; });
  }

  void clear() { open_.clear(); }

 private:
  static constexpr std::size_t kMax = 128;

  std::vector<Transaction> open_;  // Never more than kMax, the oldest first.
};

}  // namespace parley::ice

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sctp/packet/data.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/tsn.h"
#include "sctp/rx/ordered_streams.h"
#include "sctp/types.h"

namespace parley::sctp {

// Makes messages of DATA chunks. The fragments of one message have TSNs in a row (RFC 9260, 6.9),
// so a message grows from its first fragment on; what comes early waits for its turn.
//
// Each chunk is to be given once: ReceivedTsns knows which are new.
class Reassembly {
 public:
  struct Received {
    Message message = {};
    bool ordered = true;
  };
  enum class Error : std::uint8_t {
    kNone,
    kTooLong,          // A message longer than the config allows.
    kBrokenFragments,  // Neighbours that cannot be of one message, nor of two.
  };

  explicit Reassembly(std::size_t max_message_size) : max_message_size_(max_message_size) {}

  Error add(Tsn tsn, const Data& data);
  // The sender gave up what is missing up to and with `cumulative` (RFC 3758, 3.6).
  void forward(Tsn cumulative, std::span<const ForwardTsn::Skipped> skipped);

  // The peer begins these streams anew behind `last`: what has come of the new life waits until
  // finish_reset(), which is to be called when all of the old one is there (RFC 6525, 5.2.2). None
  // means all streams.
  void begin_reset(Tsn last, std::vector<StreamId> streams);
  void finish_reset();

  std::optional<Received> take();

  // Of incomplete messages and those that wait for their turn; with a surcharge for each piece.
  std::size_t held_bytes() const { return held_bytes_ + ordered_.held_bytes(); }

 private:
  struct Fragment {
    Data head = {};  // Without payload.
    std::vector<std::uint8_t> payload = {};
  };
  struct Assembly {
    Tsn first = {};
    Data head = {};  // Of the first fragment.
    std::vector<std::uint8_t> payload = {};
  };
  struct Reset {
    Tsn last = {};
    std::vector<StreamId> streams = {};
    std::vector<Assembly> deferred = {};
  };

  using Growing = std::map<Tsn, Assembly>;
  static constexpr std::size_t kOverhead = OrderedStreams::kOverhead;

  Error begin(Tsn tsn, const Data& data);
  Error append(Growing::iterator& at, const Data& data);
  Error append_waiting(Growing::iterator at);
  void complete(Assembly assembly);
  void deliver(Assembly assembly);
  void take_ordered();
  bool is_deferred(const Assembly& assembly) const;

  std::size_t max_message_size_;
  Growing growing_;                    // By the TSN that each waits for.
  std::map<Tsn, Fragment> fragments_;  // That nothing has reached yet.
  OrderedStreams ordered_;
  std::optional<Reset> reset_;
  std::deque<Received> received_;
  std::deque<Message> in_order_;  // On the way from ordered_ to received_.
  std::size_t held_bytes_ = 0;
};

}  // namespace parley::sctp

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "base/token_bucket.h"

namespace parley::sfu {

// What participants say to each other by their data channels (docs/protocol.md, "Messages"): one
// byte of kind, one with the length of a name, the name, and then what only they understand.
// Towards us the name is the receiver's, none for everyone else in the room; from us it is the
// sender's.
struct Message {
  enum class Kind : std::uint8_t {
    kMessage,  // Only of who is permitted to send messages.
    kReceipt,  // How far one has got, to a single sender: of anybody, and short.
  };
  Kind kind = Kind::kMessage;
  std::string_view name = {};
  Bytes body = {};

  static std::optional<Message> parse(Bytes message);
  std::vector<std::uint8_t> write() const;
};

struct MessageLimits {
  // A person who draws makes sixty a second; one who hears fifty others
  // draw tells each how far he got, once a second.
  RateLimit messages = {.per_second = 250, .burst = 500};
  RateLimit bytes = {.per_second = 131'072, .burst = 1'048'576};
  // A message to more than so many, on all nodes of the room, costs more, as each delivery does: to
  // four times as many it counts as four.
  std::size_t receivers = 50;
  std::size_t max_body = 65'000;  // The channel's limit less the longest head.
  std::size_t max_receipt = 64;
};

// How much one participant may still send.
class MessageBudget {
 public:
  // Whether a message of so many bytes to so many is within the limits; it is then counted. One
  // alone always is, once nothing was sent for a while.
  bool take(Time now, std::size_t bytes, std::size_t receivers, const MessageLimits& limits);

 private:
  TokenBucket messages_;
  TokenBucket bytes_;
};

// Each field is a count; see Node::Counters.
struct MessageCounters {
  std::uint64_t reliable = 0;            // That came by the reliable channel.
  std::uint64_t unreliable = 0;          // By the other.
  std::uint64_t delivered = 0;           // Once a receiver.
  std::uint64_t malformed = 0;           // Dropped: no head, or too long.
  std::uint64_t forbidden = 0;           // Dropped: its sender may send none.
  std::uint64_t too_many = 0;            // Dropped: over the sender's budget.
  std::uint64_t no_receiver = 0;         // Dropped: who is named is not here, or has no channel.
  std::uint64_t skipped_reliable = 0;    // The receiver was too slow; its sender sends it again.
  std::uint64_t skipped_unreliable = 0;  // The receiver was too slow.
};

}  // namespace parley::sfu

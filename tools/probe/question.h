#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "net/address.h"
#include "stun/message.h"

namespace parley::probe {

// A Binding request that may be repeated until it is answered. Each transmission has an id of its
// own, so that the answer tells its time.
class Question {
 public:
  struct Answer {
    net::SocketAddress mapped = {};
    std::optional<net::SocketAddress> other = {};  // OTHER-ADDRESS (RFC 5780).
    Duration round_trip = {};
  };

  explicit Question(const net::SocketAddress& to) : to_(to), from_(to) {}
  // With CHANGE-REQUEST (RFC 5780): only what then comes from `from` answers it.
  Question(const net::SocketAddress& to, std::uint32_t change, const net::SocketAddress& from)
      : to_(to), from_(from), change_(change) {}

  std::vector<std::uint8_t> ask(Time now, Random& random);
  // Whether that answers it, and nothing has before.
  bool take(Time now, const net::SocketAddress& from, const stun::MessageView& message);

  const net::SocketAddress& to() const { return to_; }
  const std::optional<Answer>& answer() const { return answer_; }
  bool is_refused() const { return is_refused_; }  // The server does not want to.

 private:
  net::SocketAddress to_;
  net::SocketAddress from_;
  std::uint32_t change_ = 0;
  std::vector<std::pair<stun::TransactionId, Time>> asked_;
  std::optional<Answer> answer_;
  bool is_refused_ = false;
};

}  // namespace parley::probe

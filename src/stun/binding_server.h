#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "net/address.h"
#include "net/source_limiter.h"
#include "stun/message.h"

namespace parley::stun {

struct BindingServerConfig {
  net::SourceLimiter::Config limit = {};
  std::string software = "Parley";  // SOFTWARE of the answers that have room for it; may be empty.
};

// Tells whoever asks which address it is seen under (RFC 8489, 6.3.1 and 12): no credentials, no
// state for a client but its share of requests.
//
// It is of no use as a reflector: only requests are answered, only so many a source, and an answer
// carries nothing beyond the address where it would grow longer than its request by that.
class BindingServer {
 public:
  struct Counters {
    std::uint64_t answered = 0;
    std::uint64_t answered_unknown_attribute = 0;  // With 420.
    std::uint64_t indications = 0;                 // Keep-alives: no answer is due.
    std::uint64_t dropped_malformed = 0;
    std::uint64_t dropped_fingerprint = 0;
    std::uint64_t dropped_unsupported = 0;  // A method that is not ours, or an answer to nobody.
    std::uint64_t dropped_rate = 0;
  };

  BindingServer(BindingServerConfig config, Random& random)
      : config_(std::move(config)), limiter_(config_.limit, random) {}

  // The answer to `message` from `from`, to be sent back the way it came; nothing where none is
  // due.
  std::optional<std::vector<std::uint8_t>> handle(Time now, const net::SocketAddress& from,
                                                  Bytes message);

  const Counters& counters() const { return counters_; }

 private:
  bool is_answered(const MessageView& message);
  std::vector<std::uint8_t> answer(const MessageView& request, const net::SocketAddress& from);

  BindingServerConfig config_;
  net::SourceLimiter limiter_;
  Counters counters_;
};

}  // namespace parley::stun

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "net/path.h"
#include "net/source_limiter.h"
#include "stun/discovery.h"
#include "stun/message.h"

namespace parley::stun {

class MessageBuilder;

struct BindingServerConfig {
  net::SourceLimiter::Config limit = {};
  std::string software = "Parley";  // SOFTWARE of the answers that have room for it; may be empty.
  // Where clients may discover what their NAT does. None: who asks for that is answered with 420.
  std::optional<DiscoveryAddresses> discovery = {};
};

struct BindingAnswer {
  net::Path path = {};  // By which it leaves. Of RFC 5780 it may be another than it came by.
  std::vector<std::uint8_t> message = {};
};

// Tells whoever asks which address it is seen under (RFC 8489, 6.3.1 and 12): no credentials, no
// state for a client but its share of requests.
//
// It is of no use as a reflector: only requests are answered, only so many a source, and an answer
// carries nothing beyond the address where it would grow longer than its request by that.
//
// Where it has DiscoveryAddresses, an answer from one of them also says where it leaves from and
// which address is the other (RFC 5780, 6.1); it goes to no other IP address than its request came
// from, and is padded to no more than its request's length.
class BindingServer {
 public:
  struct Counters {
    std::uint64_t answered = 0;
    std::uint64_t answered_discovery =
        0;  // Of these: from another address, to another port, padded.
    std::uint64_t answered_unknown_attribute = 0;  // With 420.
    std::uint64_t answered_bad_request = 0;        // With 400: what discovery does not allow.
    std::uint64_t indications = 0;                 // Keep-alives: no answer is due.
    std::uint64_t dropped_malformed = 0;
    std::uint64_t dropped_fingerprint = 0;
    std::uint64_t dropped_unsupported = 0;  // A method that is not ours, or an answer to nobody.
    std::uint64_t dropped_rate = 0;
  };

  BindingServer(BindingServerConfig config, Random& random)
      : config_(std::move(config)), limiter_(config_.limit, random) {}

  // The answer to `message`, which came by `path`; nothing where none is due.
  std::optional<BindingAnswer> handle(Time now, const net::Path& path, Bytes message);

  const Counters& counters() const { return counters_; }

 private:
  bool is_answered(const MessageView& message);
  BindingAnswer answer(const MessageView& request, const net::Path& path);
  BindingAnswer answer_discovery(const MessageView& request, const net::Path& path);
  std::vector<std::uint8_t> finish(const MessageView& request, MessageBuilder& answer, bool padded);

  BindingServerConfig config_;
  net::SourceLimiter limiter_;
  Counters counters_;
};

}  // namespace parley::stun

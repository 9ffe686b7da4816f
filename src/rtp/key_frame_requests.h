#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace parley::rtp {

// Joins what many receivers ask of one sender into few requests (PLI, RFC 4585, 6.3.1). The first
// leaves at once; what comes while the key frame is under way is the same request; one that brings
// no key frame is repeated.
class KeyFrameRequests {
 public:
  struct Config {
    Duration min_interval = std::chrono::milliseconds{500};  // Key frames are large.
    Duration retry = std::chrono::seconds{1};
  };

  KeyFrameRequests() : KeyFrameRequests(Config{}) {}
  explicit KeyFrameRequests(Config config) : config_(config) {}

  void request(Time now);
  void handle_key_frame(Time now);

  // True: send a request now.
  bool poll(Time now);
  Time next_deadline() const { return due_; }

 private:
  Config config_;
  Time due_ = kNever;  // When the next request leaves; kNever while nobody waits.
  std::optional<Time> last_sent_;
};

// Tells a new full intra request from one that is repeated (RFC 5104, 4.3.1.2): the sequence number
// says so. For one requester.
class FirFilter {
 public:
  // Whether it is a new request.
  bool handle(std::uint8_t sequence_number);

 private:
  std::optional<std::uint8_t> last_;
};

}  // namespace parley::rtp

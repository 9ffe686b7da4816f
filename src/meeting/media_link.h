#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "base/token_bucket.h"
#include "meeting/media_requests.h"
#include "meeting/messages_media.h"
#include "meeting/request.h"

namespace parley::meeting {

// An answer of media that is waited for, and what it is for.
struct AwaitedAnswer {
  enum class Use : std::uint8_t {
    kWelcome,   // It completes the welcome of `request.connection`, which is held.
    kRequest,   // It answers `request`, a "negotiate".
    kTopology,  // It goes with the event "topology".
  };

  std::uint64_t ticket = 0;
  Time until = kNever;
  Use use = Use::kWelcome;
  Request request = {};
  bool renegotiate = false;  // Of the connection that there is.
};

// How often one may ask for a connection: each costs media 2 ms, and only a broken network gives
// reason to ask for many.
inline constexpr RateLimit kConnects{.per_second = 0.5, .burst = 10};

// A participant's connection with the media server, as the meeting knows it.
struct MediaLink {
  std::optional<MediaOffer> offer = {};       // Of their join, until it is used.
  std::optional<AwaitedAnswer> awaited = {};  // Of the last Connect.
  bool held = false;          // By media: it was asked for it, and not to close it since.
  bool answered = false;      // Its owner has the answer: they share a connection.
  SetSending sending = {};    // As media was told last.
  Describe person = {};       // So, too.
  SetSending hosts_let = {};  // What no host has switched off since its owner switched it on.
  TokenBucket connects;
  std::optional<SetView> view = {};
  // As they were told, for who comes back and has missed it.
  std::vector<SlotView> slots = {};     // Those that carry something; no two of one mid.
  std::vector<LayersTold> layers = {};  // No two of one source.
};

}  // namespace parley::meeting

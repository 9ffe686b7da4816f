#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "meeting/answers.h"
#include "meeting/media_requests.h"
#include "meeting/messages.h"
#include "meeting/request.h"
#include "meeting/store_requests.h"

// What the engine says: to whom, or what is to be done.
namespace parley::meeting {

// Goes to each of `to`: encoded once.
struct Tell {
  std::vector<ConnectionId> to = {};
  Event event = {};
  Time due = kAtOnce;  // Inside the engine: until when it may wait for others.

  friend bool operator==(const Tell&, const Tell&) = default;
};

// Acknowledges an event.
struct Answer {
  ConnectionId to = {};
  std::int64_t ack = 0;
  Reply reply = {};

  friend bool operator==(const Answer&, const Answer&) = default;
};

// Lets someone in: acknowledges a join, or is told as the event "admitted". The owner adds the ice
// servers, which depend on how the client reached us.
struct Admit {
  ConnectionId to = {};
  std::optional<std::int64_t> ack = {};
  Welcome welcome = {};

  friend bool operator==(const Admit&, const Admit&) = default;
};

// Acknowledges that a participant asked for ice servers; the owner knows which.
struct GiveIceServers {
  ConnectionId to = {};
  std::int64_t ack = 0;
  std::string sid = {};  // Whose they are to be.

  friend bool operator==(const GiveIceServers&, const GiveIceServers&) = default;
};

// A lost connection leads nowhere any more: nothing will be told to it.
struct Forget {
  ConnectionId connection = {};

  friend bool operator==(const Forget&, const Forget&) = default;
};

// To be carried out in this order; the reply comes back under the ticket.
struct ToStore {
  std::uint64_t ticket = 0;
  std::string room = {};
  StoreRequest request = {};
};

using Output = std::variant<Tell, Answer, Admit, GiveIceServers, Forget, ToStore, ToMedia>;

}  // namespace parley::meeting

#pragma once

#include <cstdint>
#include <optional>

#include "base/strong_id.h"

namespace parley::meeting {

// What a participant is reached by: a Socket.IO socket, a WebSocket, or anything else that the
// owner of the engine names so. Ids are not used again.
using ConnectionId = StrongId<struct ConnectionTag>;

// An event of a client that is to be answered.
struct Request {
  ConnectionId connection = {};
  std::optional<std::int64_t> ack = {};  // None: no answer was asked for.
};

}  // namespace parley::meeting

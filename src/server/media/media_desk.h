#pragma once

#include <functional>

#include "meeting/media_requests.h"

namespace parley::server {

// Where the meeting's requests about media are carried out, as seen from the control loop:
// MediaWorkers, or a fake in tests. Everything here is called on that loop.
//
// It knows which worker has which room, and maps names to ids: a room comes into being by its first
// Connect and goes by CloseRoom, or with the Disconnect of its last participant.
class MediaDesk {
 public:
  using OnEvent = std::function<void(meeting::FromMedia event)>;

  // Told before the first request. `on_event` is called on the loop, and never from within
  // carry_out(). What workers still said about a connection that has been replaced, disconnected or
  // closed with its room is dropped here; a Connect is answered even so.
  virtual void set_listener(OnEvent on_event) = 0;

  // In the order of the calls, for each room. Never blocks.
  virtual void carry_out(meeting::ToMedia request) = 0;

 protected:
  ~MediaDesk() = default;
};

}  // namespace parley::server

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "socketio/emitter.h"
#include "socketio/recovery.h"

namespace parley::socketio {

class Namespace;
class Socket;

// Some sockets of a namespace, for one sentence: io.to("room").except(id).emit("event", message).
// The event is encoded once, whatever their number.
class Broadcast : public Emitter<Broadcast> {
 public:
  explicit Broadcast(Namespace& nsp) : nsp_(nsp) {}

  // A room, or a socket's id. Several: whoever is in any of them.
  Broadcast& to(std::string_view room) {
    targets_.rooms.emplace_back(room);
    return *this;
  }
  Broadcast& in(std::string_view room) { return to(room); }
  Broadcast& except(std::string_view room) {
    targets_.excepts.emplace_back(room);
    return *this;
  }
  // Only to those who can get it at once, and never again after a break: a client on long-polling
  // that is not asking at the moment does not get it.
  Broadcast& droppable() {
    droppable_ = true;
    return *this;
  }

  void emit_arguments(std::string_view event, Arguments arguments);
  // Waits for all of them.
  void emit_arguments_with_ack(std::string_view event, const Arguments& arguments, Duration timeout,
                               RepliesCall call);

  std::vector<Socket*> sockets() const;  // Valid until the handler returns.
  void join(std::string_view room) const;
  void leave(std::string_view room) const;
  void disconnect() const;

 private:
  Namespace& nsp_;
  Targets targets_;
  bool droppable_ = false;
};

}  // namespace parley::socketio

#include "socketio/broadcast.h"

#include "socketio/namespace.h"
#include "socketio/socket.h"

namespace parley::socketio {

void Broadcast::emit_arguments(std::string_view event, Arguments arguments) {
  nsp_.broadcast(targets_, event, std::move(arguments), droppable_);
}

void Broadcast::emit_arguments_with_ack(std::string_view event, const Arguments& arguments,
                                        Duration timeout, RepliesCall call) {
  nsp_.ask(targets_, event, arguments, timeout, std::move(call));
}

std::vector<Socket*> Broadcast::sockets() const {
  return nsp_.sockets(targets_);
}

void Broadcast::join(std::string_view room) const {
  for (Socket* const socket : sockets()) socket->join(room);
}

void Broadcast::leave(std::string_view room) const {
  for (Socket* const socket : sockets()) socket->leave(room);
}

void Broadcast::disconnect() const {
  for (Socket* const socket : sockets()) socket->disconnect();
}

}  // namespace parley::socketio

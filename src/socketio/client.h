#pragma once

#include <memory>
#include <vector>

#include "socketio/decoder.h"
#include "socketio/engineio/event.h"
#include "socketio/socket.h"

namespace parley::socketio {

// One connection: what its namespaces share.
struct Client {
  engineio::SessionId session = {};
  std::unique_ptr<engineio::Handshake> handshake = {};
  Decoder decoder = {};
  std::vector<std::unique_ptr<Socket>> sockets = {};  // One a namespace; mostly just one.
};

}  // namespace parley::socketio

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/schema.h"
#include "socketio/engineio/event.h"
#include "socketio/packet.h"

namespace parley::socketio {

class Server;
class Socket;

// Names a socket even when it is gone: sockets come and go, and what waits for one must not dangle.
struct SocketRef {
  std::shared_ptr<Server*> server = {};  // Points to null once the server is gone.
  engineio::SessionId session = {};
  std::uint64_t serial = 0;  // Of all sockets that the server ever had.

  Socket* find() const;  // Null when it is gone.
};

// What one argument of emit(), or a handler's return value, is on the wire.
template <class T>
Json to_argument(T&& value) {
  if constexpr (std::same_as<std::remove_cvref_t<T>, Json>) {
    return std::forward<T>(value);
  } else {
    return to_json(value);
  }
}

template <class... Args>
Arguments to_arguments(Args&&... args) {
  Arguments arguments;
  arguments.reserve(sizeof...(args));
  (arguments.push_back(to_argument(std::forward<Args>(args))), ...);
  return arguments;
}

// The answer that the client may have asked for. It may be kept, and given later; only the first is
// sent, and none when the client did not ask or has gone.
class Acknowledge {
 public:
  Acknowledge() = default;
  Acknowledge(SocketRef socket, std::uint64_t id) : socket_(std::move(socket)), id_(id) {}

  // Whether the client waits for it.
  explicit operator bool() const { return id_.has_value(); }

  template <class... Args>
  void operator()(Args&&... args) {
    if (id_) send(to_arguments(std::forward<Args>(args)...));
  }
  void send(const Arguments& arguments);

 private:
  SocketRef socket_;
  std::optional<std::uint64_t> id_;
};

}  // namespace parley::socketio

#pragma once

#include <any>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "socketio/acknowledge.h"
#include "socketio/broadcast.h"
#include "socketio/disconnect_reason.h"
#include "socketio/emitter.h"
#include "socketio/rooms.h"

namespace parley::socketio {

class Namespace;
struct Client;

// One client in one namespace.
//
// A Socket& that a handler gets is valid until the handler returns, even when it disconnects the
// socket. To come back to it later, keep its id() and ask Namespace::find().
class Socket final : public Emitter<Socket>, public RoomMember {
 public:
  Socket(Namespace& nsp, Client& client, std::uint64_t serial, std::string_view id);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  std::string_view id() const { return {id_.data(), id_.size()}; }
  Namespace& nsp() const { return nsp_; }
  // The request that opened the connection, which the namespaces share. Valid while connected.
  const engineio::Handshake& handshake() const;
  // What the client said when it joined the namespace: an object. Kept until the handlers of the
  // connection have returned; null from then on.
  const Json& auth() const;
  bool connected() const { return state_ == State::kConnected; }
  // Whether it is the same socket as before a short break; it then is in its rooms, with its data.
  bool recovered() const { return recovered_; }

  // What the application keeps with the socket: one value, made the first time it is asked for.
  template <class T>
  T& data() {
    if (std::any_cast<T>(&data_) == nullptr) data_.emplace<T>();
    return *std::any_cast<T>(&data_);
  }

  void join(std::string_view room);
  void leave(std::string_view room);

  // The others: of a room, but those in a room, all.
  Broadcast to(std::string_view room);
  Broadcast except(std::string_view room);
  Broadcast broadcast();

  void disconnect();             // Leaves this namespace.
  void disconnect_connection();  // Ends the client's connection, and with it all its sockets.

  void emit_arguments(std::string_view event, Arguments arguments);
  void emit_arguments_with_ack(std::string_view event, const Arguments& arguments, Duration timeout,
                               AckCall call);

  SocketRef ref() const;

 private:
  friend class Namespace;
  friend class Server;
  friend class Next;
  friend class Acknowledge;
  friend struct SocketRef;
  enum class State : std::uint8_t { kConnecting, kConnected, kDisconnected };

  void send(const Encoded& packet) const;

  Namespace& nsp_;
  Client& client_;
  std::uint64_t serial_;
  std::array<char, 20> id_;
  State state_ = State::kConnecting;
  bool recovered_ = false;
  bool leaving_ = false;     // Being disconnected: the handlers of that are told once.
  std::uint32_t mark_ = 0;   // The last delivery that passed here: nobody gets one twice.
  std::uint32_t place_ = 0;  // In the namespace's list.
  std::any data_;
  std::vector<std::uint64_t> acks_;  // The acknowledgements that are awaited of it.
  std::unique_ptr<Json> auth_;
  std::unique_ptr<std::string> private_id_;  // With recovery only.
  std::uint64_t first_offset_ = 0;           // As SavedSocket has it.
};

}  // namespace parley::socketio

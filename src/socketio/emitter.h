#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/time.h"
#include "socketio/acknowledge.h"
#include "socketio/packet.h"

namespace parley::socketio {

// Why a client's acknowledgement will not come.
enum class AckError : std::uint8_t { kTimedOut, kDisconnected };

std::string_view to_string(AckError error);

using AckCall = std::move_only_function<void(std::expected<Arguments, AckError>)>;

// The acknowledgements of a broadcast: of all receivers, or as many as came in time.
struct Replies {
  std::vector<Arguments> arguments = {};  // In the order in which they came.
  std::size_t missing = 0;
};

using RepliesCall = std::move_only_function<void(Replies)>;

namespace emitter {

// Splits emit_with_ack()'s arguments: all but the last two are the event's.
template <class Target, class Tuple, std::size_t... I>
void emit_with_ack(Target& target, std::string_view event, Tuple args, std::index_sequence<I...>) {
  constexpr std::size_t count = sizeof...(I);
  target.emit_arguments_with_ack(event, to_arguments(std::get<I>(args)...), std::get<count>(args),
                                 std::move(std::get<count + 1>(args)));
}

}  // namespace emitter

// The sending half of a face, for whoever has emit_arguments() and emit_arguments_with_ack().
template <class Derived>
class Emitter {
 public:
  // Arguments are what to_json() takes: Json, typed messages, numbers, strings, Json::Binary ...
  template <class... Args>
  void emit(std::string_view event, Args&&... args) {
    derived().emit_arguments(event, to_arguments(std::forward<Args>(args)...));
  }

  // emit_with_ack("question", value, 5s, [](std::expected<Arguments, AckError> answer) {...}); with
  // Replies for a broadcast. The call comes exactly once, unless the server goes away.
  template <class... Args>
  void emit_with_ack(std::string_view event, Args&&... args) {
    static_assert(sizeof...(args) >= 2, "a time-out and a function come last");
    emitter::emit_with_ack(derived(), event, std::forward_as_tuple(std::forward<Args>(args)...),
                           std::make_index_sequence<sizeof...(args) - 2>());
  }

 private:
  Derived& derived() { return static_cast<Derived&>(*this); }
};

}  // namespace parley::socketio

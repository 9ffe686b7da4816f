#pragma once

#include <concepts>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/schema.h"
#include "socketio/acknowledge.h"
#include "socketio/packet.h"

// Turns what the application writes into what the server calls:
//
//   [](Socket&, const Join&) -> Answer        checked by from_json(); the value is the
//   acknowledgement
//   [](Socket&, std::string, int)             several arguments, each checked
//   [](Socket&, const Arguments&)             as they came
//   [](Socket&, const Join&, Acknowledge)     answers when it likes
namespace parley::socketio {

class Socket;

// One event of one socket, on its way to its handler.
struct Call {
  Socket& socket;
  std::string_view event = {};
  Arguments& arguments;
  Acknowledge acknowledge = {};
};

using Handler = std::move_only_function<void(Call&)>;

// Answers that an event's arguments are not what its handler takes: as the acknowledgement, or as
// an "error" event where none was asked for. {"ok":false,"error":{"code","field","message"}}
void answer_invalid(Call& call, std::string_view field, std::string_view message);

namespace handler {

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... Args>
struct Signature<R (*)(Args...)> {
  using Result = R;
  using Parameters = std::tuple<Args...>;
};
template <class R, class F, class... Args>
struct Signature<R (F::*)(Args...)> : Signature<R (*)(Args...)> {};
template <class R, class F, class... Args>
struct Signature<R (F::*)(Args...) const> : Signature<R (*)(Args...)> {};

template <class Tuple, std::size_t I>
using Parameter = std::remove_cvref_t<std::tuple_element_t<I, Tuple>>;

template <class Tuple>
consteval bool takes_acknowledge() {
  constexpr std::size_t count = std::tuple_size_v<Tuple>;
  if constexpr (count < 2) {
    return false;
  } else {
    return std::same_as<Parameter<Tuple, count - 1>, Acknowledge>;
  }
}

// How many of the parameters are arguments of the event.
template <class Tuple>
inline constexpr std::size_t kArity = std::tuple_size_v<Tuple> - 1 - takes_acknowledge<Tuple>();

template <class Tuple>
consteval bool takes_raw() {
  if constexpr (kArity<Tuple> == 1) {
    return std::same_as<Parameter<Tuple, 1>, Arguments>;
  } else {
    return false;
  }
}

template <class T>
std::expected<T, FieldError> read_argument(const Arguments& arguments, std::size_t index) {
  static const Json kMissing;
  const Json& argument = index < arguments.size() ? arguments[index] : kMissing;
  if constexpr (std::same_as<T, Json::Binary>) {
    if (const auto* const binary = argument.as_binary()) return *binary;
    return schema::wrong_kind("binary", argument);
  } else {
    return from_json<T>(argument);
  }
}

template <class Result>
Arguments answer_of(Result&& result) {
  if constexpr (std::same_as<std::remove_cvref_t<Result>, Arguments>) {
    return std::forward<Result>(result);
  } else {
    return to_arguments(std::forward<Result>(result));
  }
}

// Calls `f` with the socket, the values, and the acknowledgement where it takes it. Where it does
// not, what it returns is the acknowledgement; of a void function, an empty one.
template <class F, class... Values>
void invoke(F& f, Call& call, Values&&... values) {
  using Of = Signature<F>;
  if constexpr (takes_acknowledge<typename Of::Parameters>()) {
    f(call.socket, std::forward<Values>(values)..., std::move(call.acknowledge));
  } else if constexpr (std::is_void_v<typename Of::Result>) {
    f(call.socket, std::forward<Values>(values)...);
    call.acknowledge.send({});
  } else {
    call.acknowledge.send(answer_of(f(call.socket, std::forward<Values>(values)...)));
  }
}

// Reads the arguments one after the other, and calls when all are what they should be.
template <std::size_t I, class F, class... Values>
void read_and_invoke(F& f, Call& call, Values&&... values) {
  using Tuple = typename Signature<F>::Parameters;
  if constexpr (I == kArity<Tuple>) {
    invoke(f, call, std::forward<Values>(values)...);
  } else {
    auto value = read_argument<Parameter<Tuple, I + 1>>(call.arguments, I);
    if (!value) {
      const std::string place = kArity<Tuple> == 1 ? "" : "[" + std::to_string(I) + "]";
      return answer_invalid(call, schema::join_path(place, value.error().field),
                            value.error().problem);
    }
    read_and_invoke<I + 1>(f, call, std::forward<Values>(values)..., *std::move(value));
  }
}

}  // namespace handler

template <class F>
Handler make_handler(F f) {
  using Tuple = typename handler::Signature<F>::Parameters;
  static_assert(std::same_as<std::tuple_element_t<0, Tuple>, Socket&>,
                "a handler's first parameter is Socket&");
  return [f = std::move(f)](Call& call) mutable {
    if constexpr (handler::takes_raw<Tuple>()) {
      handler::invoke(f, call, call.arguments);
    } else if (call.arguments.size() > handler::kArity<Tuple>) {
      answer_invalid(
          call, "",
          fmt::format("takes {} arguments, not {}", handler::kArity<Tuple>, call.arguments.size()));
    } else {
      handler::read_and_invoke<0>(f, call);
    }
  };
}

}  // namespace parley::socketio

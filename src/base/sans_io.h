#pragma once

#include <concepts>
#include <optional>
#include <utility>

#include "base/time.h"

namespace parley {

// A protocol engine without sockets, threads or clock. Its owner feeds it and drains it:
//
//   handle_input(now, input)     one datagram, frame or command happened
//   handle_timeout(now)          next_deadline() has come
//   poll_output()                the next thing to send or to tell, until it returns nothing
//   next_deadline()              when to come back; kNever if only input can wake it
template <class T>
concept SansIo = requires(T engine, const T& view, Time now, typename T::Input input) {
  { engine.handle_input(now, std::move(input)) } -> std::same_as<void>;
  { engine.handle_timeout(now) } -> std::same_as<void>;
  { engine.poll_output() } -> std::same_as<std::optional<typename T::Output>>;
  { view.next_deadline() } -> std::same_as<Time>;
};

// Hands every pending output to `sink`. Call it after each handle_*(), before waiting again.
template <SansIo T>
void drain(T& engine, std::invocable<typename T::Output> auto&& sink) {
  while (auto output = engine.poll_output()) sink(*std::move(output));
}

}  // namespace parley

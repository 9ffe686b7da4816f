#pragma once

#include <concepts>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/json.h"
#include "socketio/acknowledge.h"
#include "socketio/socket.h"

namespace parley::socketio {

// Why a client may not join a namespace; it gets a connect_error with these.
struct ConnectError {
  std::string message = {};
  Json data = {};
};

using Admission = std::expected<void, ConnectError>;

// Passes a socket on to the next middleware, or refuses it; now or later. Only the first call
// counts, and none once the client has gone.
class Next {
 public:
  Next(SocketRef socket, std::size_t index) : socket_(std::move(socket)), index_(index) {}

  void operator()(Admission admission = {}) const;

 private:
  SocketRef socket_;
  std::size_t index_;  // Of the middleware that called for it.
};

using Middleware = std::move_only_function<void(Socket&, Next)>;

// A middleware decides at once (it returns an Admission) or later (it takes a Next).
template <class F>
Middleware make_middleware(F f) {
  if constexpr (std::invocable<F&, Socket&, Next>) {
    return f;
  } else {
    static_assert(std::convertible_to<std::invoke_result_t<F&, Socket&>, Admission>);
    return [f = std::move(f)](Socket& socket, const Next& next) mutable { next(f(socket)); };
  }
}

}  // namespace parley::socketio

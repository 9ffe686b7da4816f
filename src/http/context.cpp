#include "http/context.h"

#include <chrono>
#include <utility>

#include "base/assert.h"
#include "http/connection.h"
#include "http/response_head.h"

namespace parley::http {

Route::Action* Route::find(Method method) {
  Action* action = &by_method[std::to_underlying(method)];
  if (!action->handler && method == Method::kHead) {
    action = &by_method[std::to_underlying(Method::kGet)];
  }
  if (!action->handler) action = &any;
  return action->handler ? action : nullptr;
}

std::string Route::allowed_methods() const {
  std::string allowed;
  const auto add = [&](Method method) {
    if (!allowed.empty()) allowed += ", ";
    allowed += to_string(method);
  };
  for (std::size_t i = 0; i < by_method.size(); ++i) {
    const auto method = static_cast<Method>(i);
    if (!by_method[i].handler) continue;
    add(method);
    const bool has_head = static_cast<bool>(by_method[std::to_underlying(Method::kHead)].handler);
    if (method == Method::kGet && !has_head) add(Method::kHead);
  }
  return allowed;
}

Context::Context(io::EventLoop& event_loop, WallClock wall_clock, ServerConfig server_config)
    : loop(event_loop),
      config(std::move(server_config)),
      deadline_timer_(loop, [this] { check_deadlines(); }),
      wall_clock_(wall_clock) {}

std::string_view Context::date() {
  if (loop.now() >= date_expires_) {
    using namespace std::chrono;
    const auto since_epoch = wall_clock_().time_since_epoch();
    date_ = http_date(duration_cast<seconds>(since_epoch).count());
    const auto into_second = duration_cast<microseconds>(since_epoch % seconds{1});
    date_expires_ = loop.now() + (seconds{1} - into_second);
  }
  return date_;
}

void Context::set_deadline(Responder::Connection& connection, Time deadline) {
  deadlines_.set(connection, deadline);
  if (deadlines_.next_deadline() >= armed_for_) return;
  armed_for_ = deadlines_.next_deadline();
  deadline_timer_.arm(armed_for_);
}

void Context::check_deadlines() {
  while (Deadlines::Entry* const due = deadlines_.poll(loop.now())) {
    static_cast<Responder::Connection*>(due)->on_deadline();
  }
  armed_for_ = deadlines_.next_deadline();
  deadline_timer_.arm(armed_for_);
}

void Context::add(std::shared_ptr<Responder::Connection> connection) {
  connection->index_ = connections.size();
  set_deadline(*connection, loop.now() + config.header_timeout);
  connections.push_back(std::move(connection));
  ++counters.connections;
  counters.open_connections = connections.size();
}

void Context::remove(Responder::Connection& connection) {
  const std::size_t index = connection.index_;
  PARLEY_ASSERT(index < connections.size() && connections[index].get() == &connection);
  const std::shared_ptr<Responder::Connection> removed = std::move(connections[index]);
  if (index + 1 < connections.size()) {
    connections[index] = std::move(connections.back());
    connections[index]->index_ = index;
  }
  connections.pop_back();
  counters.open_connections = connections.size();
  deadlines_.set(*removed, kNever);
  on_removed(removed->peer().ip);
}

}  // namespace parley::http

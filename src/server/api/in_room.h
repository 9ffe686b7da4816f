#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "server/api/api.h"
#include "server/api/room_access.h"

namespace parley::server {

// The normal form of a room's name; the error is the answer to give.
std::expected<std::string, http::Response> normal_room(std::string_view name);

// Calls `job(store, access)` with the kept room that the call's path names, if `may` says that the
// caller may; then `then(call, value)` with what came of it. Else the call is answered: 404, 403.
template <class Job, class Then>
void in_room(Api& api, Call call, bool (RoomAccess::*may)() const, Job job, Then then) {
  const auto name = normal_room(call.parameter("name"));
  if (!name) return call.send(name.error());
  using Value = typename std::invoke_result_t<Job&, store::Store&, RoomAccess&>::value_type;
  struct Unknown {};
  struct Forbidden {};
  using Outcome = std::variant<Unknown, Forbidden, Value>;
  const store::UserId user = call.user().id;
  api.ask_store(
      std::move(call),
      [name = *name, user, may,
       job = std::move(job)](store::Store& store) mutable -> store::Result<Outcome> {
        auto access = find_kept_room(store, name, user);
        if (!access) return std::unexpected(access.error());
        if (!*access) return Unknown();
        if (!((**access).*may)()) return Forbidden();
        auto value = job(store, **access);
        if (!value) return std::unexpected(value.error());
        return *std::move(value);
      },
      [then = std::move(then)](Call last, Outcome outcome) mutable {
        if (auto* const value = std::get_if<Value>(&outcome)) {
          return then(std::move(last), std::move(*value));
        }
        if (std::holds_alternative<Forbidden>(outcome)) {
          return last.send(forbidden("Only those who run the room may do this."));
        }
        last.send(not_found("No account keeps a room of that name."));
      });
}

}  // namespace parley::server

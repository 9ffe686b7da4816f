#include "server/api/api.h"

#include "account/secrets.h"
#include "account/sessions.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

using http::Response;

constexpr std::size_t kMaxBodyBytes = 16 << 10;  // The longest body has less than 1 KiB.

// An API token's last use is written down no more often than that.
constexpr std::chrono::minutes kUseNoted{5};

bool changes_something(http::Method method) {
  return method != http::Method::kGet && method != http::Method::kHead;
}

store::Result<std::optional<store::User>> user_of(store::Store& store, const store::Digest& digest,
                                                  UnixMillis now) {
  const auto token = store.api_tokens().find_by_digest(digest);
  if (!token) return std::unexpected(token.error());
  if (!*token || ((*token)->expires && *(*token)->expires <= now)) {
    return std::optional<store::User>();
  }
  if (!(*token)->last_used || *(*token)->last_used + kUseNoted <= now) {
    const auto noted = store.api_tokens().set_last_used((*token)->id, now);
    if (!noted) return std::unexpected(noted.error());
  }
  return store.users().find((*token)->user);
}

}  // namespace

void Api::route(http::Method method, std::string_view pattern, For whom, Handler handler) {
  context_.http.route(
      method, pattern,
      [this, whom, method, handler = std::move(handler)](const http::Request& request,
                                                         http::Responder responder) {
        Call call(request, std::move(responder), context_.counters);
        if (changes_something(method) && !context_.origins.allows_change(request)) {
          return call.send(OriginPolicy::refusal());
        }
        if (const auto wait = context_.throttle.ask(context_.loop.now(), call.from())) {
          return call.send(too_many(*wait));
        }
        authenticate(std::move(call), whom, handler);
      },
      kMaxBodyBytes);
}

// The call is the caller's to make, if not too often.
void Api::dispatch(Call call, const Handler& handler) {
  if (call.caller && changes_something(call.method())) {
    const auto wait = context_.throttle.change(context_.loop.now(), call.user().name);
    if (wait) return call.send(too_many(*wait));
  }
  handler(std::move(call));
}

void Api::authenticate(Call call, For whom, const Handler& handler) {
  if (call.bearer().empty()) return authenticate_session(std::move(call), whom, handler);
  authenticate_program(std::move(call), whom, handler);
}

void Api::authenticate_session(Call call, For whom, const Handler& handler) {
  const auto access = context_.identities.access_of(call.cookies());
  if (!access) {
    if (whom != For::kEverybody) return call.send(unauthorized());
    return handler(std::move(call));
  }
  ask_store(
      std::move(call),
      [access = *access](store::Store& store) {
        return account::user_of(store, access, unix_now());
      },
      [this, whom, handler, session = access->session](Call then, std::optional<store::User> user) {
        if (user) then.caller = Caller{.user = *std::move(user), .session = session};
        if (!user && whom != For::kEverybody) return then.send(unauthorized());
        dispatch(std::move(then), handler);
      });
}

void Api::authenticate_program(Call call, For whom, const Handler& handler) {
  const auto secret = account::ApiTokenSecret::parse(call.bearer());
  if (!secret) return call.send(unauthorized());
  ask_store(
      std::move(call),
      [digest = secret->digest](store::Store& store) { return user_of(store, digest, unix_now()); },
      [this, whom, handler](Call then, std::optional<store::User> user) {
        if (!user) return then.send(unauthorized());
        if (whom == For::kPeople) {
          return then.send(forbidden("An API token may not do this; log in for it."));
        }
        then.caller = Caller{.user = *std::move(user)};
        dispatch(std::move(then), handler);
      });
}

Response problem_of(store::Error error) {
  switch (error) {
    case store::Error::kConflict: return conflict("It is there already.");
    case store::Error::kNotFound: return not_found("It is not there any more.");
    case store::Error::kFull:
    case store::Error::kTooMany:
      return Response::problem(409, "Too many", "No more of these can be kept; remove some first.");
    case store::Error::kUnavailable:
      return Response::problem(503, "Unavailable", "The server cannot reach its storage.")
          .with("Retry-After", "5");
  }
  std::unreachable();
}

Response unauthorized() {
  return Response::problem(401, "Not logged in", "Log in, or send an API token that is good.")
      .with("WWW-Authenticate", "Bearer");
}

Response forbidden(std::string_view detail, std::string_view field) {
  return Response::problem(403, "Not allowed", detail, field);
}

Response not_found(std::string_view detail) {
  return Response::problem(404, "Not found", detail);
}

Response conflict(std::string_view detail, std::string_view field) {
  return Response::problem(409, "Taken", detail, field);
}

Response invalid(std::string_view field, std::string_view problem) {
  return http::invalid_field({.field = std::string(field), .problem = std::string(problem)});
}

Response too_many(std::chrono::seconds wait) {
  return Response::problem(429, "Too many attempts", "Try again a little later.")
      .with("Retry-After", std::to_string(wait.count()));
}

Response busy() {
  return Response::problem(503, "Busy", "The server has too much to do just now.")
      .with("Retry-After", "2");
}

}  // namespace parley::server

#include "server/api/auth_routes.h"

#include "account/secrets.h"
#include "http/cookie.h"
#include "meeting/names.h"
#include "server/api/bodies.h"
#include "server/api/views.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

using account::OpenSession;
using http::Method;
using http::Response;
using Users = std::optional<store::User>;

// The same for a wrong name and a wrong password.
Response wrong_credentials() {
  return Response::problem(401, "Not logged in", "Name or password is wrong.");
}

Response not_refreshed() {
  return Response::problem(401, "Not logged in", "The session has ended; log in again.");
}

Json with_user(const store::User& user) {
  return Json::Object{{"user", to_view(user)}};
}

// The user that was checked, if it is still there with the same password.
store::Result<std::optional<OpenSession>> open_checked(store::Store& store, Random& random,
                                                       const store::User& user,
                                                       const std::string& user_agent) {
  const auto now = store.users().find(user.id);
  if (!now) return std::unexpected(now.error());
  if (!*now || (*now)->password_hash != user.password_hash) return std::optional<OpenSession>();
  auto session = account::open_session(store, random, unix_now(), **now, user_agent);
  if (!session) return std::unexpected(session.error());
  return std::optional(*std::move(session));
}

// The session that a browser means: of the refresh token, else of the access token.
store::Result<store::SessionId> session_of(store::Store& store, const std::string& refresh_token,
                                           store::SessionId by_access) {
  const auto token = account::RefreshToken::parse(refresh_token);
  if (!token) return by_access;
  const auto session = store.sessions().find_by_family(token->family);
  if (!session) return std::unexpected(session.error());
  return *session ? (*session)->id : by_access;
}

}  // namespace

void AuthRoutes::add() {
  using enum Api::For;
  const auto on = [this](Method method, std::string_view path, auto handler) {
    api_.route(method, path, kEverybody,
               [this, handler](Call call) { (this->*handler)(std::move(call)); });
  };
  on(Method::kPost, "/api/auth/register", &AuthRoutes::enrol);
  on(Method::kPost, "/api/auth/login", &AuthRoutes::log_in);
  on(Method::kPost, "/api/auth/refresh", &AuthRoutes::refresh);
  on(Method::kPost, "/api/auth/logout", &AuthRoutes::log_out);
  on(Method::kGet, "/api/auth/me", &AuthRoutes::me);
}

void AuthRoutes::enrol(Call call) {
  const ApiContext& context = api_.context();
  if (!context.settings.registration) {
    return call.send(forbidden("Whoever runs this server makes the accounts."));
  }
  auto body = call.body_as<RegisterBody>();
  if (!body) return call.send(body.error());
  if (const auto problem = account::problem_with_name(body->name)) {
    return call.send(invalid("name", *problem));
  }
  if (const auto problem = account::problem_with_password(body->password)) {
    return call.send(invalid("password", *problem));
  }
  auto shown = meeting::normal_name(body->display_name.value_or(body->name));
  if (!shown) return call.send(invalid("displayName", shown.error()));
  if (const auto wait = context.throttle.enrol(context.loop.now(), call.from())) {
    return call.send(too_many(*wait));
  }
  store::User user{.name = body->name, .display_name = *std::move(shown)};
  // Asked before bcrypt is run for nothing; the last word is the store's, when it is added.
  api_.ask_store(
      std::move(call),
      [name = user.name](store::Store& store) { return store.users().find_by_name(name); },
      [this, user, password = std::move(body->password)](Call then, Users taken) {
        if (taken) return then.send(conflict("The name is taken.", "name"));
        api_.work(
            std::move(then), [this, password] { return api_.context().hasher.hash(password); },
            [this, user](Call last, std::string hash) mutable {
              user.password_hash = std::move(hash);
              add_user(std::move(last), std::move(user));
            });
      });
}

void AuthRoutes::add_user(Call call, store::User user) {
  user.created = unix_now();
  api_.ask_store(
      std::move(call),
      [user](store::Store& store) mutable -> store::Result<Users> {
        const auto id = store.users().add(user);
        if (!id && id.error() == store::Error::kConflict) return Users();
        if (!id) return std::unexpected(id.error());
        user.id = *id;
        return Users(user);
      },
      [this](Call then, Users added) {
        if (!added) return then.send(conflict("The name is taken.", "name"));
        ++api_.context().counters.registrations;
        open_session(std::move(then), 201, *added);
      });
}

void AuthRoutes::log_in(Call call) {
  const ApiContext& context = api_.context();
  auto body = call.body_as<LogInBody>();
  if (!body) return call.send(body.error());
  if (const auto wait = context.throttle.log_in(context.loop.now(), call.from(), body->name)) {
    return call.send(too_many(*wait));
  }
  api_.ask_store(
      std::move(call),
      [name = body->name](store::Store& store) { return store.users().find_by_name(name); },
      [this, body = *body](Call then, Users user) {
        const auto hash = user ? std::optional(user->password_hash) : std::nullopt;
        api_.work(
            std::move(then),
            [this, hash, password = body.password] {
              return api_.context().hasher.check(password, hash);
            },
            [this, user, name = body.name](Call last, bool right) {
              const ApiContext& now = api_.context();
              ++(right ? now.counters.log_ins : now.counters.wrong_log_ins);
              if (!right) return last.send(wrong_credentials());
              now.throttle.logged_in(now.loop.now(), last.from(), name);
              open_session(std::move(last), 200, *user);
            });
      });
}

void AuthRoutes::open_session(Call call, int status, const store::User& user) {
  const std::string user_agent = call.user_agent();
  api_.ask_store(
      std::move(call),
      [this, user, user_agent](store::Store& store) {
        return open_checked(store, api_.context().random, user, user_agent);
      },
      [this, status](Call then, const std::optional<OpenSession>& session) {
        if (!session) return then.send(wrong_credentials());
        then.set_access_cookie(api_.context().identities.issue(session->access(unix_now())));
        then.set_refresh_cookie(session->refresh_token);
        then.send(status, with_user(session->user));
      });
}

void AuthRoutes::refresh(Call call) {
  const ApiContext& context = api_.context();
  if (const auto wait = context.throttle.refresh(context.loop.now(), call.from())) {
    return call.send(too_many(*wait));
  }
  const std::string token(http::find_cookie(call.cookies(), kRefreshCookie).value_or(""));
  auto& waiting = refreshing_[token];
  waiting.push_back(std::move(call));
  if (waiting.size() > 1) return;
  context.storage.run(
      [this, token](store::Store& store) {
        return account::refresh_session(store, api_.context().random, unix_now(), token);
      },
      [this, token](store::Result<account::RefreshResult> result) {
        refreshed(token, std::move(result));
      });
}

void AuthRoutes::refreshed(const std::string& token, store::Result<account::RefreshResult> result) {
  auto waiting = std::move(refreshing_.extract(token).mapped());
  Identities& identities = api_.context().identities;
  const auto* const refused = result ? std::get_if<account::NotRefreshed>(&*result) : nullptr;
  if (refused != nullptr && refused->ended) {
    ++api_.context().counters.reused_tokens;
    identities.revoke(*refused->ended);
  }
  for (Call& call : waiting) {
    if (!result) {
      call.send(problem_of(result.error()));
    } else if (const auto* const session = std::get_if<OpenSession>(&*result)) {
      ++api_.context().counters.refreshes;
      call.set_access_cookie(identities.issue(session->access(unix_now())));
      call.set_refresh_cookie(session->refresh_token);
      call.send(200, with_user(session->user));
    } else {
      call.clear_cookies();
      call.send(not_refreshed());
    }
  }
}

void AuthRoutes::log_out(Call call) {
  const std::string token(http::find_cookie(call.cookies(), kRefreshCookie).value_or(""));
  const auto by_access = call.caller ? call.caller->session : store::SessionId();
  api_.ask_store(
      std::move(call),
      [token, by_access](store::Store& store) -> store::Result<store::SessionId> {
        const auto session = session_of(store, token, by_access);
        if (!session || !*session) return session;
        const auto removed = store.sessions().remove(*session);
        if (!removed && removed.error() != store::Error::kNotFound) {
          return std::unexpected(removed.error());
        }
        return session;
      },
      [this](Call then, store::SessionId ended) {
        if (ended) api_.context().identities.revoke(ended);
        then.clear_cookies();
        then.send_nothing();
      });
}

void AuthRoutes::me(Call call) const {
  const Config::Auth& settings = api_.context().settings;
  const Json user = call.caller ? to_view(call.user()) : Json();
  call.send(200, Json::Object{{"user", user},
                              {"guests", settings.guests},
                              {"registration", settings.registration}});
}

}  // namespace parley::server

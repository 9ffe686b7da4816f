#include "server/api/profile_routes.h"

#include <algorithm>

#include "account/sessions.h"
#include "meeting/names.h"
#include "server/api/bodies.h"
#include "server/api/path_id.h"
#include "server/api/views.h"

namespace parley::server {
namespace {

using http::Method;
using Ended = std::vector<store::SessionId>;

// Nothing has changed the password since it was checked.
store::Result<void> expect_same(store::Store& store, const store::User& user) {
  const auto now = store.users().find(user.id);
  if (!now) return std::unexpected(now.error());
  if (!*now || (*now)->password_hash != user.password_hash) {
    return std::unexpected(store::Error::kNotFound);
  }
  return {};
}

}  // namespace

void ProfileRoutes::add() {
  const auto on = [this](Method method, std::string_view path, auto handler) {
    api_.route(method, path, Api::For::kPeople,
               [this, handler](Call call) { (this->*handler)(std::move(call)); });
  };
  on(Method::kPost, "/api/auth/password", &ProfileRoutes::change_password);
  on(Method::kPost, "/api/auth/profile", &ProfileRoutes::change_profile);
  on(Method::kPost, "/api/auth/delete", &ProfileRoutes::remove_account);
  on(Method::kGet, "/api/auth/sessions", &ProfileRoutes::list_sessions);
  on(Method::kDelete, "/api/auth/sessions/{id}", &ProfileRoutes::end_session);
}

void ProfileRoutes::check_password(Call call, std::string_view field, std::string password,
                                   Api::Handler then) {
  const ApiContext& context = api_.context();
  const std::string name = call.user().name;
  if (const auto wait = context.throttle.log_in(context.loop.now(), call.from(), name)) {
    return call.send(too_many(*wait));
  }
  const std::optional<std::string> hash = call.user().password_hash;
  api_.work(
      std::move(call),
      [this, password = std::move(password), hash] {
        return api_.context().hasher.check(password, hash);
      },
      [this, field, name, then = std::move(then)](Call last, bool right) {
        if (!right) return last.send(forbidden("The password is wrong.", field));
        const ApiContext& now = api_.context();
        now.throttle.logged_in(now.loop.now(), last.from(), name);
        then(std::move(last));
      });
}

void ProfileRoutes::change_password(Call call) {
  auto body = call.body_as<PasswordBody>();
  if (!body) return call.send(body.error());
  if (const auto problem = account::problem_with_password(body->next)) {
    return call.send(invalid("new", *problem));
  }
  check_password(std::move(call), "current", std::move(body->current),
                 [this, next = std::move(body->next)](Call then) {
                   api_.work(
                       std::move(then), [this, next] { return api_.context().hasher.hash(next); },
                       [this](Call last, std::string hash) {
                         set_password(std::move(last), std::move(hash));
                       });
                 });
}

void ProfileRoutes::set_password(Call call, std::string hash) {
  const Caller caller = *call.caller;
  api_.ask_store(
      std::move(call),
      [caller, hash = std::move(hash)](store::Store& store) -> store::Result<Ended> {
        if (auto same = expect_same(store, caller.user); !same) {
          return std::unexpected(same.error());
        }
        if (auto set = store.users().set_password_hash(caller.user.id, hash); !set) {
          return std::unexpected(set.error());
        }
        return account::end_sessions(store, caller.user.id, caller.session);
      },
      [this](Call then, const Ended& ended) {
        revoke(ended);
        then.send_nothing();
      });
}

void ProfileRoutes::change_profile(Call call) {
  const auto body = call.body_as<ProfileBody>();
  if (!body) return call.send(body.error());
  auto shown = meeting::normal_name(body->display_name);
  if (!shown) return call.send(invalid("displayName", shown.error()));
  store::User user = call.user();
  user.display_name = *std::move(shown);
  api_.ask_store(
      std::move(call),
      [user](store::Store& store) -> store::Result<store::User> {
        const auto set = store.users().set_display_name(user.id, user.display_name);
        if (!set) return std::unexpected(set.error());
        return user;
      },
      [](Call then, const store::User& changed) {
        then.send(200, Json::Object{{"user", to_view(changed)}});
      });
}

void ProfileRoutes::remove_account(Call call) {
  auto body = call.body_as<DeleteAccountBody>();
  if (!body) return call.send(body.error());
  check_password(std::move(call), "password", std::move(body->password), [this](Call checked) {
    const store::User user = checked.user();
    api_.ask_store(
        std::move(checked),
        [user](store::Store& store) -> store::Result<Ended> {
          if (auto same = expect_same(store, user); !same) return std::unexpected(same.error());
          auto ended = account::end_sessions(store, user.id, {});
          if (!ended) return ended;
          if (auto removed = store.users().remove(user.id); !removed) {
            return std::unexpected(removed.error());
          }
          return ended;
        },
        [this](Call then, const Ended& ended) {
          revoke(ended);
          then.clear_cookies();
          then.send_nothing();
        });
  });
}

void ProfileRoutes::list_sessions(Call call) {
  const auto user = call.user().id;
  api_.ask_store(
      std::move(call), [user](store::Store& store) { return store.sessions().list(user); },
      [](Call then, const std::vector<store::Session>& sessions) {
        Json::Array views;
        for (const store::Session& session : sessions) {
          views.push_back(to_view(session, then.caller->session));
        }
        then.send(200, Json::Object{{"sessions", std::move(views)}});
      });
}

void ProfileRoutes::end_session(Call call) {
  const store::SessionId id{path_id(call.parameter("id"))};
  const auto user = call.user().id;
  api_.ask_store(
      std::move(call),
      [id, user](store::Store& store) -> store::Result<bool> {
        const auto session = store.sessions().find(id);
        if (!session) return std::unexpected(session.error());
        if (!*session || (*session)->user != user) return false;
        if (auto removed = store.sessions().remove(id); !removed) {
          return std::unexpected(removed.error());
        }
        return true;
      },
      [this, id](Call then, bool found) {
        if (!found) return then.send(not_found("You have no such session."));
        revoke({id});
        if (id == then.caller->session) then.clear_cookies();
        then.send_nothing();
      });
}

void ProfileRoutes::revoke(const Ended& ended) {
  for (const store::SessionId session : ended) api_.context().identities.revoke(session);
}

}  // namespace parley::server

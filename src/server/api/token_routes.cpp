#include "server/api/token_routes.h"

#include "account/secrets.h"
#include "meeting/names.h"
#include "server/api/bodies.h"
#include "server/api/path_id.h"
#include "server/api/views.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

using http::Method;

void list(Api& api, Call call) {
  const auto user = call.user().id;
  api.ask_store(
      std::move(call), [user](store::Store& store) { return store.api_tokens().list(user); },
      [](Call then, const std::vector<store::ApiToken>& tokens) {
        Json::Array views;
        for (const store::ApiToken& token : tokens) views.push_back(to_view(token));
        then.send(200, Json::Object{{"tokens", std::move(views)}});
      });
}

void make(Api& api, Call call) {
  const auto body = call.body_as<TokenBody>();
  if (!body) return call.send(body.error());
  auto name = meeting::normal_name(body->name);
  if (!name) return call.send(invalid("name", name.error()));
  const auto secret = account::ApiTokenSecret::make(api.context().random);
  store::ApiToken token{.user = call.user().id,
                        .name = *std::move(name),
                        .digest = secret.digest,
                        .created = unix_now()};
  if (body->expires_in_days)
    token.expires = token.created + std::chrono::days(*body->expires_in_days);
  api.ask_store(
      std::move(call),
      [token](store::Store& store) mutable -> store::Result<store::ApiToken> {
        const auto id = store.api_tokens().add(token);
        if (!id) return std::unexpected(id.error());
        token.id = *id;
        return token;
      },
      [text = secret.text](Call then, const store::ApiToken& made) {
        Json view = to_view(made);
        view.set("token", text);  // Now or never: it is not kept.
        then.send(201, view);
      });
}

void remove(Api& api, Call call) {
  const store::ApiTokenId id{path_id(call.parameter("id"))};
  const auto user = call.user().id;
  api.ask_store(
      std::move(call),
      [id, user](store::Store& store) -> store::Result<bool> {
        const auto removed = store.api_tokens().remove(user, id);
        if (!removed && removed.error() == store::Error::kNotFound) return false;
        if (!removed) return std::unexpected(removed.error());
        return true;
      },
      [](Call then, bool found) {
        if (!found) return then.send(not_found("You have no such token."));
        then.send_nothing();
      });
}

}  // namespace

void add_token_routes(Api& api) {
  const auto on = [&api](Method method, std::string_view path, auto handler) {
    api.route(method, path, Api::For::kPeople,
              [&api, handler](Call call) { handler(api, std::move(call)); });
  };
  on(Method::kGet, "/api/tokens", list);
  on(Method::kPost, "/api/tokens", make);
  on(Method::kDelete, "/api/tokens/{id}", remove);
}

}  // namespace parley::server

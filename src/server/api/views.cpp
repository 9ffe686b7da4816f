#include "server/api/views.h"

#include "base/schema.h"

namespace parley::server {
namespace {

template <class Tag>
Json id(StrongId<Tag> of) {
  return static_cast<std::int64_t>(of.value);
}

}  // namespace

Json to_view(std::optional<UnixMillis> time) {
  if (!time) return {};
  return static_cast<std::int64_t>(time->time_since_epoch().count());
}

Json to_view(const store::User& user) {
  return Json::Object{{"id", id(user.id)}, {"name", user.name}, {"displayName", user.display_name}};
}

Json to_view(const store::Session& session, store::SessionId current) {
  return Json::Object{{"id", id(session.id)},
                      {"current", session.id == current},
                      {"userAgent", session.user_agent},
                      {"created", to_view(session.created)},
                      {"refreshed", to_view(session.refreshed)},
                      {"expires", to_view(session.expires)}};
}

Json to_view(const store::ApiToken& token) {
  return Json::Object{{"id", id(token.id)},
                      {"name", token.name},
                      {"created", to_view(token.created)},
                      {"expires", to_view(token.expires)},
                      {"lastUsed", to_view(token.last_used)}};
}

Json to_view(const store::Room& room, std::optional<store::Role> you) {
  Json view = to_json(room.settings);
  view.set("name", room.name);
  view.set("created", to_view(room.created));
  view.set("lastUsed", to_view(room.last_used));
  view.set("you", you ? to_json(*you) : Json());
  return view;
}

}  // namespace parley::server

#include "account/sessions.h"

#include <algorithm>

#include "account/secrets.h"
#include "crypto/hash.h"

namespace parley::account {
namespace {

// Enough to tell one browser from another. It is shown to its user alone.
constexpr std::size_t kMaxUserAgentBytes = 256;

}  // namespace

store::Result<OpenSession> open_session(store::Store& store, Random& random, UnixMillis now,
                                        const store::User& user, std::string_view user_agent) {
  RefreshToken token = RefreshToken::first(random);
  const auto id =
      store.sessions().add({.user = user.id,
                            .family = token.family,
                            .refresh = token.digest,
                            .created = now,
                            .refreshed = now,
                            .expires = now + kRefreshLifetime,
                            .user_agent = std::string(user_agent.substr(0, kMaxUserAgentBytes))});
  if (!id) return std::unexpected(id.error());
  return OpenSession{.user = user, .id = *id, .refresh_token = std::move(token.text)};
}

store::Result<RefreshResult> refresh_session(store::Store& store, Random& random, UnixMillis now,
                                             std::string_view text) {
  const auto token = RefreshToken::parse(text);
  if (!token) return NotRefreshed{};
  const auto session = store.sessions().find_by_family(token->family);
  if (!session) return std::unexpected(session.error());
  if (!*session || (*session)->expires <= now) return NotRefreshed{};
  if (!crypto::constant_time_equal(token->digest, (*session)->refresh)) {
    if (auto removed = store.sessions().remove((*session)->id); !removed) {
      return std::unexpected(removed.error());
    }
    return NotRefreshed{.ended = (*session)->id};
  }
  auto user = store.users().find((*session)->user);
  if (!user) return std::unexpected(user.error());
  if (!*user) return NotRefreshed{};
  RefreshToken next = token->next(random);
  const auto kept =
      store.sessions().refresh((*session)->id, next.digest, now, now + kRefreshLifetime);
  if (!kept) return std::unexpected(kept.error());
  return OpenSession{
      .user = **std::move(user), .id = (*session)->id, .refresh_token = std::move(next.text)};
}

store::Result<std::optional<store::User>> user_of(store::Store& store, const Access& access,
                                                  UnixMillis now) {
  const auto session = store.sessions().find(access.session);
  if (!session) return std::unexpected(session.error());
  if (!*session || (*session)->user != access.user || (*session)->expires <= now) {
    return std::optional<store::User>();
  }
  return store.users().find(access.user);
}

store::Result<std::vector<store::SessionId>> end_sessions(store::Store& store, store::UserId user,
                                                          store::SessionId except) {
  const auto sessions = store.sessions().list(user);
  if (!sessions) return std::unexpected(sessions.error());
  if (auto removed = store.sessions().remove_all(user, except); !removed) {
    return std::unexpected(removed.error());
  }
  std::vector<store::SessionId> ended;
  for (const store::Session& session : *sessions) {
    if (session.id != except) ended.push_back(session.id);
  }
  return ended;
}

}  // namespace parley::account

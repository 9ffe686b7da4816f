#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_session() reads, in its order.
#define PARLEY_SESSION                                                                        \
  "SELECT id, user, family, refresh, previous, created, refreshed, expires, user_agent FROM " \
  "sessions "

Session read_session(Row& row) {
  return {.id = row.id<SessionId>(),
          .user = row.id<UserId>(),
          .family = row.digest(),
          .refresh = row.digest(),
          .previous = row.optional_digest(),
          .created = row.time(),
          .refreshed = row.time(),
          .expires = row.time(),
          .user_agent = row.text()};
}

}  // namespace

Result<SessionId> Sessions::add(const Session& session) {
  return db_.transaction([&]() -> Result<SessionId> {
    const auto dropped = db_.run(
        "DELETE FROM sessions WHERE id IN"
        " (SELECT id FROM sessions WHERE user = ? ORDER BY refreshed DESC LIMIT -1 OFFSET ?)",
        {session.user, limits_.sessions_per_user - 1});
    if (!dropped) return std::unexpected(dropped.error());
    return db_.insert<SessionId>(
        "INSERT INTO sessions"
        " (user, family, refresh, previous, created, refreshed, expires, user_agent)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {session.user, session.family, session.refresh, session.previous, session.created,
         session.refreshed, session.expires, session.user_agent});
  });
}

Result<std::optional<Session>> Sessions::find(SessionId id) {
  return db_.one(PARLEY_SESSION "WHERE id = ?", {id}, read_session);
}

Result<std::optional<Session>> Sessions::find_by_family(const Digest& family) {
  return db_.one(PARLEY_SESSION "WHERE family = ?", {family}, read_session);
}

Result<std::vector<Session>> Sessions::list(UserId user) {
  return db_.all(PARLEY_SESSION "WHERE user = ? ORDER BY refreshed DESC, id DESC", {user},
                 read_session);
}

Result<void> Sessions::refresh(SessionId id, const Digest& next, UnixMillis now,
                               UnixMillis expires) {
  return db_.change(
      "UPDATE sessions SET previous = refresh, refresh = ?, refreshed = ?, expires = ?"
      " WHERE id = ?",
      {next, now, expires, id});
}

Result<void> Sessions::remove(SessionId id) {
  return db_.change("DELETE FROM sessions WHERE id = ?", {id});
}

Result<void> Sessions::remove_all(UserId user, SessionId except) {
  const auto removed =
      db_.run("DELETE FROM sessions WHERE user = ? AND id IS NOT ?", {user, except});
  if (!removed) return std::unexpected(removed.error());
  return {};
}

Result<std::size_t> Sessions::remove_expired(UnixMillis now) {
  const auto removed = db_.run("DELETE FROM sessions WHERE expires <= ?", {now});
  if (!removed) return std::unexpected(removed.error());
  return static_cast<std::size_t>(*removed);
}

}  // namespace parley::store::sqlite

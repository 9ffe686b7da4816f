#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "account/access_tokens.h"
#include "base/random.h"
#include "store/repositories.h"

// Being logged in, from the log-in on one device to its end: what is done in the store for it.
namespace parley::account {

inline constexpr std::chrono::days kRefreshLifetime{30};  // From each refresh on.

struct OpenSession {
  store::User user = {};
  store::SessionId id = {};
  std::string refresh_token = {};

  Access access(UnixMillis now) const {
    return {.user = user.id, .session = id, .account = user.name, .issued = now};
  }
};

store::Result<OpenSession> open_session(store::Store& store, Random& random, UnixMillis now,
                                        const store::User& user, std::string_view user_agent);

// What a refresh token was that refreshed nothing.
struct NotRefreshed {
  // The session that ended, because this token of its family was used before: either it was stolen,
  // or its thief was faster. None where the token is of no session.
  std::optional<store::SessionId> ended = {};
};
using RefreshResult = std::variant<OpenSession, NotRefreshed>;

// Each token is good once, and gives the next. Two uses of one are never both honest: pages of one
// browser take turns, and requests that are under way at the same time are one use
// (server::RefreshDesk).
store::Result<RefreshResult> refresh_session(store::Store& store, Random& random, UnixMillis now,
                                             std::string_view token);

// Who that is now, if the session is still open.
store::Result<std::optional<store::User>> user_of(store::Store& store, const Access& access,
                                                  UnixMillis now);

// Ends all sessions of that user but `except`, and says which they were.
store::Result<std::vector<store::SessionId>> end_sessions(store::Store& store, store::UserId user,
                                                          store::SessionId except);

}  // namespace parley::account

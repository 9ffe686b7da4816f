#include "store/sqlite/migrations.h"

#include <fmt/core.h>

#include <array>

namespace parley::store::sqlite {
namespace {

// What a release wrote is in use somewhere: a step is never changed, only followed by another.
//
// AUTOINCREMENT: an id is not given again, so an old token cannot speak for a new user.
constexpr std::array<const char*, 3> kSteps = {R"sql(
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  family BLOB NOT NULL UNIQUE CHECK (length(family) = 32),
  refresh BLOB NOT NULL CHECK (length(refresh) = 32),
  previous BLOB CHECK (length(previous) = 32),
  created INTEGER NOT NULL,
  refreshed INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user, refreshed);
CREATE INDEX sessions_by_expires ON sessions (expires);

CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  created INTEGER NOT NULL,
  expires INTEGER,
  last_used INTEGER
) STRICT;
CREATE INDEX api_tokens_by_user ON api_tokens (user);

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  owner INTEGER REFERENCES users ON DELETE CASCADE,
  locked INTEGER NOT NULL,
  waiting_room INTEGER NOT NULL,
  members_only INTEGER NOT NULL,
  microphone INTEGER NOT NULL,
  camera INTEGER NOT NULL,
  screen INTEGER NOT NULL,
  chat INTEGER NOT NULL,
  todo INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT;
CREATE INDEX rooms_by_owner ON rooms (owner, last_used);

CREATE TABLE memberships (
  room INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('cohost', 'participant')),
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_user ON memberships (user);

CREATE TABLE chat (
  room INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  sid TEXT NOT NULL,
  name TEXT NOT NULL,
  account INTEGER REFERENCES users ON DELETE SET NULL,
  text TEXT NOT NULL,
  to_sid TEXT,
  to_name TEXT,
  to_account INTEGER REFERENCES users ON DELETE SET NULL,
  reply_to INTEGER,
  at INTEGER NOT NULL,
  edited INTEGER,
  deleted INTEGER NOT NULL,
  PRIMARY KEY (room, id)
) STRICT;
CREATE UNIQUE INDEX chat_by_key ON chat (room, key, sid);
CREATE INDEX chat_by_account ON chat (account) WHERE account IS NOT NULL;
CREATE INDEX chat_by_to_account ON chat (to_account) WHERE to_account IS NOT NULL;

CREATE TABLE todo (
  room INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  id TEXT NOT NULL,
  text TEXT NOT NULL,
  done INTEGER NOT NULL,
  assignee TEXT,
  position TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  text_changed INTEGER NOT NULL,
  done_changed INTEGER NOT NULL,
  assignee_changed INTEGER NOT NULL,
  position_changed INTEGER NOT NULL,
  PRIMARY KEY (room, id)
) STRICT, WITHOUT ROWID;
)sql",
                                               R"sql(
ALTER TABLE rooms ADD COLUMN lecture INTEGER NOT NULL DEFAULT 0;
)sql",
                                               R"sql(
ALTER TABLE rooms ADD COLUMN last_question INTEGER NOT NULL DEFAULT 0;

CREATE TABLE questions (
  room INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  sid TEXT NOT NULL,
  name TEXT NOT NULL,
  account INTEGER REFERENCES users ON DELETE SET NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'answered', 'dismissed')),
  votes INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (room, id)
) STRICT;
CREATE UNIQUE INDEX questions_by_key ON questions (room, key, sid);
CREATE INDEX questions_by_account ON questions (account) WHERE account IS NOT NULL;

CREATE TABLE question_votes (
  room INTEGER NOT NULL,
  question INTEGER NOT NULL,
  voter TEXT NOT NULL,
  PRIMARY KEY (room, question, voter),
  FOREIGN KEY (room, question) REFERENCES questions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)sql"};

constexpr std::int64_t kApplicationId = 0x5061726C;  // "Parl", in the header of the file.

std::unexpected<std::string> broken(const Database& database) {
  return std::unexpected(
      fmt::format("{} cannot be used: {}. If it is damaged, put a backup in its place.",
                  database.file(), database.last_problem()));
}

Result<void> take_step(Database& database, int number) {
  return database.transaction([&]() -> Result<void> {
    const auto step = static_cast<std::size_t>(number - 1);
    if (auto done = database.script(kSteps[step]); !done) return done;
    if (number == 1) {
      const auto sign = fmt::format("PRAGMA application_id = {}", kApplicationId);
      if (auto done = database.script(sign.c_str()); !done) return done;
    }
    return database.script(fmt::format("PRAGMA user_version = {}", number).c_str());
  });
}

}  // namespace

int newest_schema() {
  return static_cast<int>(kSteps.size());
}

std::expected<void, std::string> migrate(Database& database, int target) {
  const auto version = database.number("PRAGMA user_version");
  const auto application = database.number("PRAGMA application_id");
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!version || !application || !tables) return broken(database);
  const bool empty = *version == 0 && *application == 0 && *tables == 0;
  if (!empty && *application != kApplicationId) {
    return std::unexpected(
        fmt::format("{} is a database of another program; see --data.", database.file()));
  }
  if (*version > newest_schema()) {
    return std::unexpected(
        fmt::format("{} was written by a newer Parley (schema {}, and this one knows {}): "
                    "run that one, or restore an older backup.",
                    database.file(), *version, newest_schema()));
  }
  for (int next = static_cast<int>(*version) + 1; next <= target; ++next) {
    if (!take_step(database, next)) return broken(database);
  }
  return {};
}

}  // namespace parley::store::sqlite

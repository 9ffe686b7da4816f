#include "store/sqlite/migrations.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "store/test_store.h"

namespace parley::store::sqlite {
namespace {

std::unique_ptr<Database> in_memory() {
  return Database::open(":memory:").value();
}

// The tables and indexes, as SQL.
std::vector<std::string> schema(Database& database) {
  return database
      .all("SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_schema ORDER BY 1", {},
           [](Row& row) { return row.text(); })
      .value();
}

TEST(Migrations, LeadFromEveryVersionToTheSameTables) {
  const auto fresh = in_memory();
  ASSERT_TRUE(migrate(*fresh));
  for (int version = 0; version <= newest_schema(); ++version) {
    const auto old = in_memory();
    ASSERT_TRUE(migrate(*old, version));
    EXPECT_EQ(old->number("PRAGMA user_version").value(), version);
    ASSERT_TRUE(migrate(*old));
    EXPECT_EQ(schema(*old), schema(*fresh)) << "from version " << version;
    EXPECT_EQ(old->number("PRAGMA user_version").value(), newest_schema());
  }
}

TEST(Migrations, KeepWhatTheFirstVersionHeld) {
  const auto database = in_memory();
  ASSERT_TRUE(migrate(*database, 1));
  ASSERT_TRUE(
      database->script("INSERT INTO users VALUES (1, 'ada', 'Ada', 'hash', 5);"
                       "INSERT INTO rooms VALUES (1, 'garden', 1, 0, 1, 0, 1, 1, 1, 1, 1, 5, 6);"
                       "INSERT INTO chat (room, id, key, sid, name, text, at, deleted)"
                       " VALUES (1, 1, 'k', 's', 'Ada', 'hello', 7, 0);"));
  ASSERT_TRUE(migrate(*database));
  EXPECT_EQ(database->number("SELECT count(*) FROM users JOIN rooms ON owner = users.id"
                             " JOIN chat ON room = rooms.id WHERE text = 'hello'"),
            1);
}

TEST(Migrations, RefuseADatabaseOfANewerParley) {
  const auto database = in_memory();
  ASSERT_TRUE(migrate(*database));
  ASSERT_TRUE(database->script("PRAGMA user_version = 1000"));
  EXPECT_EQ(migrate(*database).error(),
            fmt::format(":memory: was written by a newer Parley (schema 1000, and this one knows "
                        "{}): run that one, or restore an older backup.",
                        newest_schema()));
}

TEST(Migrations, RefuseADatabaseOfAnotherProgram) {
  const auto database = in_memory();
  ASSERT_TRUE(database->script("CREATE TABLE cookies (id)"));
  EXPECT_EQ(migrate(*database).error(), ":memory: is a database of another program; see --data.");
}

}  // namespace
}  // namespace parley::store::sqlite

#include "store/sqlite/database.h"

#include <gtest/gtest.h>

#include "store/test_store.h"

namespace parley::store::sqlite {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() { EXPECT_TRUE(db_->script("CREATE TABLE t (a TEXT NOT NULL UNIQUE) STRICT")); }

  Result<void> add(std::string_view text) {
    return db_->change("INSERT INTO t (a) VALUES (?)", {text});
  }
  std::int64_t count() { return db_->number("SELECT count(*) FROM t").value(); }

  TemporaryFolder folder_;
  std::unique_ptr<Database> db_ = Database::open(folder_.file("test.db")).value();
};

TEST_F(DatabaseTest, SyncsAtEachCommit) {
  EXPECT_EQ(db_->one("PRAGMA journal_mode", {}, [](Row& row) { return row.text(); }).value(),
            "wal");
  EXPECT_EQ(db_->number("PRAGMA synchronous"), 2);
  EXPECT_EQ(db_->number("PRAGMA foreign_keys"), 1);
}

TEST_F(DatabaseTest, WhatCannotBeSaidIsUnavailableAndHarmsNothing) {
  EXPECT_EQ(db_->run("SELEKT").error(), Error::kUnavailable);
  EXPECT_EQ(add(std::string(2 << 20, 'x')).error(), Error::kUnavailable);  // Past the limit.
  EXPECT_TRUE(add("ada"));
  EXPECT_EQ(add("ada").error(), Error::kConflict);
  EXPECT_EQ(db_->change("DELETE FROM t WHERE a = ?", {std::string_view("bob")}).error(),
            Error::kNotFound);
  EXPECT_EQ(count(), 1);
}

TEST_F(DatabaseTest, AFullDiskUndoesTheTransactionAndNoMore) {
  ASSERT_TRUE(add("before"));
  ASSERT_TRUE(db_->script("PRAGMA max_page_count = 20"));
  const auto full = db_->transaction([&]() -> Result<void> {
    for (int i = 0; i < 1'000; ++i) {
      if (auto added = add(std::to_string(i) + std::string(1'000, 'x')); !added) return added;
    }
    return {};
  });
  EXPECT_EQ(full.error(), Error::kUnavailable);
  EXPECT_EQ(count(), 1);
  ASSERT_TRUE(db_->script("PRAGMA max_page_count = 10000"));
  EXPECT_TRUE(db_->transaction([&] { return add("after"); }));
  EXPECT_EQ(count(), 2);
}

// Some errors end a transaction by themselves.
TEST_F(DatabaseTest, WhatSqliteRolledBackIsNotTakenForKept) {
  const auto outer = db_->transaction([&]() -> Result<void> {
    EXPECT_TRUE(add("ada"));
    EXPECT_TRUE(db_->script("ROLLBACK"));
    EXPECT_EQ(db_->transaction([&] { return add("bob"); }).error(), Error::kUnavailable);
    return {};
  });
  EXPECT_EQ(outer.error(), Error::kUnavailable);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(db_->transaction([&] { return add("carl"); }));
}

TEST_F(DatabaseTest, TwoConnectionsTakeTurns) {
  const auto other = Database::open(db_->file()).value();
  ASSERT_TRUE(db_->transaction([&] { return add("ada"); }));
  ASSERT_TRUE(other->transaction(
      [&] { return other->change("INSERT INTO t (a) VALUES (?)", {std::string_view("bob")}); }));
  EXPECT_EQ(count(), 2);
}

}  // namespace
}  // namespace parley::store::sqlite

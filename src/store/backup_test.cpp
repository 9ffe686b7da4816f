#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/sqlite.h"
#include "store/test_store.h"

namespace parley::store {
namespace {

class BackupTest : public testing::Test {
 protected:
  std::string refusal(const std::string& copy) {
    const auto done = back_up_sqlite(file_, copy);
    return done ? "copied" : done.error();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.file("")),
                      std::filesystem::directory_iterator()));
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.file("parley.db");
  std::string copy_ = folder_.file("copy.db");
};

TEST_F(BackupTest, HoldsWhatTheDatabaseHolds) {
  const auto store = open_sqlite(file_).value();
  ASSERT_TRUE(store->users().add({.name = "ada"}));
  ASSERT_TRUE(back_up_sqlite(file_, copy_));
  struct stat status = {};
  ASSERT_EQ(::stat(copy_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  EXPECT_EQ(files(), 4u) << "the database with its two journals, and the copy";

  ASSERT_TRUE(store->users().add({.name = "bob"}));
  const auto copy = open_sqlite(copy_).value();
  EXPECT_TRUE(copy->users().find_by_name("ada").value().has_value());
  EXPECT_FALSE(copy->users().find_by_name("bob").value().has_value());
}

TEST_F(BackupTest, IsOneStateOfADatabaseThatIsWritten) {
  ASSERT_TRUE(open_sqlite(file_));
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::jthread writer([&] {
    const auto store = open_sqlite(file_).value();
    for (int i = 0; !stop; ++i) {
      ASSERT_TRUE(store->transaction([&]() -> Result<void> {
        EXPECT_TRUE(store->users().add({.name = "first" + std::to_string(i)}));
        EXPECT_TRUE(store->users().add({.name = "second" + std::to_string(i)}));
        return {};
      }));
      ++written;
    }
  });
  for (int round = 0; round < 5; ++round) {
    const int before = written;
    while (written < before + 2) std::this_thread::yield();
    const int acknowledged = written;
    const std::string copy = folder_.file("copy" + std::to_string(round));
    ASSERT_TRUE(back_up_sqlite(file_, copy));
    const auto users = open_sqlite(copy).value()->users().list("", 100'000).value();
    EXPECT_EQ(users.size() % 2, 0u);
    EXPECT_GE(users.size(), 2u * static_cast<std::size_t>(acknowledged));
  }
  stop = true;
}

TEST_F(BackupTest, NeverOverwrites) {
  ASSERT_TRUE(open_sqlite(file_));
  std::ofstream(copy_) << "precious";
  EXPECT_EQ(refusal(copy_), copy_ + " is there already, and is not overwritten.");
  EXPECT_EQ(std::filesystem::file_size(copy_), 8u);
  EXPECT_EQ(refusal(file_), file_ + " is there already, and is not overwritten.");
}

TEST_F(BackupTest, SaysWhatIsWrongAndLeavesNothing) {
  EXPECT_EQ(refusal(copy_), file_ + " cannot be read: No such file or directory.");
  ASSERT_TRUE(open_sqlite(file_));
  const std::string nowhere = folder_.file("none/copy.db");
  EXPECT_EQ(refusal(nowhere), nowhere + " cannot be written: No such file or directory.");
  std::ofstream(file_, std::ios::trunc) << "no database at all, but long enough to be read as one";
  EXPECT_EQ(refusal(copy_), file_ + " cannot be copied: file is not a database.");
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace parley::store

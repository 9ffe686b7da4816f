#include "store/sqlite.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "store/test_store.h"

namespace parley::store {
namespace {

class SqliteTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open() { return open_sqlite(file_).value(); }

  // The sentence with which it is refused.
  std::string refusal() {
    const auto store = open_sqlite(file_);
    return store ? "opened" : store.error();
  }

  std::string read() {
    std::ifstream stream(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void write(std::string_view content) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << content;
  }

  // A database with something in every table, all of it in the one file.
  void sample() {
    const auto store = open();
    const UserId ada = store->users().add({.name = "ada"}).value();
    EXPECT_TRUE(store->sessions().add({.user = ada}));
    EXPECT_TRUE(store->api_tokens().add({.user = ada}));
    const RoomId room = store->rooms().add({.name = "garden", .owner = ada}).value();
    EXPECT_TRUE(store->memberships().put({.room = room, .user = ada}));
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(
          store->chat().add(room, {.key = std::to_string(i), .text = std::string(500, 'x')}));
      EXPECT_TRUE(store->todos().put(room, {.id = std::to_string(i)}));
    }
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.file("parley.db");
};

// Whatever is in the file: it must answer, not crash.
void use_everything(Store& store) {
  std::ignore = store.users().add({.name = "bob"});
  std::ignore = store.users().list("", 100);
  std::ignore = store.users().remove({1});
  std::ignore = store.sessions().list({1});
  std::ignore = store.api_tokens().list({1});
  std::ignore = store.rooms().list({1});
  std::ignore = store.rooms().find_or_add("garden", at(1));
  std::ignore = store.memberships().list({1});
  std::ignore = store.chat().add({1}, {.key = "new", .text = "x"});
  std::ignore = store.chat().history({1}, Person{.sid = "s"}, {}, 100);
  std::ignore = store.todos().list({1});
  std::ignore = store.rooms().remove({1});
}

TEST_F(SqliteTest, FindsWhatWasKeptWhenItIsOpenedAgain) {
  open()->users().add({.name = "ada"}).value();
  EXPECT_TRUE(open()->users().find_by_name("ada").value().has_value());
}

TEST_F(SqliteTest, TheFilesAreForTheirOwnerAlone) {
  const auto store = open();
  ASSERT_TRUE(store->users().add({.name = "ada"}));
  for (const char* const name : {"parley.db", "parley.db-wal", "parley.db-shm"}) {
    struct stat status = {};
    ASSERT_EQ(::stat(folder_.file(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777u, 0600u) << name;
  }
}

TEST_F(SqliteTest, RefusesWhatIsNoDatabaseOfOurs) {
  write("Dear diary, today I set up a meeting server.");
  EXPECT_EQ(refusal(), file_ + " cannot be opened: file is not a database; see --data.");
  file_ = folder_.file("none/parley.db");
  EXPECT_EQ(refusal(), file_ + " cannot be opened: No such file or directory; see --data.");
  file_ = folder_.file(".");
  EXPECT_EQ(refusal(), file_ + " cannot be opened: Is a directory; see --data.");
}

// Whatever the length: a sentence, or a store that works.
TEST_F(SqliteTest, SurvivesEveryTruncation) {
  sample();
  const std::string whole = read();
  ASSERT_GT(whole.size(), 40'000u);
  int refused = 0;
  for (std::size_t size = 0; size < whole.size(); size += 1'023) {
    write(std::string_view(whole).substr(0, size));
    if (auto store = open_sqlite(file_)) {
      use_everything(**store);
    } else {
      ++refused;
      EXPECT_TRUE(store.error().starts_with(file_) && store.error().ends_with('.'))
          << store.error();
    }
  }
  EXPECT_GT(refused, 40);
}

TEST_F(SqliteTest, SurvivesDamage) {
  sample();
  const std::string whole = read();
  std::mt19937 random{1};  // Seeded: the same damage on every run.
  for (int round = 0; round < 100; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 16; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    write(damaged);
    if (auto store = open_sqlite(file_)) use_everything(**store);
    for (const char* const journal : {"-wal", "-shm"}) std::filesystem::remove(file_ + journal);
  }
}

}  // namespace
}  // namespace parley::store

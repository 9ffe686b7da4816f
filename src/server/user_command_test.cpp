#include "server/user_command.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "server/data_directory.h"
#include "store/sqlite.h"

namespace parley::server {
namespace {

using What = UserCommand::What;

class UserCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = (std::filesystem::temp_directory_path() / "parley-users-XXXXXX").string();
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What is printed, or the sentence why not.
  std::string run(What what, std::string name = {}, std::string display_name = {}) {
    UserCommand command{
        .what = what, .name = std::move(name), .display_name = std::move(display_name)};
    command.config.data = folder_ + "/data";
    const auto done = run_user_command(command, hasher_, [this](std::string_view) {
      ++asked_;
      return std::expected<std::string, std::string>(password_);
    });
    return done ? *done : done.error();
  }

  std::unique_ptr<store::Store> open() {
    return store::open_sqlite(database_file(folder_ + "/data")).value();
  }

  std::string folder_;
  SeededRandom random_{1};
  account::PasswordHasher hasher_{random_, 4};
  std::string password_ = "correct horse";
  int asked_ = 0;
};

TEST_F(UserCommandTest, MakesAnAccountInAFreshDirectory) {
  EXPECT_EQ(run(What::kAdd, "ada", "Ada Lovelace"), "The account ada is made.\n");
  EXPECT_EQ(run(What::kAdd, "bob"), "The account bob is made.\n");
  EXPECT_EQ(run(What::kList), "ada\tAda Lovelace\nbob\tbob\n");
  const auto ada = open()->users().find_by_name("ada").value().value();
  EXPECT_TRUE(hasher_.check("correct horse", ada.password_hash));
}

TEST_F(UserCommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(run(What::kAdd, "Ada"), "The name may hold only a-z 0-9 . _ -.");
  EXPECT_EQ(run(What::kAdd, "ada", " "), "The name to show must not be only white space.");
  EXPECT_EQ(run(What::kAdd, "ada", std::string(65, 'x')),
            "The name to show may hold at most 64 bytes.");
  EXPECT_EQ(asked_, 0) << "before it asks for anything";
  password_ = "short";
  EXPECT_EQ(run(What::kAdd, "ada"), "The password must be at least 8 bytes long.");
  EXPECT_EQ(run(What::kPassword, "ada"), "There is no account ada.");
  EXPECT_EQ(run(What::kDelete, "ada"), "There is no account ada.");
  password_ = "correct horse";
  run(What::kAdd, "ada");
  EXPECT_EQ(run(What::kAdd, "ada"), "There is an account ada already.");
  EXPECT_EQ(run(What::kList), "ada\tada\n");
}

TEST_F(UserCommandTest, EndsAllSessionsWithThePassword) {
  run(What::kAdd, "ada");
  const auto store = open();
  const auto ada = store->users().find_by_name("ada").value().value();
  const auto before = store->version().value();
  const auto session = store->sessions().add({.user = ada.id}).value();
  password_ = "battery staple";
  EXPECT_EQ(run(What::kPassword, "ada"),
            "The account ada has a new password, and is logged in nowhere.\n");
  EXPECT_EQ(store->sessions().find(session).value(), std::nullopt);
  EXPECT_NE(store->version().value(), before) << "a server can notice it";
}

TEST_F(UserCommandTest, DeletesAnAccount) {
  run(What::kAdd, "ada");
  EXPECT_EQ(run(What::kDelete, "ada"), "The account ada is deleted.\n");
  EXPECT_EQ(run(What::kList), "");
}

}  // namespace
}  // namespace parley::server

#include "server/turn_users.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

PasswordSource typing(std::string password) {
  return [=](std::string_view) -> std::expected<std::string, std::string> { return password; };
}

std::vector<turn::User> users_of(std::vector<std::string> texts) {
  Config config;
  config.turn.realm = "example.org";
  config.turn.user_texts = std::move(texts);
  keep_turn_keys(config);
  EXPECT_TRUE(config.turn.user_texts.empty());
  return config.turn.users;
}

TEST(TurnUsers, AreKeptByTheirKeys) {
  EXPECT_EQ(users_of({"ada:love:lace", "bob:builder"}),
            (std::vector{turn::make_user("example.org", {"ada", "love:lace"}),
                         turn::make_user("example.org", {"bob", "builder"})}));
}

// The MD5 key is what coturn's turnadmin -k -u ada -r example.org -p lovelace prints.
TEST(TurnUsers, MayComeAsKeysInPlaceOfPasswords) {
  const auto users = users_of({"ada:md5=0x76a3c3b143a322e9562ccb8235a76b95"});
  ASSERT_EQ(users.size(), 1u);
  EXPECT_FALSE(users[0].keys.sha256);
  EXPECT_EQ(users[0].keys.md5, turn::make_keys("example.org", {"ada", "lovelace"}).md5);
}

TEST(TurnUsers, TheCommandPrintsWhatTheConfigurationTakes) {
  TurnKeyCommand command{.name = "ada"};
  command.config.turn.realm = "example.org";
  auto line = run_turn_key_command(command, typing("lovelace")).value();
  ASSERT_TRUE(line.ends_with('\n'));
  line.pop_back();
  EXPECT_EQ(line.find("lovelace"), line.npos);
  EXPECT_EQ(users_of({line}), users_of({"ada:lovelace"}));
}

TEST(TurnUsers, TheCommandSaysWhatIsWrong) {
  EXPECT_EQ(run_turn_key_command({.name = "a:b"}, typing("x")).error(),
            "The name of a TURN user holds at least one character, and no colon.");
  EXPECT_EQ(run_turn_key_command({.name = ""}, typing("x")).error(),
            "The name of a TURN user holds at least one character, and no colon.");
  EXPECT_EQ(run_turn_key_command({.name = "ada"}, typing("")).error(), "The password is empty.");
  const PasswordSource none = [](std::string_view) -> std::expected<std::string, std::string> {
    return std::unexpected("Standard input has no password.");
  };
  EXPECT_EQ(run_turn_key_command({.name = "ada"}, none).error(), "Standard input has no password.");
}

}  // namespace
}  // namespace parley::server

#include "store/test_store.h"

namespace parley::store {
namespace {

class UsersTest : public StoreTest {
 protected:
  const User ada_ = {.name = "ada",
                     .display_name = "Ada Lovelace \U0001F469",
                     .password_hash = "$2b$12$...",
                     .created = at(1)};
};
PARLEY_TEST_EVERY_STORE(UsersTest);

TEST_P(UsersTest, FindsAUserByIdAndByName) {
  const UserId id = store_->users().add(ada_).value();
  User expected = ada_;
  expected.id = id;
  EXPECT_EQ(store_->users().find(id).value(), expected);
  EXPECT_EQ(store_->users().find_by_name("ada").value(), expected);
  EXPECT_EQ(store_->users().find(UserId{id.value + 1}).value(), std::nullopt);
  EXPECT_EQ(store_->users().find_by_name("Ada").value(), std::nullopt);
}

TEST_P(UsersTest, NoTwoHaveTheSameName) {
  store_->users().add(ada_).value();
  EXPECT_EQ(store_->users().add(ada_).error(), Error::kConflict);
}

TEST_P(UsersTest, ChangesWhatMayChange) {
  const UserId id = store_->users().add(ada_).value();
  EXPECT_TRUE(store_->users().set_display_name(id, "Countess"));
  EXPECT_TRUE(store_->users().set_password_hash(id, "$2b$13$..."));
  const User user = store_->users().find(id).value().value();
  EXPECT_EQ(user.display_name, "Countess");
  EXPECT_EQ(user.password_hash, "$2b$13$...");
  const UserId nobody{id.value + 1};
  EXPECT_EQ(store_->users().set_display_name(nobody, "x").error(), Error::kNotFound);
  EXPECT_EQ(store_->users().set_password_hash(nobody, "x").error(), Error::kNotFound);
  EXPECT_EQ(store_->users().remove(nobody).error(), Error::kNotFound);
}

TEST_P(UsersTest, ListsByNamePageByPage) {
  for (const char* const name : {"carl", "ada", "bob"}) add_user(*store_, name);
  const auto page = [&](std::string_view after) {
    std::string names;
    const auto all = store_->users().list(after, 2);
    for (const User& user : *all) names += user.name + " ";
    return names;
  };
  EXPECT_EQ(page(""), "ada bob ");
  EXPECT_EQ(page("bob"), "carl ");
  EXPECT_EQ(page("carl"), "");
}

TEST_P(UsersTest, NeverGivesAnIdAgain) {
  const UserId first = add_user(*store_, "ada");
  ASSERT_TRUE(store_->users().remove(first));
  EXPECT_GT(add_user(*store_, "ada"), first);
}

TEST_P(UsersTest, RefusesMoreThanTheLimit) {
  const auto small = make({.users = 1});
  add_user(*small, "ada");
  EXPECT_EQ(small->users().add({.name = "bob"}).error(), Error::kFull);
}

TEST_P(UsersTest, WithAUserGoesWhatIsTheirs) {
  const UserId ada = add_user(*store_, "ada");
  const UserId bob = add_user(*store_, "bob");
  const RoomId hers = add_room(*store_, "hers", ada);
  const RoomId his = add_room(*store_, "his", bob);
  const Person author{.sid = "s1", .name = "Ada", .account = ada};
  ASSERT_TRUE(store_->sessions().add({.user = ada, .family = digest_of(1)}));
  ASSERT_TRUE(store_->api_tokens().add({.user = ada, .digest = digest_of(2)}));
  ASSERT_TRUE(store_->memberships().put({.room = his, .user = ada, .role = Role::kCohost}));
  ASSERT_TRUE(store_->memberships().put({.room = hers, .user = bob, .role = Role::kCohost}));
  ASSERT_TRUE(store_->chat().add(hers, {.key = "k", .author = author, .text = "here"}));
  const auto said = store_->chat().add(his, {.key = "k", .author = author, .text = "there"});

  ASSERT_TRUE(store_->users().remove(ada));
  EXPECT_EQ(store_->sessions().find_by_family(digest_of(1)).value(), std::nullopt);
  EXPECT_EQ(store_->api_tokens().find_by_digest(digest_of(2)).value(), std::nullopt);
  EXPECT_EQ(store_->rooms().find("hers").value(), std::nullopt);
  EXPECT_TRUE(store_->memberships().list(his).value().empty());
  const auto left = store_->chat().find(his, said->message.id).value();
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(left->author, (Person{.sid = "s1", .name = "Ada"}));
  EXPECT_EQ(left->text, "there");
}

}  // namespace
}  // namespace parley::store

#include <vector>

#include "store/test_store.h"

namespace parley::store {
namespace {

class ChatTest : public StoreTest {
 protected:
  ChatMessage message(std::string key, const Person& author, std::string text = "hello") const {
    return {.key = std::move(key), .author = author, .text = std::move(text), .at = at(1)};
  }
  ChatMessage say(std::string key, const Person& author, std::string text = "hello") {
    return store_->chat().add(room_, message(std::move(key), author, std::move(text)))->message;
  }
  std::vector<std::string> texts(const Person& reader, MessageId before = {},
                                 std::size_t limit = 50) {
    std::vector<std::string> texts;
    const auto all = store_->chat().history(room_, reader, before, limit);
    for (const auto& each : *all) {
      texts.push_back(each.text);
    }
    return texts;
  }

  RoomId room_ = add_room(*store_, "garden");
  UserId user_ = add_user(*store_, "ada");
  Person ada_{.sid = "s-ada", .name = "Ada", .account = user_};
  Person guest_{.sid = "s-guest", .name = "Guest"};
  Person other_{.sid = "s-other", .name = "Other"};
};
PARLEY_TEST_EVERY_STORE(ChatTest);

using Texts = std::vector<std::string>;

TEST_P(ChatTest, KeepsAMessageAsItWasSaid) {
  ChatMessage said{.key = "k1",
                   .author = ada_,
                   .text = std::string("a\0b \U0001F44B", 8),
                   .to = guest_,
                   .reply_to = {7},
                   .at = at(3)};
  const auto added = store_->chat().add(room_, said).value();
  EXPECT_TRUE(added.fresh);
  said.id = {1};
  EXPECT_EQ(added.message, said);
  EXPECT_EQ(store_->chat().find(room_, {1}).value(), said);
  EXPECT_EQ(store_->chat().find(room_, {2}).value(), std::nullopt);
}

TEST_P(ChatTest, IdsRiseWithinARoom) {
  const RoomId elsewhere = add_room(*store_, "kitchen");
  EXPECT_EQ(say("a", guest_).id, MessageId{1});
  EXPECT_EQ(say("b", guest_).id, MessageId{2});
  EXPECT_EQ(store_->chat().add(elsewhere, message("a", guest_))->message.id, MessageId{1});
}

TEST_P(ChatTest, TheSameKeyOfTheSameAuthorIsTheSameMessage) {
  const ChatMessage first = say("k", ada_, "once");
  const auto again = store_->chat().add(room_, message("k", ada_, "twice")).value();
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(again.message, first);

  Person from_another_tab = ada_;
  from_another_tab.sid = "s-ada-2";
  EXPECT_EQ(store_->chat().add(room_, message("k", from_another_tab))->message, first);
  EXPECT_TRUE(store_->chat().add(room_, message("k", guest_))->fresh);
  EXPECT_TRUE(store_->chat().add(room_, message("k", other_))->fresh);
}

TEST_P(ChatTest, PagesBackThroughHistory) {
  for (const char* const text : {"1", "2", "3", "4", "5"}) say(text, guest_, text);
  EXPECT_EQ(texts(other_), (Texts{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(texts(other_, {}, 2), (Texts{"4", "5"}));
  EXPECT_EQ(texts(other_, {4}, 2), (Texts{"2", "3"}));
  EXPECT_EQ(texts(other_, {1}, 2), Texts{});
}

TEST_P(ChatTest, OnlyTheTwoSeeAPrivateMessage) {
  ChatMessage secret = message("k", ada_, "secret");
  secret.to = guest_;
  ASSERT_TRUE(store_->chat().add(room_, secret));
  EXPECT_EQ(texts(ada_), Texts{"secret"});
  EXPECT_EQ(texts(guest_), Texts{"secret"});
  EXPECT_EQ(texts(other_), Texts{});

  // She comes back as someone else in name and sid, and is still the same account.
  EXPECT_EQ(texts({.sid = "s-new", .name = "Ada", .account = user_}), Texts{"secret"});
  EXPECT_EQ(texts({.sid = "s-new", .name = "Ada"}), Texts{});
  EXPECT_EQ(store_->chat().history(room_, std::nullopt, {}, 50)->size(), 1u);
}

TEST_P(ChatTest, AnAccountIsKnownAgainAsReceiver) {
  ChatMessage secret = message("k", guest_, "secret");
  secret.to = ada_;
  ASSERT_TRUE(store_->chat().add(room_, secret));
  EXPECT_EQ(texts({.sid = "s-new", .account = user_}), Texts{"secret"});
  EXPECT_EQ(texts({.sid = "s-new", .account = {user_.value + 1}}), Texts{});
}

TEST_P(ChatTest, AnEditKeepsIdAndPlace) {
  ChatMessage said = say("k", guest_, "helo");
  say("l", guest_, "next");
  said.text = "hello";
  said.edited = at(9);
  EXPECT_EQ(store_->chat().edit(room_, said.id, "hello", at(9)).value(), said);
  EXPECT_EQ(texts(guest_), (Texts{"hello", "next"}));
  EXPECT_EQ(store_->chat().edit(room_, {99}, "x", at(9)).error(), Error::kNotFound);
}

TEST_P(ChatTest, OfADeletedMessageTheTextIsGone) {
  ChatMessage said = say("k", guest_, "secret");
  said.text = "";
  said.deleted = true;
  EXPECT_EQ(store_->chat().remove(room_, said.id).value(), said);
  EXPECT_EQ(store_->chat().edit(room_, said.id, "x", at(9)).error(), Error::kNotFound);
  EXPECT_EQ(store_->chat().find(room_, said.id).value(), said);
  EXPECT_EQ(store_->chat().remove(room_, {99}).error(), Error::kNotFound);
}

TEST_P(ChatTest, TheOldestGoBeyondTheLimit) {
  store_ = make({.messages_per_room = 3});
  room_ = add_room(*store_, "garden");
  for (const char* const text : {"1", "2", "3", "4", "5"}) say(text, guest_, text);
  EXPECT_EQ(texts(guest_), (Texts{"3", "4", "5"}));
}

TEST_P(ChatTest, NeedsARoomThatIsThere) {
  EXPECT_EQ(store_->chat().add({99}, message("k", guest_)).error(), Error::kNotFound);
}

}  // namespace
}  // namespace parley::store

#include "server/meeting_storage.h"

#include <gtest/gtest.h>

#include "server/meeting_binding.h"
#include "server/test_storage.h"

namespace parley::server {
namespace {

using namespace meeting;

constexpr UnixMillis kNow{std::chrono::seconds{1'793'000'000}};

class MeetingStorageTest : public testing::Test {
 protected:
  StoreReply ask(const StoreRequest& request, const std::string& room = "daily") {
    return carry_out(*store_, room, request, kNow);
  }
  template <class T>
  T found(const StoreRequest& request) {
    const StoreReply reply = ask(request);
    EXPECT_TRUE(reply.has_value());
    return std::get<T>(*reply);
  }
  store::UserId add_user(std::string name) {
    return store_->users().add({.name = name, .display_name = name, .created = kNow}).value();
  }
  static store::ChatMessage message(std::string key, std::string text) {
    return {.key = std::move(key),
            .author = {.sid = "a", .name = "Ada"},
            .text = std::move(text),
            .at = kNow};
  }

  std::unique_ptr<store::Store> store_ = store::open_in_memory();
};

TEST_F(MeetingStorageTest, ReadingMakesNoRoom) {
  EXPECT_FALSE(found<RoomRecord>(LoadRoom{}).room);
  EXPECT_TRUE(found<std::vector<store::ChatMessage>>(FindMessages{.limit = 5}).empty());
  EXPECT_FALSE(found<std::optional<store::ChatMessage>>(FindMessage{{1}}));
  EXPECT_TRUE(found<std::vector<store::TodoItem>>(ListItems{}).empty());
  EXPECT_TRUE(found<std::vector<store::TodoItem>>(FindItems{{"tea-0001"}}).empty());
  EXPECT_FALSE(found<std::optional<store::Question>>(FindQuestion{{1}}));
  EXPECT_TRUE(found<std::vector<store::Questions::Seen>>(FindQuestions{.limit = 5}).empty());
  EXPECT_EQ(found<store::Questions::Counted>(CountVotes{{{{1}, "a"}, {{2}, "a"}}}).voted.size(),
            2u);
  EXPECT_TRUE(ask(TouchRoom{kNow}));
  EXPECT_FALSE(store_->rooms().find("daily").value());
}

TEST_F(MeetingStorageTest, WritingMakesARoomWithoutAnOwner) {
  ASSERT_TRUE(ask(SaveSettings{{.locked = true}}));
  const auto record = found<RoomRecord>(LoadRoom{});
  ASSERT_TRUE(record.room);
  EXPECT_FALSE(record.room->owner);
  EXPECT_TRUE(record.room->settings.locked);
  EXPECT_EQ(record.room->last_used, kNow);
  const UnixMillis later = kNow + std::chrono::hours{1};
  ASSERT_TRUE(ask(TouchRoom{later}));
  EXPECT_EQ(found<RoomRecord>(LoadRoom{}).room->last_used, later);
}

TEST_F(MeetingStorageTest, MembersAndOwnersAreKept) {
  const auto ada = add_user("ada");
  const auto bob = add_user("bob");
  const auto room = store_->rooms().add({.name = "daily", .owner = ada}).value();
  ASSERT_TRUE(ask(SaveMember{{.user = bob, .role = Role::kCohost}}));
  EXPECT_EQ(found<RoomRecord>(LoadRoom{}).members,
            (std::vector<store::Membership>{{room, bob, Role::kCohost}}));
  ASSERT_TRUE(ask(SaveOwner{.owner = bob, .before = ada}));
  const auto record = found<RoomRecord>(LoadRoom{});
  EXPECT_EQ(record.room->owner, bob);
  EXPECT_EQ(record.members, (std::vector<store::Membership>{{room, ada, Role::kCohost}}));
}

TEST_F(MeetingStorageTest, MessagesAreAddedOnceEditedAndEmptied) {
  const auto added = found<store::Chat::Added>(AddMessage{message("k", "Hello")});
  EXPECT_TRUE(added.fresh);
  EXPECT_FALSE(found<store::Chat::Added>(AddMessage{message("k", "Hello")}).fresh);
  EXPECT_EQ(found<store::ChatMessage>(EditMessage{added.message.id, "Hi", kNow}).text, "Hi");
  EXPECT_TRUE(found<store::ChatMessage>(RemoveMessage{added.message.id}).deleted);
  EXPECT_EQ(ask(EditMessage{{99}, "Hi", kNow}).error(), store::Error::kNotFound);
  const auto history = found<std::vector<store::ChatMessage>>(
      FindMessages{.reader = store::Person{.sid = "a"}, .limit = 5});
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(found<std::optional<store::ChatMessage>>(FindMessage{added.message.id}), history[0]);
}

TEST_F(MeetingStorageTest, ItemsAreFoundWithThoseRemovedAndListedWithout) {
  const store::TodoItem tea{
      .id = "tea-0001", .text = "Tea", .position = "V", .by = "Ada", .at = kNow};
  const store::TodoItem gone{
      .id = "gone-001", .position = "k", .by = "Ada", .at = kNow, .removed = true};
  ASSERT_TRUE(ask(PutItems{{tea, gone}}));
  EXPECT_EQ(found<std::vector<store::TodoItem>>(ListItems{}), std::vector{tea});
  EXPECT_EQ(found<std::vector<store::TodoItem>>(FindItems{{"tea-0001", "nothing-", "gone-001"}}),
            (std::vector{tea, gone}));
}

TEST_F(MeetingStorageTest, QuestionsAreAddedOnceMovedVotedOnAndRemoved) {
  const store::Question question{
      .key = "k", .author = {.sid = "a", .name = "Ada"}, .text = "Why?", .at = kNow};
  const auto added = found<store::Questions::Added>(AddQuestion{question});
  EXPECT_TRUE(added.fresh);
  EXPECT_FALSE(found<store::Questions::Added>(AddQuestion{question}).fresh);
  const store::QuestionId id = added.question.id;
  EXPECT_EQ(found<store::Questions::Moved>(MoveQuestion{id, store::QuestionState::kOpen}).before,
            store::QuestionState::kWaiting);
  EXPECT_EQ(found<store::Questions::Counted>(CountVotes{{{id, "b"}}}).questions.at(0).votes, 1u);
  EXPECT_EQ(found<std::optional<store::Question>>(FindQuestion{id})->votes, 1u);
  EXPECT_EQ(found<std::vector<store::Questions::Seen>>(FindQuestions{.limit = 5}).size(), 1u);
  EXPECT_EQ(found<store::Question>(RemoveQuestion{id}).id, id);
  EXPECT_EQ(ask(RemoveQuestion{id}).error(), store::Error::kNotFound);
}

// A door that keeps what it is told.
class KeepingDoor final : public Door {
 public:
  std::vector<std::string> told = {};
  std::map<std::int64_t, Json> answers = {};

 private:
  void tell(std::span<const ConnectionId>, std::string_view event, const Json& body) override {
    told.push_back(std::string(event) + " " + body.to_text());
  }
  void answer(ConnectionId, std::int64_t ack, const Json::Written& body) override {
    answers[ack] = Json::parse(body.text).value();
  }
  void forget(ConnectionId) override {}
  std::vector<IceServer> ice_servers(ConnectionId, std::string_view) override { return {}; }
};

TEST(MeetingOnStorage, ToldIsWhatIsOnTheDisk) {
  io::EventLoop loop;
  TestStorage storage(loop);
  SeededRandom random(1);
  KeepingDoor door;
  MeetingBinding meeting(loop, {}, random, &*storage);
  const auto said = [&](ConnectionId who, std::string_view event, std::string_view body,
                        std::int64_t ack) {
    meeting.said(who, event, Json::parse(body).value(), ack);
  };
  const ConnectionId ada = meeting.add(door);
  const ConnectionId bob = meeting.add(door);
  said(ada, "join", R"({"room":"daily","name":"Ada","micinf":true,"vidinf":true})", 1);
  said(bob, "join", R"({"room":"daily","name":"Bob","micinf":true,"vidinf":true})", 2);
  EXPECT_TRUE(door.answers.empty());  // The room is being loaded.
  storage.settle();
  EXPECT_EQ(door.answers.size(), 2u);
  door.told.clear();
  said(ada, "chat", R"({"key":"k","text":"Hello"})", 3);
  EXPECT_TRUE(door.told.empty());
  storage.settle();
  EXPECT_TRUE(*door.answers.at(3).find("ok")->as_bool());
  ASSERT_EQ(door.told.size(), 1u);
  EXPECT_TRUE(door.told[0].starts_with("chat ")) << door.told[0];
}

TEST(MeetingOnStorage, TheVerifierSaysWhatATokenIsGoodFor) {
  io::EventLoop loop;
  SeededRandom random(1);
  KeepingDoor door;
  MeetingBinding meeting(loop, {}, random);
  meeting.set_token_verifier([](std::string_view token) -> std::optional<JoinClaim> {
    if (token != "good") return std::nullopt;
    return JoinClaim{.room = "daily", .name = "Bob", .role = Role::kCohost};
  });
  const auto join = [&](std::string_view token, std::int64_t ack) {
    Json body = Json::parse(R"({"room":"daily","name":"B","micinf":true,"vidinf":true})").value();
    body.set("token", token);
    meeting.said(meeting.add(door), "join", std::move(body), ack);
    return door.answers.at(ack);
  };
  EXPECT_EQ(*join("bad", 1).find("error")->find("code")->as_string(), "bad-token");
  EXPECT_EQ(*join("good", 2).find("name")->as_string(), "Bob");
}

}  // namespace
}  // namespace parley::server

#include "meeting/chat_desk.h"

#include "meeting/test_meeting.h"

// The chat, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class ChatTest : public MeetingTest {
 protected:
  void SetUp() override {
    ada_ = join(kAda, "Ada").sid;
    bob_ = join(kBob, "Bob").sid;
    cy_ = join(kCy, "Cy").sid;
    forget();
  }

  Json send(ConnectionId who, std::string_view key, std::string_view text,
            std::string_view more = {}) {
    Json body = Json::parse(fmt::format(R"({{"key":"{}"{}}})", key, more)).value();
    body.set("text", text);
    return clients().ask_with(who, "chat", std::move(body));
  }
  std::int64_t id_of(const Json& answer) { return *answer.find("message")->find("id")->as_int(); }

  std::vector<std::string> texts(ConnectionId who, std::string_view body = "{}") {
    const Json answer = ask(who, "chatHistory", body);
    std::vector<std::string> texts;
    for (const Json& message : *answer.find("messages")->as_array()) {
      texts.push_back(text(message, "text"));
    }
    if (*answer.find("more")->as_bool()) texts.push_back("...");
    return texts;
  }

  std::string ada_, bob_, cy_;
};

TEST_F(ChatTest, AMessageIsAnsweredAndToldAsItIsKept) {
  const Json answer = send(kBob, "k-1", "Hello!");
  const std::string message = fmt::format(
      R"({{"id":1,"key":"k-1","sid":"{}","name":"Bob","account":null,"text":"Hello!","to":null,)"
      R"("replyTo":null,"at":3600000,"edited":null,"deleted":false}})",
      bob_);
  EXPECT_EQ(answer.to_text(), R"({"ok":true,"message":)" + message + "}");
  for (const ConnectionId other : {kAda, kCy}) {
    EXPECT_EQ(clients().heard(other), Heard{R"(chat {"message":)" + message + "}"});
  }
  EXPECT_EQ(clients().heard(kBob), Heard{});
}

TEST_F(ChatTest, NobodyHearsWhatIsNotStored) {
  clients().hold_store();
  EXPECT_EQ(code(send(kBob, "k-1", "Hello!")), "none");
  const std::int64_t ack = clients().last_ack();
  EXPECT_EQ(clients().heard(kAda), Heard{});
  clients().release_store();
  EXPECT_EQ(code(clients().answer_to(ack)), "ok");
  EXPECT_EQ(names_heard(kAda), Heard{"chat"});
  store().failing = true;
  EXPECT_EQ(code(send(kBob, "k-2", "Hello?")), "unavailable");
  EXPECT_EQ(clients().heard(kAda), Heard{});
}

TEST_F(ChatTest, TheSameKeyIsTheSameMessage) {
  const Json first = send(kBob, "k-1", "Hello!");
  forget();
  EXPECT_EQ(send(kBob, "k-1", "Hello!"), first);
  EXPECT_EQ(clients().heard(kAda), Heard{});
  EXPECT_EQ(code(send(kCy, "k-1", "Mine")), "ok");  // Keys are each author's own.
  EXPECT_EQ(texts(kAda), (std::vector<std::string>{"Hello!", "Mine"}));
}

TEST_F(ChatTest, AllHearMessagesInOneOrderHoweverManyAreUnderWay) {
  clients().hold_store();
  for (int i = 0; i < 5; ++i)
    send(i % 2 == 0 ? kBob : kCy, fmt::format("k{}", i), fmt::format("{}", i));
  EXPECT_EQ(clients().asked(), 1u);  // One at a time.
  clients().release_store();
  const Heard told = heard(kAda, "chat");
  ASSERT_EQ(told.size(), 5u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(told[static_cast<std::size_t>(i)].find(fmt::format(R"("text":"{}")", i)),
              std::string::npos);
  }
}

TEST_F(ChatTest, APrivateMessageIsSeenByTheTwo) {
  const Json answer = send(kBob, "k-1", "psst", fmt::format(R"(,"to":"{}")", cy_));
  EXPECT_EQ(answer.find("message")->find("to")->to_text(),
            fmt::format(R"({{"sid":"{}","name":"Cy"}})", cy_));
  EXPECT_EQ(names_heard(kCy), Heard{"chat"});
  EXPECT_EQ(names_heard(kAda), Heard{});
  EXPECT_EQ(texts(kAda), std::vector<std::string>{});
  EXPECT_EQ(texts(kBob), std::vector<std::string>{"psst"});
  EXPECT_EQ(texts(kCy), std::vector<std::string>{"psst"});
  EXPECT_EQ(try_to(kAda, "chatDelete", R"({"id":1})"), "no-such-message");  // Not even a host.
  EXPECT_EQ(code(send(kAda, "k", "re", R"(,"replyTo":1)")), "no-such-message replyTo");
  EXPECT_EQ(try_to(kBob, "chatEdit", R"({"id":1,"text":"psst!"})"), "ok");
  EXPECT_EQ(names_heard(kCy), Heard{"chatChanged"});
  EXPECT_EQ(names_heard(kAda), Heard{});
}

TEST_F(ChatTest, OnePrivateMessageReachesAllDevicesOfAnAccount) {
  log_in(kDan, 9);
  log_in(kBobAgain, 9);
  const std::string dan = join(kDan, "Dan").sid;
  join(kBobAgain, "Dan's phone");
  forget();
  send(kAda, "k-1", "psst", fmt::format(R"(,"to":"{}")", dan));
  EXPECT_EQ(names_heard(kDan), Heard{"chat"});
  EXPECT_EQ(names_heard(kBobAgain), Heard{"chat"});
  EXPECT_EQ(texts(kBobAgain), std::vector<std::string>{"psst"});
}

TEST_F(ChatTest, NobodyIsWrittenToWhoIsNotThere) {
  EXPECT_EQ(code(send(kBob, "k", "x", R"(,"to":"nobody")")), "no-such-participant to");
  EXPECT_EQ(code(send(kBob, "k", "x", fmt::format(R"(,"to":"{}")", bob_))),
            "no-such-participant to");
}

TEST_F(ChatTest, AReplyNamesAMessageThatIsThere) {
  send(kAda, "k-1", "Tea?");
  const Json reply = send(kBob, "k-2", "Yes", R"(,"replyTo":1)");
  EXPECT_EQ(*reply.find("message")->find("replyTo")->as_int(), 1);
  EXPECT_EQ(code(send(kBob, "k-3", "Yes", R"(,"replyTo":99)")), "no-such-message replyTo");
}

TEST_F(ChatTest, AuthorsEditAndAuthorsAndHostsDelete) {
  send(kBob, "k-1", "Helo");
  forget();
  EXPECT_EQ(try_to(kCy, "chatEdit", R"({"id":1,"text":"x"})"), "forbidden id");
  EXPECT_EQ(try_to(kAda, "chatEdit", R"({"id":1,"text":"x"})"), "forbidden id");
  EXPECT_EQ(try_to(kCy, "chatDelete", R"({"id":1})"), "forbidden id");
  clients().advance(1s);
  const Json edited = ask(kBob, "chatEdit", R"({"id":1,"text":"Hello"})");
  EXPECT_EQ(*edited.find("message")->find("edited")->as_int(), 3'601'000);
  EXPECT_EQ(names_heard(kCy), Heard{"chatChanged"});
  const Json deleted = ask(kAda, "chatDelete", R"({"id":1})");
  EXPECT_EQ(text(*deleted.find("message"), "text"), "");
  EXPECT_TRUE(*deleted.find("message")->find("deleted")->as_bool());
  EXPECT_EQ(names_heard(kBob), Heard{"chatChanged"});
  EXPECT_EQ(try_to(kBob, "chatEdit", R"({"id":1,"text":"x"})"), "no-such-message");
  EXPECT_EQ(try_to(kBob, "chatDelete", R"({"id":1})"), "no-such-message");
  EXPECT_EQ(try_to(kBob, "chatDelete", R"({"id":7})"), "no-such-message");
}

TEST_F(ChatTest, HistoryComesInPages) {
  for (int i = 1; i <= 7; ++i) send(kBob, fmt::format("k{}", i), fmt::format("{}", i));
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(kAda, R"({"limit":3})"), (Texts{"5", "6", "7", "..."}));
  EXPECT_EQ(texts(kAda, R"({"limit":3,"before":5})"), (Texts{"2", "3", "4", "..."}));
  EXPECT_EQ(texts(kAda, R"({"limit":3,"before":2})"), (Texts{"1"}));
  EXPECT_EQ(texts(kAda, R"({"limit":7})"), (Texts{"1", "2", "3", "4", "5", "6", "7"}));
  EXPECT_EQ(texts(kAda, R"({"before":1})"), Texts{});
}

TEST_F(ChatTest, WhoReadItAtOneTimeAreAnsweredFromOneRead) {
  send(kAda, "k1", "for all");
  send(kAda, "k2", "for Bob", fmt::format(R"(,"to":"{}")", bob_));
  const std::size_t before = store().performed;
  clients().hold_store();
  const std::int64_t first = clients().last_ack() + 1;
  for (const ConnectionId who : {kAda, kBob, kCy}) ask(who, "chatHistory");
  send(kAda, "k3", "later");
  ask(kCy, "chatHistory");
  clients().release_store();
  EXPECT_EQ(store().performed - before, 3u);
  const auto count = [&](std::int64_t ack) {
    return clients().answer_to(ack).find("messages")->as_array()->size();
  };
  EXPECT_EQ(count(first), 2u);
  EXPECT_EQ(count(first + 1), 2u);
  EXPECT_EQ(count(first + 2), 1u);
  EXPECT_EQ(count(first + 4), 2u);  // What was said before they asked is in it.
  EXPECT_EQ(clients().rooms().counters().shared_reads, 2u);
}

// Ada and Bob have said so much to each other that nothing of what Cy may see is in the newest page
// and what is read beyond it.
TEST_F(ChatTest, APageIsFullHoweverMuchOfTheChatIsPrivate) {
  for (int i = 0; i < 5; ++i) send(kAda, fmt::format("a{}", i), fmt::format("{}", i));
  for (int i = 0; i < 60; ++i) {
    send(kAda, fmt::format("b{}", i), "psst", fmt::format(R"(,"to":"{}")", bob_));
  }
  send(kAda, "c", "5");
  EXPECT_EQ(texts(kBob, R"({"limit":3})"), (Heard{"psst", "psst", "5", "..."}));
  EXPECT_EQ(texts(kCy, R"({"limit":3})"), (Heard{"3", "4", "5", "..."}));
  EXPECT_EQ(texts(kCy, R"({"limit":6})"), (Heard{"0", "1", "2", "3", "4", "5"}));

  clients().hold_store();
  const std::int64_t first = clients().last_ack() + 1;
  for (const ConnectionId who : {kBob, kCy, kAda}) ask(who, "chatHistory", R"({"limit":3})");
  clients().release_store();
  EXPECT_EQ(clients().answer_to(first).find("messages")->as_array()->size(), 3u);
  const Json cy = clients().answer_to(first + 1);
  EXPECT_EQ(text(cy.find("messages")->as_array()->at(0), "text"), "3");
  EXPECT_EQ(code(clients().answer_to(first + 2)), "ok");
}

TEST_F(ChatTest, WhoSharesAReadIsAskedForTheirRightsAndHearsOfItsFailure) {
  clients().hold_store();
  const std::int64_t first = clients().last_ack() + 1;
  for (const ConnectionId who : {kAda, kBob, kCy}) ask(who, "chatHistory");
  EXPECT_EQ(try_to(kBob, "leave"), "ok");
  store().failing = true;
  clients().release_store();
  EXPECT_EQ(code(clients().answer_to(first)), "unavailable");
  EXPECT_EQ(code(clients().answer_to(first + 1)), "not-joined");
  EXPECT_EQ(code(clients().answer_to(first + 2)), "unavailable");
}

TEST_F(ChatTest, OutlivesARestartAndItsAuthorsAreKnownAgain) {
  const Welcome dan = join(kDan, "Dan");
  send(kDan, "k-1", "before", fmt::format(R"(,"to":"{}")", bob_));
  restart();
  join(kAda, "Ada");
  EXPECT_EQ(texts(kAda), std::vector<std::string>{});
  join(kDan, "Dan", dan.resume);
  EXPECT_EQ(texts(kDan), std::vector<std::string>{"before"});
  EXPECT_EQ(try_to(kDan, "chatEdit", R"({"id":1,"text":"after"})"), "ok");
}

TEST_F(ChatTest, WhatLooksLikeMarkupIsText) {
  const std::string hostile = "<script>alert(1)</script>\"'&\n<img src=x onerror=alert(1)> \u202E";
  const Json answer = send(kBob, "k", hostile);
  EXPECT_EQ(text(*answer.find("message"), "text"), hostile);
  EXPECT_EQ(texts(kAda), std::vector<std::string>{hostile});
}

TEST_F(ChatTest, EveryFieldIsBounded) {
  EXPECT_EQ(code(send(kBob, "k", std::string(4'000, 'x'))), "ok");
  EXPECT_EQ(code(send(kBob, "k", std::string(4'001, 'x'))), "invalid text");
  EXPECT_EQ(code(send(kBob, "k", " \n\t ")), "invalid text");
  EXPECT_EQ(code(send(kBob, "k", std::string_view("a\0b", 3))), "invalid text");
  EXPECT_EQ(code(send(kBob, "k", "a\x1b[31m")), "invalid text");
  EXPECT_EQ(code(send(kBob, "", "x")), "invalid key");
  EXPECT_EQ(code(send(kBob, std::string(65, 'k'), "x")), "invalid key");
  EXPECT_EQ(code(send(kBob, "k", "x", R"(,"replyTo":0)")), "invalid replyTo");
  EXPECT_EQ(code(send(kBob, "k", "x", R"(,"replyTo":"1")")), "invalid replyTo");
  EXPECT_EQ(try_to(kBob, "chatHistory", R"({"limit":101})"), "invalid limit");
  EXPECT_EQ(try_to(kBob, "chatHistory", R"({"limit":0})"), "invalid limit");
  EXPECT_EQ(try_to(kBob, "chatEdit", R"({"id":-1,"text":"x"})"), "invalid id");
}

TEST_F(ChatTest, WhatWaitsForTheStoreIsBounded) {
  clients().hold_store();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(code(send(kBob, fmt::format("k{}", i), "x")), "none");
  EXPECT_EQ(code(send(kBob, "more", "x")), "too-many-requests");
  EXPECT_EQ(code(send(kCy, "k", "x")), "none");  // Each has a bound of their own.
  clients().release_store();
  EXPECT_EQ(code(send(kBob, "more", "x")), "ok");
}

TEST_F(ChatTest, WhoLeftOrLostTheRightMeanwhileIsRefused) {
  clients().hold_store();
  send(kAda, "k0", "first");
  send(kBob, "k1", "late");
  send(kCy, "k2", "later");
  const std::int64_t bob = clients().last_ack() - 1;
  EXPECT_EQ(try_to(kBob, "leave"), "ok");
  try_to(kAda, "permit",
         fmt::format(R"({{"sid":"{}","permissions":{{"microphone":true,"camera":true,)"
                     R"("screen":true,"chat":false,"todo":true}}}})",
                     cy_));
  clients().release_store();
  EXPECT_EQ(code(clients().answer_to(bob)), "not-joined");
  EXPECT_EQ(code(clients().answer_to(bob + 1)), "forbidden");
  EXPECT_EQ(texts(kAda), std::vector<std::string>{"first"});
}

TEST_F(ChatTest, AllAreAnsweredWhenTheRoomIsGone) {
  clients().hold_store();
  send(kAda, "k0", "first");
  send(kBob, "k1", "late");
  const std::int64_t ack = clients().last_ack();
  try_to(kAda, "end");
  EXPECT_EQ(code(clients().answer_to(ack - 1)), "not-joined");
  EXPECT_EQ(code(clients().answer_to(ack)), "not-joined");
  clients().release_store();
  EXPECT_EQ(clients().rooms().counters().rooms, 0u);
}

}  // namespace
}  // namespace parley::meeting

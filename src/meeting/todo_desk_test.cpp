#include "meeting/todo_desk.h"

#include "meeting/test_meeting.h"

// The to-do list, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class TodoTest : public MeetingTest {
 protected:
  void SetUp() override {
    join(kAda, "Ada");
    join(kBob, "Bob");
    forget();
  }

  Json change(ConnectionId who, std::string_view changes) {
    return ask(who, "todo", fmt::format(R"({{"changes":[{}]}})", changes));
  }
  std::string list(ConnectionId who) { return ask(who, "todoList").find("items")->to_text(); }
};

TEST_F(TodoTest, AChangeIsAnsweredAndToldAsItIsKept) {
  const Json answer =
      change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea","assignee":"Bob","position":"V"})");
  const std::string items = R"([{"id":"tea-0001","text":"Tea","done":false,"assignee":"Bob",)"
                            R"("position":"V","by":"Ada","at":3600000,"removed":false}])";
  EXPECT_EQ(answer.to_text(), R"({"ok":true,"items":)" + items + "}");
  EXPECT_EQ(clients().heard(kBob), Heard{R"(todo {"items":)" + items + "}"});
  EXPECT_EQ(clients().heard(kAda), Heard{});
  EXPECT_EQ(list(kBob), items);
}

TEST_F(TodoTest, WhatTwoDidApartIsMergedFieldByField) {
  change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea"})");
  clients().advance(1min);
  change(kAda, R"({"item":"tea-0001","age":1000,"text":"Green tea"})");
  change(kBob, R"({"item":"tea-0001","age":30000,"text":"Black tea","done":true})");
  EXPECT_NE(list(kAda).find(R"("text":"Green tea","done":true)"), std::string::npos);
}

TEST_F(TodoTest, AllChangesCountOrNone) {
  EXPECT_EQ(code(change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea"},)"
                              R"({"item":"cake-001","age":0,"done":true})")),
            "invalid changes[1].text");
  EXPECT_EQ(list(kAda), "[]");
  EXPECT_EQ(clients().heard(kBob), Heard{});
}

TEST_F(TodoTest, OneItemMayBeChangedTwiceAtOnce) {
  const Json answer = change(kAda, R"({"item":"tea-0001","age":9,"text":"Tea"},)"
                                   R"({"item":"tea-0001","age":1,"done":true})");
  EXPECT_EQ(answer.find("items")->as_array()->size(), 1u);
  EXPECT_TRUE(*answer.find("items")->as_array()->front().find("done")->as_bool());
}

TEST_F(TodoTest, RemovedItemsAreToldOnceAndListedNoMore) {
  change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea"})");
  forget();
  change(kBob, R"({"item":"tea-0001","age":0,"removed":true})");
  EXPECT_NE(clients().heard(kAda).front().find(R"("removed":true)"), std::string::npos);
  EXPECT_EQ(list(kAda), "[]");
  change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea again"})");
  EXPECT_EQ(list(kAda), "[]");
}

TEST_F(TodoTest, TheListIsInTheOrderOfPositions) {
  change(kAda, R"({"item":"item-one","age":0,"text":"1","position":"k"},)"
               R"({"item":"item-two","age":0,"text":"2","position":"B"})");
  EXPECT_LT(list(kAda).find("item-two"), list(kAda).find("item-one"));
}

TEST_F(TodoTest, OutlivesARestart) {
  change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea"})");
  const std::string before = list(kAda);
  restart();
  join(kBob, "Bob");
  EXPECT_EQ(list(kBob), before);
}

TEST_F(TodoTest, AFullListAndAFailingStoreAreSaid) {
  store().max_items = 1;
  EXPECT_EQ(code(change(kAda, R"({"item":"tea-0001","age":0,"text":"Tea"})")), "ok");
  EXPECT_EQ(code(change(kAda, R"({"item":"tea-0002","age":0,"text":"Tea"})")), "list-full");
  store().failing = true;
  EXPECT_EQ(code(change(kAda, R"({"item":"tea-0001","age":0,"done":true})")), "unavailable");
  EXPECT_EQ(try_to(kAda, "todoList"), "unavailable");
}

TEST_F(TodoTest, EveryFieldIsBounded) {
  const auto outcome = [&](std::string_view fields) {
    return code(change(kAda, fmt::format(R"({{{}}})", fields)));
  };
  const auto text = [](std::size_t size) { return std::string(size, 'x'); };
  EXPECT_EQ(outcome(R"("item":"short","age":0,"text":"x")"), "invalid changes[0].item");
  EXPECT_EQ(outcome(R"("item":"with space","age":0,"text":"x")"), "invalid changes[0].item");
  EXPECT_EQ(outcome(fmt::format(R"("item":"{}","age":0,"text":"x")", text(65))),
            "invalid changes[0].item");
  EXPECT_EQ(outcome(R"("item":"12345678","text":"x")"), "invalid changes[0].age");
  EXPECT_EQ(outcome(R"("item":"12345678","age":-1,"text":"x")"), "invalid changes[0].age");
  EXPECT_EQ(outcome(R"("item":"12345678","age":2592000001,"text":"x")"), "invalid changes[0].age");
  EXPECT_EQ(outcome(fmt::format(R"("item":"12345678","age":0,"text":"{}")", text(501))),
            "invalid changes[0].text");
  EXPECT_EQ(outcome(R"("item":"12345678","age":0,"text":" ")"), "invalid changes[0].text");
  EXPECT_EQ(outcome(R"("item":"12345678","age":0,"text":"x","done":"yes")"),
            "invalid changes[0].done");
  EXPECT_EQ(outcome(R"("item":"12345678","age":0,"text":"x","assignee":"")"),
            "invalid changes[0].assignee");
  EXPECT_EQ(outcome(R"("item":"12345678","age":0,"text":"x","position":"a-b")"),
            "invalid changes[0].position");
  EXPECT_EQ(outcome(R"("item":"12345678","age":0,"removed":false)"), "invalid changes[0].removed");
  EXPECT_EQ(try_to(kAda, "todo", R"({"changes":[]})"), "invalid changes");
  EXPECT_EQ(list(kAda), "[]");
}

}  // namespace
}  // namespace parley::meeting

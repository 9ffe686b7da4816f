#include "meeting/question_desk.h"

#include "meeting/test_meeting.h"

// Questions and votes, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class QuestionsTest : public MeetingTest {
 protected:
  void SetUp() override {
    ada_ = join(kAda, "Ada").sid;  // The host.
    bob_ = join(kBob, "Bob").sid;
    cy_ = join(kCy, "Cy").sid;
    forget();
  }

  Json put(ConnectionId who, std::string_view key, std::string_view text = "Why?") {
    Json body = Json::parse(fmt::format(R"({{"key":"{}"}})", key)).value();
    body.set("text", text);
    return clients().ask_with(who, "question", std::move(body));
  }
  std::string judge(ConnectionId who, std::int64_t id, std::string_view state) {
    return try_to(who, "questionState", fmt::format(R"({{"id":{},"state":"{}"}})", id, state));
  }
  std::string vote(ConnectionId who, std::int64_t id, bool on = true) {
    return ask(who, "questionVote", fmt::format(R"({{"id":{},"on":{}}})", id, on)).to_text();
  }
  std::vector<std::string> list(ConnectionId who, std::string_view body = "{}") {
    const Json answer = ask(who, "questions", body);
    std::vector<std::string> found;
    for (const Json& question : *answer.find("questions")->as_array()) {
      found.push_back(text(question, "key") + " " + text(question, "state") +
                      (*question.find("voted")->as_bool() ? "+" : ""));
    }
    if (const auto next = answer.find("next")->as_int()) {
      found.push_back(fmt::format("next {}", *next));
    }
    return found;
  }
  static std::string question(std::string_view sid, std::string_view name, std::string_view state,
                              int votes, bool voted) {
    return fmt::format(
        R"({{"question":{{"id":1,"key":"k","sid":"{}","name":"{}","text":"Why?","state":"{}",)"
        R"("votes":{},"voted":{},"at":3600000}}}})",
        sid, name, state, votes, voted);
  }

  std::string ada_, bob_, cy_;
};

using List = std::vector<std::string>;

TEST_F(QuestionsTest, WaitForAHostBeforeOthersSeeThem) {
  const std::string waiting = question(bob_, "Bob", "waiting", 0, false);
  EXPECT_EQ(put(kBob, "k").to_text(), R"({"ok":true,)" + waiting.substr(1));
  EXPECT_EQ(clients().heard(kAda), Heard{"questionChanged " + waiting});
  EXPECT_EQ(clients().heard(kBob), Heard{});
  EXPECT_EQ(clients().heard(kCy), Heard{});
  EXPECT_EQ(list(kAda), List{"k waiting"});
  EXPECT_EQ(list(kBob), List{"k waiting"});
  EXPECT_EQ(list(kCy), List{});

  const std::string open = question(bob_, "Bob", "open", 0, false);
  EXPECT_EQ(ask(kAda, "questionState", R"({"id":1,"state":"open"})").to_text(),
            R"({"ok":true,)" + open.substr(1));
  EXPECT_EQ(clients().heard(kAda), Heard{});
  EXPECT_EQ(clients().heard(kBob), Heard{"questionChanged " + open});
  EXPECT_EQ(clients().heard(kCy), Heard{"questionChanged " + open});
  EXPECT_EQ(judge(kAda, 1, "open"), "ok");  // It is already.
  EXPECT_EQ(clients().heard(kCy), Heard{});
}

TEST_F(QuestionsTest, OfHostsAreOpenAtOnce) {
  put(kAda, "k");
  EXPECT_EQ(clients().heard(kCy),
            Heard{"questionChanged " + question(ada_, "Ada", "open", 0, false)});
}

TEST_F(QuestionsTest, ThatAreDismissedAreGoneButForAuthorAndHosts) {
  put(kAda, "k");
  vote(kCy, 1);
  put(kBob, "b");
  forget();
  EXPECT_EQ(judge(kAda, 1, "dismissed"), "ok");
  EXPECT_EQ(clients().heard(kBob), Heard{R"(questionGone {"id":1})"});
  EXPECT_EQ(clients().heard(kCy), Heard{R"(questionGone {"id":1})"});
  EXPECT_EQ(list(kCy), List{});
  EXPECT_EQ(list(kAda), (List{"k dismissed", "b waiting"}));
  EXPECT_EQ(judge(kAda, 2, "dismissed"), "ok");  // Its author may know.
  EXPECT_EQ(names_heard(kBob), Heard{"questionChanged"});
  EXPECT_EQ(names_heard(kCy), Heard{});
  EXPECT_EQ(judge(kAda, 1, "answered"), "ok");  // Who had voted is told so.
  EXPECT_EQ(clients().heard(kCy),
            Heard{"questionChanged " + question(ada_, "Ada", "answered", 1, true)});
  EXPECT_EQ(clients().heard(kBob),
            Heard{"questionChanged " + question(ada_, "Ada", "answered", 1, false)});
  EXPECT_EQ(judge(kBob, 1, "open"), "forbidden");
  EXPECT_EQ(judge(kAda, 7, "open"), "no-such-question");
  EXPECT_EQ(judge(kAda, 1, "waiting"), "invalid state");
}

TEST_F(QuestionsTest, AreTakenBackByTheirAuthorsAndHosts) {
  put(kBob, "a");
  put(kBob, "b");
  put(kAda, "c");
  forget();
  EXPECT_EQ(try_to(kCy, "questionDelete", R"({"id":1})"), "no-such-question");
  EXPECT_EQ(try_to(kCy, "questionDelete", R"({"id":3})"), "forbidden id");
  EXPECT_EQ(try_to(kBob, "questionDelete", R"({"id":1})"), "ok");
  EXPECT_EQ(try_to(kBob, "questionDelete", R"({"id":1})"), "no-such-question");
  EXPECT_EQ(clients().heard(kAda), Heard{R"(questionGone {"id":1})"});
  EXPECT_EQ(clients().heard(kCy), Heard{});
  EXPECT_EQ(try_to(kAda, "questionDelete", R"({"id":2})"), "ok");
  EXPECT_EQ(clients().heard(kBob), Heard{R"(questionGone {"id":2})"});
  EXPECT_EQ(try_to(kAda, "questionDelete", R"({"id":3})"), "ok");
  EXPECT_EQ(clients().heard(kCy), Heard{R"(questionGone {"id":3})"});
}

TEST_F(QuestionsTest, TheSameKeyIsTheSameQuestion) {
  const Json first = put(kBob, "k");
  forget();
  EXPECT_EQ(put(kBob, "k"), first);
  EXPECT_EQ(clients().heard(kAda), Heard{});
  EXPECT_EQ(code(put(kCy, "k")), "ok");
  EXPECT_EQ(list(kAda), (List{"k waiting", "k waiting"}));
}

TEST_F(QuestionsTest, VotesAreAnsweredAtOnceAndToldTogether) {
  put(kAda, "k");
  forget();
  EXPECT_EQ(vote(kBob, 1), R"({"ok":true,"votes":1,"voted":true})");
  EXPECT_EQ(vote(kBob, 1), R"({"ok":true,"votes":1,"voted":true})");
  EXPECT_EQ(vote(kCy, 1), R"({"ok":true,"votes":2,"voted":true})");
  EXPECT_EQ(vote(kAda, 1), R"({"ok":true,"votes":3,"voted":true})");
  EXPECT_EQ(vote(kAda, 1, false), R"({"ok":true,"votes":2,"voted":false})");
  EXPECT_EQ(clients().heard(kCy), Heard{R"(questionVotes {"votes":[{"id":1,"votes":1}]})"});
  clients().advance(499ms);
  EXPECT_EQ(clients().heard(kCy), Heard{});
  clients().advance(1ms);
  EXPECT_EQ(clients().heard(kCy), Heard{R"(questionVotes {"votes":[{"id":1,"votes":2}]})"});
  EXPECT_EQ(list(kBob), List{"k open+"});
  EXPECT_EQ(list(kAda), List{"k open"});
}

TEST_F(QuestionsTest, VotesAreForWhatIsOpen) {
  put(kBob, "k");
  const auto code_of = [&](ConnectionId who, std::int64_t id) {
    return try_to(who, "questionVote", fmt::format(R"({{"id":{},"on":true}})", id));
  };
  EXPECT_EQ(code_of(kCy, 1), "no-such-question");
  EXPECT_EQ(code_of(kBob, 1), "forbidden id");
  EXPECT_EQ(code_of(kAda, 7), "no-such-question");
  judge(kAda, 1, "answered");
  EXPECT_EQ(code_of(kCy, 1), "forbidden id");
  judge(kAda, 1, "open");
  EXPECT_EQ(code_of(kCy, 1), "ok");
}

TEST_F(QuestionsTest, NobodyHearsOfVotesOnWhatIsGoneMeanwhile) {
  put(kAda, "k");
  vote(kBob, 1);
  vote(kCy, 1);
  forget();
  judge(kAda, 1, "dismissed");
  clients().advance(1s);
  EXPECT_EQ(names_heard(kCy), Heard{"questionGone"});
}

TEST_F(QuestionsTest, VotesUnderWayAreOneNextWrite) {
  put(kAda, "k");
  forget();
  clients().hold_store();
  vote(kAda, 1);
  vote(kBob, 1);
  vote(kCy, 1);
  vote(kCy, 1, false);
  EXPECT_EQ(clients().asked(), 1u);
  const std::int64_t last = clients().last_ack();
  clients().release_one();
  EXPECT_EQ(clients().answer_to(last - 3).to_text(), R"({"ok":true,"votes":1,"voted":true})");
  EXPECT_TRUE(clients().answer_to(last).is_null());
  EXPECT_EQ(clients().asked(), 1u);
  clients().release_store();
  EXPECT_EQ(clients().answer_to(last - 2).to_text(), R"({"ok":true,"votes":2,"voted":true})");
  EXPECT_EQ(clients().answer_to(last).to_text(), R"({"ok":true,"votes":2,"voted":false})");
  EXPECT_EQ(clients().rooms().counters().vote_writes, 2u);
  EXPECT_EQ(clients().rooms().counters().votes, 4u);
}

TEST_F(QuestionsTest, WhatTheStoreFailsIsSaid) {
  put(kAda, "k");
  store().failing = true;
  EXPECT_EQ(code(put(kBob, "b")), "unavailable");
  EXPECT_EQ(try_to(kBob, "questionVote", R"({"id":1,"on":true})"), "unavailable");
  store().failing = false;
  EXPECT_EQ(vote(kBob, 1), R"({"ok":true,"votes":1,"voted":true})");
}

TEST_F(QuestionsTest, OneCannotFillTheBoxForOthers) {
  put(kAda, "k");
  clients().hold_store();
  for (int i = 0; i < 17; ++i) EXPECT_EQ(vote(kBob, 1, i % 2 == 0), "null");
  EXPECT_EQ(try_to(kBob, "questionVote", R"({"id":1,"on":true})"), "too-many-requests");
  EXPECT_EQ(vote(kCy, 1), "null");
  clients().release_store();
}

TEST_F(QuestionsTest, AllAreAnsweredWhenTheRoomIsGone) {
  put(kAda, "k");
  clients().hold_store();
  vote(kBob, 1);
  vote(kCy, 1);
  const std::int64_t ack = clients().last_ack();
  try_to(kAda, "end");
  EXPECT_EQ(code(clients().answer_to(ack - 1)), "not-joined");
  EXPECT_EQ(code(clients().answer_to(ack)), "not-joined");
  clients().release_store();
  EXPECT_EQ(clients().rooms().counters().rooms, 0u);
}

TEST_F(QuestionsTest, TheListComesInPages) {
  for (const char* const key : {"1", "2", "3"}) put(kAda, key);
  EXPECT_EQ(list(kBob, R"({"limit":2})"), (List{"1 open", "2 open", "next 2"}));
  EXPECT_EQ(list(kBob, R"({"limit":2,"after":2})"), List{"3 open"});
  EXPECT_EQ(list(kBob, R"({"limit":3})"), (List{"1 open", "2 open", "3 open"}));
}

TEST_F(QuestionsTest, TheOldestThatIsDoneIsForgottenForANewOne) {
  store().max_questions = 2;
  put(kAda, "1");
  put(kAda, "2");
  EXPECT_EQ(code(put(kBob, "3")), "list-full");
  judge(kAda, 2, "answered");
  forget();
  EXPECT_EQ(code(put(kBob, "3")), "ok");
  EXPECT_EQ(clients().heard(kCy), Heard{R"(questionGone {"id":2})"});
  EXPECT_EQ(list(kAda), (List{"1 open", "3 waiting"}));
  EXPECT_EQ(clients().rooms().counters().questions_forgotten, 1u);
}

TEST_F(QuestionsTest, OutliveARestart) {
  const Welcome dan = join(kDan, "Dan");
  put(kAda, "k");
  vote(kDan, 1);
  put(kDan, "d");
  restart();
  join(kAda, "Ada");
  EXPECT_EQ(list(kAda), (List{"k open", "d waiting"}));
  join(kDan, "Dan", dan.resume);
  EXPECT_EQ(list(kDan), (List{"k open+", "d waiting"}));
}

TEST_F(QuestionsTest, EveryFieldIsBounded) {
  EXPECT_EQ(code(put(kBob, "k", std::string(500, 'x'))), "ok");
  EXPECT_EQ(code(put(kBob, "l", std::string(501, 'x'))), "invalid text");
  EXPECT_EQ(code(put(kBob, "l", " \n")), "invalid text");
  EXPECT_EQ(code(put(kBob, "l", "a\x1b[31m")), "invalid text");
  EXPECT_EQ(code(put(kBob, "", "x")), "invalid key");
  EXPECT_EQ(try_to(kBob, "questions", R"({"limit":101})"), "invalid limit");
  EXPECT_EQ(try_to(kBob, "questionVote", R"({"id":0,"on":true})"), "invalid id");
  EXPECT_EQ(try_to(kBob, "questionVote", R"({"id":1})"), "invalid on");
}

// A thousand vote within a second, while each write to the disk takes 10 ms.
TEST(QuestionsOfAHall, AreVotedOnByAThousandWithinASecond) {
  constexpr std::uint64_t kVoters = 1'000;
  constexpr ConnectionId kHost{1};
  TestClients clients({.topology = {.media = true}});
  std::map<ConnectionId, std::size_t> tellings;
  std::map<ConnectionId, std::int64_t> told;
  clients.on_event = [&](ConnectionId to, const Event& event) {
    const auto* const votes = std::get_if<VotesTold>(&event);
    if (votes == nullptr) return;
    ++tellings[to];
    told[to] = votes->votes.at(0).votes;
  };
  for (std::uint64_t i = 1; i <= kVoters; ++i) {
    clients.ask(ConnectionId{i}, "join",
                R"({"room":"hall","name":"P","micinf":false,"vidinf":false})");
  }
  clients.ask(kHost, "question", R"({"key":"k","text":"Why?"})");
  clients.hold_store();
  std::vector<std::int64_t> acks;
  for (std::uint64_t i = 1; i <= kVoters; ++i) {
    clients.ask(ConnectionId{i}, "questionVote", R"({"id":1,"on":true})");
    acks.push_back(clients.last_ack());
    clients.advance(1ms);
    if (i % 10 == 0 && clients.asked() > 0) clients.release_one();
  }
  clients.release_store();
  clients.advance(1s);

  std::set<std::int64_t> counts;
  for (const std::int64_t ack : acks) {
    const Json answer = clients.answer_to(ack);
    ASSERT_TRUE(answer.find("voted") != nullptr) << answer.to_text();
    EXPECT_TRUE(*answer.find("voted")->as_bool());
    counts.insert(*answer.find("votes")->as_int());
  }
  EXPECT_EQ(*counts.rbegin(), 1'000);
  const Counters& counters = clients.rooms().counters();
  EXPECT_EQ(counters.votes, kVoters);
  EXPECT_LE(counters.vote_writes, 102u);  // One each 10 ms, and the first and the last.
  EXPECT_EQ(counters.vote_writes, counts.size());
  EXPECT_LE(counters.vote_tellings, 5u);  // At most two a second, over two seconds, and the first.
  for (std::uint64_t i = 1; i <= kVoters; ++i) {
    ASSERT_EQ(told[ConnectionId{i}], 1'000);
    ASSERT_EQ(tellings[ConnectionId{i}], counters.vote_tellings);
  }
}

}  // namespace
}  // namespace parley::meeting

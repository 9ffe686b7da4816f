#include <random>
#include <set>
#include <vector>

#include "store/test_store.h"

namespace parley::store {
namespace {

class QuestionsTest : public StoreTest {
 protected:
  using State = QuestionState;

  static Question question(std::string key, const Person& author, State state = State::kWaiting) {
    return {.key = key, .author = author, .text = key + "?", .state = state, .at = at(1)};
  }
  QuestionId ask(std::string key, const Person& author, State state = State::kOpen) {
    return store_->questions().add(room_, question(std::move(key), author, state))->question.id;
  }
  Questions::Counted vote(std::vector<Ballot> ballots) {
    return store_->questions().vote(room_, ballots).value();
  }
  std::vector<std::string> keys(const Person& reader, bool all = false, QuestionId after = {},
                                std::size_t limit = 1'000) {
    std::vector<std::string> keys;
    const auto list = store_->questions().list(room_, reader, all, after, limit);
    for (const auto& [question, voted] : *list) {
      keys.push_back(question.key + (voted ? "+" : ""));
    }
    return keys;
  }

  RoomId room_ = add_room(*store_, "hall");
  UserId user_ = add_user(*store_, "ada");
  Person ada_{.sid = "s-ada", .name = "Ada", .account = user_};
  Person guest_{.sid = "s-guest", .name = "Guest"};
  Person other_{.sid = "s-other", .name = "Other"};
};
PARLEY_TEST_EVERY_STORE(QuestionsTest);

using Keys = std::vector<std::string>;

TEST_P(QuestionsTest, KeepsAQuestionAsItWasAsked) {
  Question asked = question("k1", ada_);
  const auto added = store_->questions().add(room_, asked).value();
  EXPECT_TRUE(added.fresh);
  EXPECT_FALSE(added.voted);
  asked.id = {1};
  EXPECT_EQ(added.question, asked);
  EXPECT_EQ(store_->questions().find(room_, {1}).value(), asked);
  EXPECT_EQ(store_->questions().find(room_, {2}).value(), std::nullopt);
  EXPECT_EQ(store_->questions().add({99}, asked).error(), Error::kNotFound);
}

TEST_P(QuestionsTest, TheSameKeyOfTheSameAuthorIsTheSameQuestion) {
  const QuestionId first = ask("k", ada_);
  vote({{first, voter_of(ada_)}});
  Person elsewhere = ada_;
  elsewhere.sid = "s-ada-2";
  const auto again = store_->questions().add(room_, question("k", elsewhere)).value();
  EXPECT_FALSE(again.fresh);
  EXPECT_TRUE(again.voted);
  EXPECT_EQ(again.question.id, first);
  EXPECT_EQ(again.question.votes, 1u);
  EXPECT_TRUE(store_->questions().add(room_, question("k", guest_))->fresh);
}

TEST_P(QuestionsTest, AnIdIsNotGivenAgain) {
  const QuestionId first = ask("1", guest_);
  EXPECT_EQ(store_->questions().remove(room_, first)->key, "1");
  EXPECT_EQ(store_->questions().remove(room_, first).error(), Error::kNotFound);
  EXPECT_EQ(ask("2", guest_), QuestionId{2});
}

TEST_P(QuestionsTest, WhoIsNoHostListsWhatIsOpenOrAnsweredAndTheirOwn) {
  ask("waiting", guest_, State::kWaiting);
  const QuestionId open = ask("open", ada_, State::kOpen);
  ask("answered", ada_, State::kAnswered);
  ask("dismissed", guest_, State::kDismissed);
  vote({{open, voter_of(other_)}});
  EXPECT_EQ(keys(other_), (Keys{"open+", "answered"}));
  EXPECT_EQ(keys(guest_), (Keys{"waiting", "open", "answered", "dismissed"}));
  EXPECT_EQ(keys(other_, true), (Keys{"waiting", "open+", "answered", "dismissed"}));
  EXPECT_EQ(keys(other_, true, {1}, 2), (Keys{"open+", "answered"}));
  EXPECT_EQ(keys(other_, true, {4}), Keys{});
}

TEST_P(QuestionsTest, AMoveTellsWhereItWasAndWhoVoted) {
  const QuestionId id = ask("k", guest_);
  vote({{id, voter_of(other_)}, {id, voter_of(ada_)}});
  const auto moved = store_->questions().set_state(room_, id, State::kAnswered).value();
  EXPECT_EQ(moved.before, State::kOpen);
  EXPECT_EQ(moved.question.state, State::kAnswered);
  EXPECT_EQ(moved.question.votes, 2u);
  EXPECT_EQ(moved.voters, (std::vector{voter_of(ada_), voter_of(other_)}));
  EXPECT_EQ(store_->questions().find(room_, id).value(), moved.question);
  EXPECT_EQ(store_->questions().set_state(room_, {99}, State::kOpen).error(), Error::kNotFound);
}

TEST_P(QuestionsTest, EachVotesOnceAndOnlyOnWhatIsOpen) {
  const QuestionId open = ask("open", guest_);
  const QuestionId waiting = ask("waiting", guest_, State::kWaiting);
  const std::string ada = voter_of(ada_);
  const std::string other = voter_of(other_);
  const auto counted = vote({{open, ada}, {waiting, ada}, {{99}, ada}, {open, ada}, {open, other}});
  EXPECT_EQ(counted.voted, (std::vector<bool>{true, false, false, true, true}));
  ASSERT_EQ(counted.questions.size(), 2u);
  EXPECT_EQ(counted.questions[0].votes, 2u);
  EXPECT_EQ(counted.questions[1].votes, 0u);
  EXPECT_EQ(counted.changed, std::vector{open});
  EXPECT_TRUE(vote({{open, ada}}).changed.empty());
  EXPECT_EQ(vote({{open, ada, false}, {open, ada, false}}).questions[0].votes, 1u);
  EXPECT_EQ(store_->questions().find(room_, open).value()->votes, 1u);
}

TEST_P(QuestionsTest, AnAccountHasOneVoteOnAllItsDevices) {
  const QuestionId id = ask("k", guest_);
  Person phone = ada_;
  phone.sid = "s-phone";
  vote({{id, voter_of(ada_)}});
  EXPECT_EQ(vote({{id, voter_of(phone)}}).questions[0].votes, 1u);
  EXPECT_EQ(keys(phone), Keys{"k+"});
  EXPECT_EQ(vote({{id, voter_of(guest_)}}).questions[0].votes, 2u);
}

// Whatever was given and taken back, in batches of any size, the number is that of the voters.
TEST_P(QuestionsTest, CountsAreRightHoweverVotesAreGathered) {
  std::mt19937 random{1};
  std::vector<QuestionId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(ask(std::to_string(i), guest_));
  std::map<QuestionId, std::set<std::string>> expected;
  for (int batch = 0; batch < 50; ++batch) {
    std::vector<Ballot> ballots;
    for (std::size_t i = random() % 40; i > 0; --i) {
      ballots.push_back(
          {ids[random() % ids.size()], "sid:" + std::to_string(random() % 30), random() % 3 != 0});
      auto& voters = expected[ballots.back().question];
      if (ballots.back().on) voters.insert(ballots.back().voter);
      if (!ballots.back().on) voters.erase(ballots.back().voter);
    }
    for (const Question& question : vote(ballots).questions) {
      ASSERT_EQ(question.votes, expected[question.id].size());
    }
  }
  for (const QuestionId id : ids) {
    const auto moved = store_->questions().set_state(room_, id, State::kOpen).value();
    EXPECT_EQ(moved.voters.size(), expected[id].size());
    EXPECT_EQ(moved.question.votes, expected[id].size());
  }
}

TEST_P(QuestionsTest, TheOldestThatIsDoneGivesPlace) {
  store_ = make({.questions_per_room = 3});
  room_ = add_room(*store_, "hall");
  ask("1", guest_);
  const QuestionId second = ask("2", guest_, State::kAnswered);
  ask("3", guest_, State::kDismissed);
  const auto added = store_->questions().add(room_, question("4", guest_)).value();
  EXPECT_EQ(added.forgotten, second);
  EXPECT_EQ(store_->questions().add(room_, question("5", guest_))->forgotten, QuestionId{3});
  EXPECT_EQ(store_->questions().add(room_, question("6", guest_)).error(), Error::kFull);
  EXPECT_FALSE(store_->questions().add(room_, question("5", guest_))->fresh);
  EXPECT_EQ(keys(guest_), (Keys{"1", "4", "5"}));
}

TEST_P(QuestionsTest, OnePersonsWaitingQuestionsAreBounded) {
  store_ = make({.waiting_questions_per_person = 2});
  room_ = add_room(*store_, "hall");
  ask("1", guest_, State::kWaiting);
  const QuestionId second = ask("2", guest_, State::kWaiting);
  EXPECT_EQ(store_->questions().add(room_, question("3", guest_)).error(), Error::kTooMany);
  EXPECT_FALSE(store_->questions().add(room_, question("2", guest_))->fresh);
  EXPECT_TRUE(store_->questions().add(room_, question("3", other_))->fresh);
  ASSERT_TRUE(store_->questions().set_state(room_, second, State::kOpen));
  EXPECT_TRUE(store_->questions().add(room_, question("3", guest_))->fresh);
}

TEST_P(QuestionsTest, VotesOfAQuestionAreBounded) {
  store_ = make({.votes_per_question = 2});
  room_ = add_room(*store_, "hall");
  const QuestionId id = ask("k", guest_);
  const auto counted = vote({{id, "a"}, {id, "b"}, {id, "c"}, {id, "b"}});
  EXPECT_EQ(counted.voted, (std::vector<bool>{true, true, false, true}));
  EXPECT_EQ(counted.questions[0].votes, 2u);
}

TEST_P(QuestionsTest, GoWithTheirRoomAndOutliveTheirAuthor) {
  const QuestionId id = ask("k", ada_);
  vote({{id, voter_of(ada_)}});
  ASSERT_TRUE(store_->users().remove(user_));
  EXPECT_EQ(store_->questions().find(room_, id).value()->author.account, UserId{});
  EXPECT_EQ(store_->questions().find(room_, id).value()->votes, 1u);
  ASSERT_TRUE(store_->rooms().remove(room_));
  EXPECT_EQ(store_->questions().find(room_, id).value(), std::nullopt);
}

}  // namespace
}  // namespace parley::store

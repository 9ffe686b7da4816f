#include "meeting/questions.h"

#include <gtest/gtest.h>

namespace parley::meeting {
namespace {

const store::Person kAuthor{.sid = "a", .name = "Ada"};
const store::Person kOther{.sid = "b", .name = "Bob"};

std::string code(const std::optional<Refusal>& refusal) {
  if (!refusal) return "ok";
  return refusal->code == Code::kForbidden ? "forbidden" : "no-such-question";
}

// What each may do with a question of that state.
struct Row {
  QuestionState state;
  std::string_view seen;     // By: h a host, a its author, o anybody else.
  std::string_view deleted;  // By whom it may be.
  std::string_view vote;     // What a vote of each comes to: "ok", or the refusal.
  std::string_view vote_of_others;
};

constexpr Row kTable[] = {
    {QuestionState::kWaiting, "ha", "ha", "forbidden", "no-such-question"},
    {QuestionState::kOpen, "hao", "ha", "ok", "ok"},
    {QuestionState::kAnswered, "hao", "ha", "forbidden", "forbidden"},
    {QuestionState::kDismissed, "ha", "ha", "forbidden", "no-such-question"},
};

TEST(Questions, AreSeenDeletedAndVotedOnByTheTable) {
  for (const Row& row : kTable) {
    const store::Question question{.id = {1}, .author = kAuthor, .state = row.state};
    for (const char who : {'h', 'a', 'o'}) {
      const store::Person& person = who == 'a' ? kAuthor : kOther;
      const bool host = who == 'h';
      const bool sees = row.seen.contains(who);
      EXPECT_EQ(may_see(question, person, host), sees) << who;
      const std::string deletes = code(refusal_to_delete(question, person, host));
      const std::string refused = sees ? "forbidden" : "no-such-question";
      EXPECT_EQ(deletes, row.deleted.contains(who) ? "ok" : refused) << who;
      EXPECT_EQ(code(refusal_to_vote(&question, person, host)),
                who == 'o' ? row.vote_of_others : row.vote)
          << who;
    }
  }
}

TEST(Questions, ThatAreNotThereAreNobodys) {
  EXPECT_EQ(code(refusal_to_delete(std::nullopt, kAuthor, true)), "no-such-question");
  EXPECT_EQ(code(refusal_to_vote(nullptr, kAuthor, true)), "no-such-question");
}

TEST(Questions, AnAccountIsTheAuthorOnAnyDevice) {
  const store::Person laptop{.sid = "a", .account = {7}};
  const store::Person phone{.sid = "p", .account = {7}};
  EXPECT_TRUE(may_see({.author = laptop}, phone, false));
  EXPECT_FALSE(may_see({.author = laptop}, {.sid = "p"}, false));
}

}  // namespace
}  // namespace parley::meeting

#include "meeting/audience.h"

#include <gtest/gtest.h>

#include <list>
#include <string>

#include "meeting/reaction_sum.h"
#include "meeting/telling_pace.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class AudienceTest : public testing::Test {
 protected:
  Participant& come(std::string sid, std::string name = "Nobody") {
    people_.push_back({.sid = std::move(sid), .name = std::move(name)});
    audience_.add(people_.back());
    return people_.back();
  }
  void raise(Participant& who, std::optional<std::int64_t> hand) {
    const auto before = std::exchange(who.hand, hand);
    audience_.hand_changed(who, before);
  }
  static std::string sids_of(const std::vector<AudienceMember>& members) {
    std::string sids;
    for (const AudienceMember& member : members) sids += member.sid;
    return sids;
  }
  std::string found(std::string search) {
    return sids_of(audience_.page({.search = std::move(search)}).people);
  }

  std::list<Participant> people_;
  Audience audience_;
};

TEST_F(AudienceTest, IsReadInPagesInTheOrderOfComing) {
  for (const char* sid : {"a", "b", "c", "d", "e"}) come(sid);
  const RosterReply first = audience_.page({.limit = 2});
  EXPECT_EQ(sids_of(first.people), "ab");
  EXPECT_EQ(first.count, 5);
  const RosterReply second = audience_.page({.after = first.next.value, .limit = 2});
  EXPECT_EQ(sids_of(second.people), "cd");
  const RosterReply third = audience_.page({.after = second.next.value, .limit = 2});
  EXPECT_EQ(sids_of(third.people), "e");
  EXPECT_EQ(third.next.value, std::nullopt);
  EXPECT_EQ(audience_.page({.limit = 5}).next.value, std::nullopt);
}

TEST_F(AudienceTest, LosesAndDoublesNobodyWhileItIsRead) {
  for (const char* sid : {"a", "b", "c", "d"}) come(sid);
  const RosterReply first = audience_.page({.limit = 2});
  audience_.remove(people_.front());
  audience_.remove(*std::next(people_.begin()));  // Where the next page goes on from.
  audience_.add(people_.front());                 // Has been on stage, and is back.
  EXPECT_EQ(sids_of(audience_.page({.after = first.next.value}).people), "cda");
}

TEST_F(AudienceTest, IsSearchedInWhateverCase) {
  come("a", "Ada Lovelace");
  come("b", "BOB");
  come("j", "Jörg");
  come("o", "Όλγα Ολγα");
  come("i", "Иван");
  EXPECT_EQ(found("bob"), "b");
  EXPECT_EQ(found("LOVE"), "a");
  EXPECT_EQ(found("JÖRG"), "j");
  EXPECT_EQ(found("ΟΛΓΑ"), "o");
  EXPECT_EQ(found("иВ"), "i");
  EXPECT_EQ(found("nobody"), "");
}

TEST_F(AudienceTest, APageOfASearchGoesOnBehindTheLastFound) {
  for (const char* sid : {"a", "b", "c"}) come(sid, "Bob");
  come("x", "Ada");
  const RosterReply first = audience_.page({.limit = 2, .search = "bob"});
  EXPECT_EQ(sids_of(first.people), "ab");
  const RosterReply rest = audience_.page({.after = first.next.value, .search = "bob"});
  EXPECT_EQ(sids_of(rest.people), "c");
  EXPECT_EQ(rest.next.value, std::nullopt);
}

TEST_F(AudienceTest, KnowsWhoRaisedAHandFirst) {
  Participant& ada = come("a");
  Participant& bob = come("b");
  Participant& cy = come("c");
  raise(cy, 1);
  raise(ada, 2);
  raise(bob, 3);
  EXPECT_EQ(sids_of(audience_.raised()), "cab");
  raise(cy, std::nullopt);
  EXPECT_EQ(sids_of(audience_.raised()), "ab");
  audience_.remove(ada);
  EXPECT_EQ(audience_.counts(), (AudienceSize{.count = 2, .hands = 1}));
  audience_.add(ada);  // Comes with the hand up.
  EXPECT_EQ(sids_of(audience_.raised()), "ab");
}

TEST_F(AudienceTest, TellsAFewOfManyHands) {
  for (std::int64_t i = 1; i <= 200; ++i) raise(come(std::to_string(i)), i);
  EXPECT_EQ(audience_.counts().hands, 200);
  ASSERT_EQ(audience_.raised().size(), Audience::kMaxRaised);
  EXPECT_EQ(audience_.raised().back().sid, "50");
}

TEST(TellingPace, TellsTheFirstAtOnceAndGathersTheRest) {
  const Time start = Time() + 1h;
  TellingPace pace;
  EXPECT_TRUE(pace.change(start, 500ms));
  EXPECT_EQ(pace.due(), kNever);
  EXPECT_FALSE(pace.change(start + 10ms, 500ms));
  EXPECT_FALSE(pace.change(start + 490ms, 500ms));
  EXPECT_EQ(pace.due(), start + 500ms);
  pace.told(start + 500ms);
  EXPECT_EQ(pace.due(), kNever);
  EXPECT_FALSE(pace.change(start + 900ms, 500ms));
  pace.told(start + 1s);
  EXPECT_TRUE(pace.change(start + 1500ms, 500ms));
}

TEST(ReactionSum, CountsEachAndBoundsHowManyDifferent) {
  ReactionSum sum;
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(sum.add("clap"));
  for (std::size_t i = 1; i < ReactionSum::kMaxDifferent; ++i) {
    EXPECT_TRUE(sum.add(std::to_string(i)));
  }
  EXPECT_FALSE(sum.add("one too many"));
  EXPECT_TRUE(sum.add("clap"));
  const auto counts = sum.take();
  EXPECT_EQ(counts.size(), ReactionSum::kMaxDifferent);
  EXPECT_EQ(counts.at("clap"), 1'001);
  EXPECT_TRUE(sum.take().empty());
}

}  // namespace
}  // namespace parley::meeting

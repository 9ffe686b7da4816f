#include "meeting/vote_box.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart = Time() + 1h;

VoteBox::Vote vote_of(std::string sid, bool on = true) {
  return {.who = {.sid = std::move(sid)}, .question = {1}, .on = on};
}

TEST(VoteBox, GathersWhatComesWhileAWriteIsUnderWay) {
  VoteBox box;
  EXPECT_TRUE(box.begin().empty());
  ASSERT_TRUE(box.add(vote_of("a")));
  EXPECT_EQ(box.begin(), (std::vector<store::Ballot>{{{1}, "sid:a", true}}));
  box.wait_for(5);
  ASSERT_TRUE(box.add(vote_of("b")));
  ASSERT_TRUE(box.add(vote_of("a", false)));
  EXPECT_TRUE(box.begin().empty());
  EXPECT_TRUE(box.finish(4).empty());
  EXPECT_EQ(box.finish(5).size(), 1u);
  EXPECT_EQ(box.begin(), (std::vector<store::Ballot>{{{1}, "sid:b", true}, {{1}, "sid:a", false}}));
  box.wait_for(6);
  ASSERT_TRUE(box.add(vote_of("c")));
  EXPECT_EQ(box.take_all().size(), 3u);
  EXPECT_TRUE(box.finish(6).empty());
  EXPECT_TRUE(box.begin().empty());
}

TEST(VoteBox, IsBounded) {
  VoteBox box;
  for (std::size_t i = 0; i < VoteBox::kMaxOfOne; ++i) EXPECT_TRUE(box.add(vote_of("a")));
  EXPECT_FALSE(box.add(vote_of("a")));
  for (std::size_t i = VoteBox::kMaxOfOne; i < VoteBox::kMax; ++i) {
    EXPECT_TRUE(box.add(vote_of(std::to_string(i))));
  }
  EXPECT_FALSE(box.add(vote_of("b")));
}

TEST(VoteNews, AreToldAtOnceAndThenGathered) {
  VoteNews news;
  EXPECT_EQ(news.plan(kStart, 500ms), std::nullopt);
  news.add(1, 1);
  EXPECT_EQ(news.plan(kStart, 500ms), kStart);
  EXPECT_EQ(news.take(kStart), (std::vector<VoteCount>{{1, 1}}));
  news.add(1, 2);
  news.add(3, 1);
  EXPECT_EQ(news.plan(kStart + 10ms, 500ms), kStart + 500ms);
  news.add(1, 7);
  news.add(4, 1);
  news.forget(4);
  EXPECT_EQ(news.plan(kStart + 20ms, 500ms), std::nullopt);
  EXPECT_EQ(news.take(kStart + 500ms), (std::vector<VoteCount>{{1, 7}, {3, 1}}));
  EXPECT_TRUE(news.take(kStart + 600ms).empty());
  news.add(1, 8);
  EXPECT_EQ(news.plan(kStart + 5s, 500ms), kStart + 5s);
}

}  // namespace
}  // namespace parley::meeting

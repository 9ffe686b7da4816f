#include "cc/feedback_watch.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(FeedbackWatch, IsContentWhileAnswersCome) {
  FeedbackWatch watch;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(watch.handle_sent(kStart + i * 1s).has_value());
    EXPECT_FALSE(watch.handle_feedback(kStart + i * 1s + 100ms, 100ms));
  }
}

TEST(FeedbackWatch, GivesWayOnceASecondWithoutAnswers) {
  FeedbackWatch watch({.limit = 2s, .decrease = 0.8, .interval = 1s});
  int decreases = 0;
  for (int i = 0; i < 100; ++i) {
    if (const auto factor = watch.handle_sent(kStart + i * 50ms)) {
      EXPECT_EQ(*factor, 0.8);
      ++decreases;
    }
  }
  EXPECT_EQ(decreases, 3);  // After 2, 3 and 4 of 5 seconds.
  EXPECT_TRUE(watch.timed_out());
}

TEST(FeedbackWatch, TellsWhenAnswersComeAgain) {
  FeedbackWatch watch;
  watch.handle_sent(kStart);
  watch.handle_sent(kStart + 3s);
  EXPECT_TRUE(watch.handle_feedback(kStart + 4s, 50ms));
  EXPECT_FALSE(watch.handle_feedback(kStart + 5s, 50ms));
  EXPECT_FALSE(watch.timed_out());
}

TEST(FeedbackWatch, TakesItsOwnSilenceForNoTimeOut) {
  FeedbackWatch watch;
  watch.handle_sent(kStart);
  watch.handle_feedback(kStart + 1s, 50ms);
  EXPECT_FALSE(watch.handle_sent(kStart + 1h).has_value());
  EXPECT_FALSE(watch.handle_sent(kStart + 1h + 1s).has_value());
  EXPECT_TRUE(watch.handle_sent(kStart + 1h + 2s).has_value());
}

TEST(FeedbackWatch, GivesWayToAnswersThatComeTooLate) {
  FeedbackWatch watch;
  watch.handle_sent(kStart);
  EXPECT_FALSE(watch.handle_feedback(kStart + 3s, 3s));
  EXPECT_TRUE(watch.handle_sent(kStart + 3s).has_value());
  EXPECT_FALSE(watch.handle_feedback(kStart + 3s, 3s));
  EXPECT_FALSE(watch.handle_sent(kStart + 3s + 999ms).has_value());
  EXPECT_TRUE(watch.handle_sent(kStart + 4s).has_value());
  EXPECT_TRUE(watch.handle_feedback(kStart + 5s, 1s));
}

}  // namespace
}  // namespace parley::cc

#include "meeting/resume_tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::meeting {
namespace {

constexpr UnixTime kExpiry{std::chrono::seconds{1'793'000'000}};
const ResumeTokens kTokens{ResumeTokens::Key{1, 2, 3}};

TEST(ResumeTokens, SayWhoMayComeBackAndUntilWhen) {
  const std::string token = kTokens.issue("daily", "pB7xk2QmVt0a", kExpiry);
  EXPECT_TRUE(token.starts_with("pB7xk2QmVt0a.1793000000.")) << token;
  EXPECT_EQ(kTokens.verify(token, "daily"),
            (ResumeTokens::Claim{.sid = "pB7xk2QmVt0a", .expiry = kExpiry}));
}

TEST(ResumeTokens, AreGoodForOneRoom) {
  const std::string token = kTokens.issue("daily", "pB7", kExpiry);
  EXPECT_FALSE(kTokens.verify(token, "weekly"));
  EXPECT_FALSE(kTokens.verify(token, ""));
}

TEST(ResumeTokens, AreGoodForTheKeyThatSignedThem) {
  const ResumeTokens others{ResumeTokens::Key{1, 2, 4}};
  EXPECT_FALSE(others.verify(kTokens.issue("daily", "pB7", kExpiry), "daily"));
}

TEST(ResumeTokens, BreakWhenAnyCharacterIsChanged) {
  const std::string token = kTokens.issue("daily", "pB7", kExpiry);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '7' ? '8' : '7';
    EXPECT_FALSE(kTokens.verify(changed, "daily")) << changed;
  }
}

TEST(ResumeTokens, BreakWhenCutOrLengthened) {
  const std::string token = kTokens.issue("daily", "pB7", kExpiry);
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(kTokens.verify(token.substr(0, size), "daily")) << size;
  }
  EXPECT_FALSE(kTokens.verify(token + "A", "daily"));
  EXPECT_FALSE(kTokens.verify(token + ".", "daily"));
}

TEST(ResumeTokens, HaveNoNegativeOrEndlessExpiry) {
  for (const char* text :
       {"a.-1.x", "a.99999999999999999999.x", "a..x", "a. 1.x", ".1.x", "..", "a.1", "a"}) {
    EXPECT_FALSE(kTokens.verify(text, "daily")) << text;
  }
}

}  // namespace
}  // namespace parley::meeting

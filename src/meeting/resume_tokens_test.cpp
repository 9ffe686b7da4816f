#include "meeting/resume_tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::meeting {
namespace {

constexpr UnixTime kExpiry{std::chrono::seconds{1'793'000'000}};
const ResumeTokens kTokens{ResumeTokens::Key{1, 2, 3}};

ResumeTokens::Claim claim_of(std::string sid) {
  return {.sid = std::move(sid), .expiry = kExpiry};
}

TEST(ResumeTokens, SayWhoMayComeBackAsWhatAndUntilWhen) {
  const ResumeTokens::Claim claim{
      .sid = "pB7xk2QmVt0a",
      .expiry = kExpiry,
      .life = UnixMillis(std::chrono::milliseconds{1'792'999'999'123}),
      .user = {12},
      .standing = {.role = Role::kCohost, .own = Permissions{.screen = false, .todo = false}}};
  const std::string token = kTokens.issue("daily", claim);
  EXPECT_TRUE(token.starts_with("pB7xk2QmVt0a.1793000000.1792999999123.12.c11.")) << token;
  EXPECT_LE(token.size(), static_cast<std::size_t>(kResumeLength.max));
  EXPECT_EQ(kTokens.verify(token, "daily"), claim);
}

TEST(ResumeTokens, KeepEveryStanding) {
  for (const Role role : {Role::kOwner, Role::kCohost, Role::kParticipant}) {
    for (unsigned bits = 0; bits <= 32; ++bits) {
      ResumeTokens::Claim claim = claim_of("pB7");
      claim.standing.role = role;
      if (bits < 32) {
        claim.standing.own = Permissions{.microphone = (bits & 1) != 0,
                                         .camera = (bits & 2) != 0,
                                         .screen = (bits & 4) != 0,
                                         .chat = (bits & 8) != 0,
                                         .todo = (bits & 16) != 0};
      }
      for (const auto& [speaker, invited] :
           {std::pair(false, false), {true, true}, {false, true}}) {
        claim.standing.speaker = speaker;
        claim.standing.invited = invited;
        EXPECT_EQ(kTokens.verify(kTokens.issue("daily", claim), "daily"), claim);
      }
    }
  }
}

TEST(ResumeTokens, OfWhoWaitsGiveNoRole) {
  ResumeTokens::Claim claim = claim_of("pB7");
  claim.waits = true;
  claim.standing.role = Role::kOwner;
  const auto read = kTokens.verify(kTokens.issue("daily", claim), "daily");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->waits);
  EXPECT_EQ(read->standing.role, Role::kParticipant);
}

TEST(ResumeTokens, AreGoodForOneRoom) {
  const std::string token = kTokens.issue("daily", claim_of("pB7"));
  EXPECT_FALSE(kTokens.verify(token, "weekly"));
  EXPECT_FALSE(kTokens.verify(token, ""));
}

TEST(ResumeTokens, AreGoodForTheKeyThatSignedThem) {
  const ResumeTokens others{ResumeTokens::Key{1, 2, 4}};
  EXPECT_FALSE(others.verify(kTokens.issue("daily", claim_of("pB7")), "daily"));
}

TEST(ResumeTokens, BreakWhenAnyCharacterIsChanged) {
  const std::string token = kTokens.issue("daily", claim_of("pB7"));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '7' ? '8' : '7';
    EXPECT_FALSE(kTokens.verify(changed, "daily")) << changed;
  }
}

TEST(ResumeTokens, BreakWhenCutOrLengthened) {
  const std::string token = kTokens.issue("daily", claim_of("pB7"));
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(kTokens.verify(token.substr(0, size), "daily")) << size;
  }
  EXPECT_FALSE(kTokens.verify(token + "A", "daily"));
  EXPECT_FALSE(kTokens.verify(token + ".", "daily"));
}

TEST(ResumeTokens, AreOfOneForm) {
  for (const char* text : {"a.-1.0.0.p.x", "a.1.0.0.p", "a..0.0.p.x", ".1.0.0.p.x", ".....",
                           "......", "a.1", "a", ""}) {
    EXPECT_FALSE(kTokens.verify(text, "daily")) << text;
  }
}

}  // namespace
}  // namespace parley::meeting

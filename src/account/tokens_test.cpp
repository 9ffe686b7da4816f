#include <gtest/gtest.h>

#include <set>

#include "account/access_tokens.h"
#include "account/join_tokens.h"
#include "account/revocations.h"
#include "account/secrets.h"
#include "crypto/hash.h"

namespace parley::account {
namespace {

using namespace std::chrono_literals;

constexpr UnixMillis kNow{std::chrono::hours{480'000}};
const std::string kSecret = "a secret of at least thirty-two bytes";
const Bytes kKey = as_bytes(kSecret);

Access ada() {
  return {.user = {7}, .session = {40}, .account = "ada", .issued = kNow};
}

TEST(AccessTokens, SayWhoIsLoggedInForAQuarterOfAnHour) {
  const AccessTokens tokens(kKey);
  const std::string token = tokens.issue(ada());
  EXPECT_EQ(tokens.verify(token, kNow), ada());
  EXPECT_EQ(tokens.verify(token, kNow + 15min - 1ms), ada());
  EXPECT_EQ(tokens.verify(token, kNow + 15min), std::nullopt);
}

TEST(AccessTokens, AreNoTokensOfAnotherPurpose) {
  const AccessTokens access(kKey);
  const JoinTokens join(kKey);
  EXPECT_FALSE(join.verify(access.issue(ada()), kNow).has_value());
  const JoinGrant grant{.room = "r", .room_id = {1}, .name = "Bob", .expiry = kNow + 60s};
  EXPECT_EQ(access.verify(join.mint(grant), kNow), std::nullopt);
}

TEST(AccessTokens, NeedTheWholeOfTheirClaims) {
  const AccessTokens access(kKey);
  const Jwt jwt(kKey, "parley-access");
  for (const char* const claims :
       {R"({"sub":7,"sid":40,"name":"ada"})", R"({"sub":0,"sid":40,"name":"ada","issued":1})",
        R"({"sub":"7","sid":40,"name":"ada","issued":1})",
        R"({"sub":7,"sid":40,"name":"ada","issued":1,"admin":true})"}) {
    EXPECT_EQ(access.verify(jwt.sign(Json::parse(claims).value(), kNow + 60s), kNow), std::nullopt);
  }
}

TEST(JoinTokens, SayWhatTheyGrant) {
  const JoinTokens tokens(kKey);
  const JoinGrant plain{.room = "daily", .room_id = {3}, .name = "Bob", .expiry = kNow + 60s};
  EXPECT_EQ(tokens.verify(tokens.mint(plain), kNow), plain);
  const JoinGrant full{.room = "daily",
                       .room_id = {3},
                       .name = "Zoë \"Z\" <z>",
                       .role = store::Role::kCohost,
                       .permissions = store::Permissions{.camera = false, .chat = false},
                       .expiry = kNow + 60s};
  EXPECT_EQ(tokens.verify(tokens.mint(full), kNow), full);
}

TEST(JoinTokens, SayWhetherTheyAreLateOrForged) {
  const JoinTokens tokens(kKey);
  const std::string token =
      tokens.mint({.room = "daily", .room_id = {3}, .name = "Bob", .expiry = kNow + 60s});
  EXPECT_EQ(tokens.verify(token, kNow + 60s).error(), Jwt::Problem::kExpired);
  EXPECT_EQ(tokens.verify(token + "x", kNow).error(), Jwt::Problem::kForged);
  EXPECT_EQ(JoinTokens(as_bytes("another secret of thirty-two bytes")).verify(token, kNow).error(),
            Jwt::Problem::kForged);
}

TEST(RefreshToken, SharesAFamilyWithTheNext) {
  SeededRandom random(1);
  const RefreshToken first = RefreshToken::first(random);
  const RefreshToken next = first.next(random);
  EXPECT_EQ(next.family, first.family);
  EXPECT_NE(next.digest, first.digest);
  EXPECT_NE(RefreshToken::first(random).family, first.family);
  const auto parsed = RefreshToken::parse(next.text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->family, next.family);
  EXPECT_EQ(parsed->digest, next.digest);
}

TEST(RefreshToken, IsStoredOnlyAsDigests) {
  SeededRandom random(1);
  const RefreshToken token = RefreshToken::first(random);
  EXPECT_EQ(token.digest, crypto::sha256(as_bytes(token.text)));
  EXPECT_EQ(token.family, crypto::sha256(as_bytes(token.text.substr(0, 43))));
}

TEST(RefreshToken, HasOneForm) {
  SeededRandom random(1);
  const std::string good = RefreshToken::first(random).text;
  for (const std::string& text :
       {std::string(), good.substr(1), good + "x", std::string(87, 'x'), std::string(87, '.'),
        "\n" + good.substr(1), std::string(100'000, 'x')}) {
    EXPECT_FALSE(RefreshToken::parse(text)) << text.substr(0, 100);
  }
}

TEST(ApiTokenSecret, IsKnownByItsBeginning) {
  SeededRandom random(1);
  const ApiTokenSecret made = ApiTokenSecret::make(random);
  EXPECT_TRUE(made.text.starts_with("parley_"));
  EXPECT_EQ(made.text.size(), 50u);
  EXPECT_EQ(made.digest, crypto::sha256(as_bytes(made.text)));
  EXPECT_EQ(ApiTokenSecret::parse(made.text)->digest, made.digest);
  EXPECT_FALSE(ApiTokenSecret::parse(made.text.substr(7)));
  EXPECT_FALSE(ApiTokenSecret::parse("Parley_" + made.text.substr(7)));
  EXPECT_FALSE(ApiTokenSecret::parse(made.text + "x"));
  EXPECT_FALSE(ApiTokenSecret::parse("parley_" + std::string(43, ' ')));
}

TEST(Revocations, RefuseASessionUntilItsLastTokenExpired) {
  Revocations revocations;
  EXPECT_FALSE(revocations.contains(ada(), kNow));
  revocations.revoke({40}, kNow);
  EXPECT_TRUE(revocations.contains(ada(), kNow));
  EXPECT_TRUE(revocations.contains(ada(), kNow + 15min - 1ms));
  EXPECT_FALSE(revocations.contains(ada(), kNow + 15min));
  Access other = ada();
  other.session = {41};
  EXPECT_FALSE(revocations.contains(other, kNow));
}

TEST(Revocations, RefuseAllTokensOfATimeInWhichTooManyEnded) {
  Revocations revocations(3);
  for (std::uint64_t id = 100; id < 104; ++id) revocations.revoke({id}, kNow);
  EXPECT_EQ(revocations.size(), 1u);
  EXPECT_TRUE(revocations.contains(ada(), kNow + 1min));
  Access fresh = ada();
  fresh.issued = kNow + 1ms;
  EXPECT_FALSE(revocations.contains(fresh, kNow + 1min));
  fresh.session = {103};
  EXPECT_TRUE(revocations.contains(fresh, kNow + 1min));
}

TEST(Revocations, ForgetWhatNoTokenIsLeftOf) {
  Revocations revocations(3);
  for (std::uint64_t id = 100; id < 103; ++id) revocations.revoke({id}, kNow);
  revocations.revoke({200}, kNow + 15min);
  EXPECT_EQ(revocations.size(), 1u);
  EXPECT_FALSE(revocations.contains(ada(), kNow + 1min));
}

}  // namespace
}  // namespace parley::account

#include "account/jwt.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace parley::account {
namespace {

using namespace std::chrono_literals;

constexpr UnixMillis kNow{std::chrono::hours{480'000}};
const std::string kSecret = "a secret of at least thirty-two bytes";

Json claims(std::string_view text) {
  return Json::parse(text).value();
}

std::string part(std::string_view json) {
  return to_base64url(as_bytes(json));
}

struct JwtTest : testing::Test {
  // The token that somebody signed with that key, whatever it says.
  static std::string token(std::string_view header, std::string_view body, Bytes key) {
    const std::string text = part(header) + '.' + part(body);
    return text + '.' + to_base64url(crypto::hmac_sha256(key, as_bytes(text)));
  }

  void expect_forged(const std::string& text) const {
    const auto verified = jwt.verify(text, kNow);
    ASSERT_FALSE(verified.has_value()) << text;
    EXPECT_EQ(verified.error(), Jwt::Problem::kForged) << text;
  }

  Jwt jwt{as_bytes(kSecret), "test"};
  crypto::Sha256Digest key = crypto::derive_key(as_bytes(kSecret), "test");
};

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kBody = R"({"aud":"test","exp":1728000060,"sub":"7"})";

TEST_F(JwtTest, GivesBackWhatItSigned) {
  const std::string text = jwt.sign(claims(R"({"sub":"7","deep":{"a":[1,true,"ü"]}})"), kNow + 60s);
  const auto verified = jwt.verify(text, kNow);
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(*verified->find("sub"), Json("7"));
  EXPECT_EQ(*verified->find("deep"), claims(R"({"a":[1,true,"ü"]})"));
  EXPECT_EQ(*verified->find("exp"), Json(std::int64_t{1'728'000'060}));
  EXPECT_EQ(verified->find("aud"), nullptr);
}

TEST_F(JwtTest, IsAPlainHs256Token) {
  EXPECT_EQ(jwt.sign(claims(R"({"sub":"7"})"), kNow + 60s), token(kHeader, kBody, key));
}

TEST_F(JwtTest, ExpiresToTheSecond) {
  const std::string text = jwt.sign(claims("{}"), kNow + 60s);
  EXPECT_TRUE(jwt.verify(text, kNow + 59'999ms).has_value());
  const auto late = jwt.verify(text, kNow + 60s);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error(), Jwt::Problem::kExpired);
}

TEST_F(JwtTest, RefusesOtherAlgorithmsAndNone) {
  for (const char* const header :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"None"})", R"({"alg":"HS384","typ":"JWT"})",
        R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"HS256"})", R"({"typ":"JWT","alg":"HS256"})",
        R"({"alg":"HS256","typ":"JWT","kid":"../key"})",
        R"({"alg":"HS256","typ":"JWT","jku":"//x"})", R"({})", ""}) {
    expect_forged(token(header, kBody, key));
    expect_forged(part(header) + '.' + part(kBody) + '.');
    expect_forged(part(header) + '.' + part(kBody));
  }
  expect_forged(part(kHeader) + '.' + part(kBody) + '.');
  expect_forged(part(kHeader) + '.' + part(kBody));
}

TEST_F(JwtTest, RefusesOtherKeys) {
  expect_forged(token(kHeader, kBody, as_bytes(kSecret)));
  expect_forged(token(kHeader, kBody, {}));
  expect_forged(token(kHeader, kBody, as_bytes("secret")));
}

TEST_F(JwtTest, RefusesAnotherPurpose) {
  const Jwt other(as_bytes(kSecret), "other");
  expect_forged(other.sign(claims("{}"), kNow + 60s));
  // Even if the key were the same.
  expect_forged(token(kHeader, R"({"aud":"other","exp":1728000060})", key));
  expect_forged(token(kHeader, R"({"exp":1728000060})", key));
  expect_forged(token(kHeader, R"({"aud":["test"],"exp":1728000060})", key));
}

TEST_F(JwtTest, RefusesATokenWithoutAnExpiry) {
  expect_forged(token(kHeader, R"({"aud":"test"})", key));
  expect_forged(token(kHeader, R"({"aud":"test","exp":"1728000060"})", key));
  expect_forged(token(kHeader, R"({"aud":"test","exp":1728000060.5})", key));
}

TEST_F(JwtTest, RefusesEveryChangeOfACharacter) {
  const std::string text = jwt.sign(claims(R"({"sub":"7"})"), kNow + 60s);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    expect_forged(changed);
    expect_forged(text.substr(0, i));
    expect_forged(text.substr(0, i) + '\0' + text.substr(i));
    expect_forged(text.substr(0, i) + '=' + text.substr(i));
    expect_forged(text.substr(0, i) + '\n' + text.substr(i));
  }
  expect_forged(text + 'A');
  expect_forged(text + '=');
  expect_forged(text + ".");
}

TEST_F(JwtTest, RefusesWhatIsNoToken) {
  for (const char* const text : {"", ".", "..", "...", "a.b.c", "null", "{}", "eyJ", "Bearer x"}) {
    expect_forged(text);
  }
  expect_forged(std::string(100'000, '.'));
  for (const char* const body : {"", "null", "[]", "7", "{", R"({"aud":"test","exp":)", "\xFF"}) {
    expect_forged(token(kHeader, body, key));
  }
  expect_forged(token(
      kHeader, R"({"aud":"test","exp":1728000060,"x":")" + std::string(2000, 'x') + R"("})", key));
}

}  // namespace
}  // namespace parley::account

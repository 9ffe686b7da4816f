#include "server/api/auth_routes.h"

#include "account/jwt.h"
#include "server/api/test_api.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

class AuthRoutesTest : public ApiTest {
 protected:
  Answer log_in(Browser& browser, std::string_view name, std::string_view password,
                const Headers& headers = {}) {
    return browser.ask_with(
        "POST", "/api/auth/login",
        R"({"name":")" + std::string(name) + R"(","password":")" + std::string(password) + R"("})",
        headers);
  }
  static bool is_logged_in(Browser& browser) {
    const Answer me = browser.ask("GET", "/api/auth/me");
    EXPECT_EQ(me.status, 200);
    return me.text("user") != "null";
  }
};

TEST_F(AuthRoutesTest, RegistersAndLogsIn) {
  Browser ada(*this);
  EXPECT_EQ(ada.ask("GET", "/api/auth/me").body.to_text(),
            R"({"user":null,"guests":true,"registration":true})");
  const Answer made =
      ada.ask("POST", "/api/auth/register",
              R"({"name":"ada","password":"correct horse","displayName":" Ada L. "})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.text("user"), R"({"id":1,"name":"ada","displayName":"Ada L."})");
  EXPECT_EQ(made.header("Cache-Control"), "no-store");
  EXPECT_EQ(ada.ask("GET", "/api/auth/me").text("user"), made.text("user"));

  Browser elsewhere(*this);
  const Answer logged_in = log_in(elsewhere, "ada", "correct horse");
  EXPECT_EQ(logged_in.status, 200);
  EXPECT_EQ(logged_in.text("user"), made.text("user"));
  EXPECT_TRUE(is_logged_in(elsewhere));
  EXPECT_TRUE(is_logged_in(ada));
}

TEST_F(AuthRoutesTest, SetsCookiesThatNoScriptAndNoOtherSiteGets) {
  Browser ada(*this);
  const std::string body = R"({"name":"ada","password":"correct horse"})";
  const Answer plain = ada.ask("POST", "/api/auth/register", body);
  const auto attributes = [](const std::string& cookie) { return cookie.substr(cookie.find(';')); };
  EXPECT_EQ(attributes(plain.set_cookie("parley_access")),
            "; Path=/; Max-Age=900; HttpOnly; SameSite=Lax");
  EXPECT_EQ(attributes(plain.set_cookie("parley_refresh")),
            "; Path=/api/auth; Max-Age=2592000; HttpOnly; SameSite=Strict");
  // A proxy that we trust says that it was HTTPS.
  Browser secure(*this);
  const Answer answer = log_in(secure, "ada", "correct horse",
                               {{"Origin", "https://meet.example"},
                                {"X-Forwarded-Proto", "https"},
                                {"X-Forwarded-For", "192.0.2.1"},
                                {"X-Forwarded-Host", "meet.example"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(attributes(answer.set_cookie("parley_access")),
            "; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(attributes(answer.set_cookie("parley_refresh")),
            "; Path=/api/auth; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure");
}

TEST_F(AuthRoutesTest, NamesTheFieldThatIsMalformed) {
  struct Case {
    const char* path;
    std::string body;
    const char* field;
  };
  const std::string longest(65, 'x');
  const Case cases[] = {
      {"register", R"({"password":"correct horse"})", "name"},
      {"register", R"({"name":"ab","password":"correct horse"})", "name"},
      {"register", R"({"name":"Ada","password":"correct horse"})", "name"},
      {"register", R"({"name":".ada","password":"correct horse"})", "name"},
      {"register", R"({"name":"../ada","password":"correct horse"})", "name"},
      {"register", R"({"name":"<b>ada","password":"correct horse"})", "name"},
      {"register", R"({"name":"ada\u0000","password":"correct horse"})", "name"},
      {"register", R"({"name":"ad\u0430","password":"correct horse"})", "name"},
      {"register", R"({"name":")" + longest + R"(","password":"correct horse"})", "name"},
      {"register", R"({"name":7,"password":"correct horse"})", "name"},
      {"register", R"({"name":"ada","name":"bob","password":"correct horse"})", "name"},
      {"register", R"({"name":"ada"})", "password"},
      {"register", R"({"name":"ada","password":"short"})", "password"},
      {"register", R"({"name":"ada","password":")" + std::string(73, 'x') + R"("})", "password"},
      {"register", R"({"name":"ada","password":"nul \u0000 nul"})", "password"},
      {"register", R"({"name":"ada","password":["correct horse"]})", "password"},
      {"register", R"({"name":"ada","password":"correct horse","displayName":" "})", "displayName"},
      {"register", R"({"name":"ada","password":"correct horse","displayName":""})", "displayName"},
      {"register", R"({"name":"ada","password":"correct horse","displayName":"a\nb"})",
       "displayName"},
      {"register", R"({"name":"ada","password":"correct horse","displayName":"\u202eada"})",
       "displayName"},
      {"register",
       R"({"name":"ada","password":"correct horse","displayName":")" + longest + R"("})",
       "displayName"},
      {"register", R"({"name":"ada","password":"correct horse","admin":true})", "admin"},
      {"login", R"({"name":"ada"})", "password"},
      {"login", R"({"name":"ada","password":"correct horse","remember":true})", "remember"},
  };
  for (const Case& one : cases) {
    Browser browser(*this);
    const Answer answer = browser.ask("POST", std::string("/api/auth/") + one.path, one.body);
    EXPECT_EQ(answer.status, 400) << one.body;
    EXPECT_EQ(answer.text("field"), one.field) << one.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  }
  EXPECT_EQ(accounts_.hasher().runs(), 0u);
}

TEST_F(AuthRoutesTest, RefusesWhatIsNoJson) {
  Browser browser(*this);
  EXPECT_EQ(browser.ask("POST", "/api/auth/login", "{").status, 400);
  EXPECT_EQ(browser.ask("POST", "/api/auth/login", "[]").status, 400);
  EXPECT_EQ(browser.ask("POST", "/api/auth/login", std::string(100, '[')).status, 400);
  EXPECT_EQ(browser.ask("POST", "/api/auth/login").status, 415);
  EXPECT_EQ(browser
                .ask_with("POST", "/api/auth/login", "name=ada&password=correct+horse",
                          {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            415);
  EXPECT_EQ(browser.ask("POST", "/api/auth/login", std::string(20'000, ' ')).status, 413);
  EXPECT_EQ(browser.ask("PUT", "/api/auth/login", "{}").status, 405);
  EXPECT_EQ(browser.ask("GET", "/api/auth/nothing").status, 404);
}

TEST_F(AuthRoutesTest, TakesEachNameOnce) {
  registered("ada");
  Browser other(*this);
  const Answer answer =
      other.ask("POST", "/api/auth/register", R"({"name":"ada","password":"another horse"})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.text("field"), "name");
  EXPECT_TRUE(other.jar.empty());
  EXPECT_EQ(accounts_.hasher().runs(), 1u);
}

TEST_F(AuthRoutesTest, SaysTheSameOfAWrongNameAndAWrongPasswordAfterTheSameWork) {
  registered("ada");
  Browser browser(*this);
  const std::uint64_t before = accounts_.hasher().runs();
  const Answer wrong_password = log_in(browser, "ada", "wrong horse");
  EXPECT_EQ(accounts_.hasher().runs(), before + 1);
  const Answer wrong_name = log_in(browser, "bob", "wrong horse");
  EXPECT_EQ(accounts_.hasher().runs(), before + 2);
  EXPECT_EQ(wrong_password.status, 401);
  EXPECT_EQ(wrong_name.status, 401);
  EXPECT_EQ(wrong_name.body, wrong_password.body);
  EXPECT_TRUE(browser.jar.empty());
}

TEST_F(AuthRoutesTest, RefreshesEachTokenOnce) {
  Browser ada = registered("ada");
  const auto first = ada.jar;
  const Answer answer = ada.ask("POST", "/api/auth/refresh");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("user"), R"({"id":1,"name":"ada","displayName":"ada"})");
  EXPECT_NE(ada.jar.at("parley_refresh"), first.at("parley_refresh"));
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 200);
  EXPECT_TRUE(is_logged_in(ada));
}

// The thief comes after the owner, or before: whichever way, both are out.
TEST_F(AuthRoutesTest, EndsTheWholeFamilyOfATokenThatIsUsedTwice) {
  Browser ada = registered("ada");
  Browser thief(*this);
  thief.jar["parley_refresh"] = ada.jar.at("parley_refresh");
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 200);
  EXPECT_TRUE(is_logged_in(ada));

  const Answer replay = thief.ask("POST", "/api/auth/refresh");
  EXPECT_EQ(replay.status, 401);
  EXPECT_TRUE(thief.jar.empty());
  EXPECT_TRUE(replay.set_cookie("parley_refresh")
                  .starts_with("parley_refresh=; Path=/api/auth; Max-Age=0"));
  EXPECT_TRUE(replay.set_cookie("parley_access").starts_with("parley_access=; Path=/; Max-Age=0"));
  EXPECT_FALSE(is_logged_in(ada)) << "her access token is worth nothing at once";
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_TRUE(ada.jar.empty());
}

TEST_F(AuthRoutesTest, KnowsAnOldTokenHoweverOftenItWasReplaced) {
  Browser ada = registered("ada");
  Browser thief(*this);
  thief.jar["parley_refresh"] = ada.jar.at("parley_refresh");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 200);
  EXPECT_EQ(thief.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 401);
}

TEST_F(AuthRoutesTest, EndsNoOtherSessionWithIt) {
  Browser ada = registered("ada");
  Browser phone(*this);
  ASSERT_EQ(log_in(phone, "ada", "correct horse").status, 200);
  const auto old = ada.jar;
  ada.ask("POST", "/api/auth/refresh");
  ada.jar = old;
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_EQ(phone.ask("POST", "/api/auth/refresh").status, 200);
}

TEST_F(AuthRoutesTest, TakesRequestsAtTheSameMomentForOne) {
  Browser ada = registered("ada");
  const std::string text = request("POST", "/api/auth/refresh", "",
                                   {{"Origin", "http://parley.test"}, {"Cookie", ada.cookies()}});
  http::TestClient pipelined(loop_, address_);
  pipelined.send(text + text);
  const Answer first = receive(pipelined), second = receive(pipelined);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.set_cookie("parley_refresh"), second.set_cookie("parley_refresh"));
  EXPECT_EQ(ask("POST", "/api/auth/refresh", "",
                {{"Origin", "http://parley.test"}, {"Cookie", ada.cookies()}})
                .status,
            401);
}

TEST_F(AuthRoutesTest, RefreshesNothingWithoutAGoodToken) {
  for (const std::string& token : {std::string(), std::string("x"), std::string(87, 'x'),
                                   std::string(43, 'x') + "." + std::string(43, 'y')}) {
    Browser browser(*this);
    if (!token.empty()) browser.jar["parley_refresh"] = token;
    EXPECT_EQ(browser.ask("POST", "/api/auth/refresh").status, 401) << token;
  }
  Browser ada = registered("ada");
  Browser twice(*this);
  twice.jar["parley_refresh"] =
      ada.jar.at("parley_refresh") + "; parley_refresh=" + ada.jar.at("parley_refresh");
  EXPECT_EQ(twice.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 200);
}

TEST_F(AuthRoutesTest, LogsOutForGood) {
  Browser ada = registered("ada");
  const auto before = ada.jar;
  const Answer answer = ada.ask("POST", "/api/auth/logout");
  EXPECT_EQ(answer.status, 204);
  EXPECT_TRUE(ada.jar.empty());
  ada.jar = before;
  EXPECT_FALSE(is_logged_in(ada)) << "the access token must be worth nothing";
  EXPECT_EQ(identities_.of(ada.cookies()), meeting::Identity());
  EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_EQ(Browser(*this).ask("POST", "/api/auth/logout").status, 204);
}

TEST_F(AuthRoutesTest, LogsOutByEitherCookie) {
  for (const char* const left_out : {"parley_access", "parley_refresh"}) {
    Browser ada = registered(std::string("ada.") + left_out);
    const auto before = ada.jar;
    ada.jar.erase(left_out);
    EXPECT_EQ(ada.ask("POST", "/api/auth/logout").status, 204);
    ada.jar = before;
    EXPECT_FALSE(is_logged_in(ada)) << left_out;
    EXPECT_EQ(ada.ask("POST", "/api/auth/refresh").status, 401) << left_out;
  }
}

TEST_F(AuthRoutesTest, TellsDoorsWhoComes) {
  const Browser ada = registered("ada");
  http::Request request;
  request.headers.emplace_back("Cookie", "a=b");
  EXPECT_EQ(identities_.of(request), meeting::Identity());
  const std::string cookies = ada.cookies();
  request.headers = {{"Cookie", cookies}};
  EXPECT_EQ(identities_.of(request), (meeting::Identity{.user = {1}, .account = "ada"}));
}

TEST_F(AuthRoutesTest, TellsWhoLetThemInThatASessionEnded) {
  std::vector<std::uint64_t> ended;
  identities_.on_revoked([&](store::SessionId session) { ended.push_back(session.value); });
  registered("ada").ask("POST", "/api/auth/logout");
  EXPECT_EQ(ended, std::vector<std::uint64_t>{1});
}

TEST_F(AuthRoutesTest, BelievesNoForgedAccessToken) {
  registered("ada");
  const account::Jwt join(as_bytes(secret_), "parley-join");
  const account::Jwt other_key(as_bytes(std::string(32, 'x')), "parley-access");
  const account::Jwt ours(as_bytes(secret_), "parley-access");
  Json claims;
  claims.set("sub", 1);
  claims.set("sid", 1);
  claims.set("name", "ada");
  claims.set("issued", 1);
  const UnixMillis later = unix_now() + std::chrono::minutes{1};
  Browser browser(*this);
  for (const std::string& token :
       {join.sign(claims, later), other_key.sign(claims, later),
        ours.sign(claims, unix_now() - std::chrono::minutes{1}),
        std::string("eyJhbGciOiJub25lIn0.eyJzdWIiOjF9."), std::string("x.y.z")}) {
    browser.jar["parley_access"] = token;
    EXPECT_FALSE(is_logged_in(browser)) << token;
  }
  // Well made, but of a session that is not this user's.
  claims.set("sub", 2);
  browser.jar["parley_access"] = ours.sign(claims, later);
  EXPECT_FALSE(is_logged_in(browser));
  claims.set("sub", 1);
  browser.jar["parley_access"] = ours.sign(claims, later);
  EXPECT_TRUE(is_logged_in(browser));
}

TEST_F(AuthRoutesTest, StopsWhoGuessesAtOneAccount) {
  registered("ada");
  Browser browser(*this);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(browser, "ada", "wrong horse").status, 401);
  const std::uint64_t runs = accounts_.hasher().runs();
  const Answer answer = log_in(browser, "ada", "correct horse");
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.header("Retry-After"), "");
  EXPECT_EQ(accounts_.hasher().runs(), runs);
  // The same for a name that nobody has.
  for (int i = 0; i < 10; ++i) EXPECT_EQ(log_in(browser, "nobody", "wrong horse").status, 401);
  EXPECT_EQ(log_in(browser, "nobody", "wrong horse").status, 429);
  EXPECT_EQ(log_in(browser, "ada", "correct horse", {{"X-Forwarded-For", "192.0.2.9"}}).status,
            200);
}

TEST_F(AuthRoutesTest, StopsWhoMakesAccountsByTheDozen) {
  Browser browser(*this);
  int status = 201;
  int made = 0;
  for (; status == 201 && made < 100; ++made) {
    const std::string name = "user" + std::to_string(made);
    status = browser
                 .ask("POST", "/api/auth/register",
                      R"({"name":")" + name + R"(","password":"correct horse"})")
                 .status;
  }
  EXPECT_EQ(status, 429);
  EXPECT_EQ(made, 31);
}

// A form or script on another site, an old browser, an extension: nothing of it changes anything.
TEST_F(AuthRoutesTest, RefusesChangesThatAnotherSiteCaused) {
  Browser ada = registered("ada");
  for (const char* const path :
       {"register", "login", "refresh", "logout", "password", "profile", "delete"}) {
    for (const char* const origin : {"https://evil.example", "null",
                                     "http://parley.test.evil.example", "https://parley.test"}) {
      const Answer answer =
          ada.ask_with("POST", std::string("/api/auth/") + path, "{}", {{"Origin", origin}});
      EXPECT_EQ(answer.status, 403) << path << " from " << origin;
      EXPECT_EQ(answer.text("field"), "origin");
      EXPECT_EQ(answer.set_cookie("parley_refresh"), "");
    }
    const Answer none =
        ask("POST", std::string("/api/auth/") + path, "{}", {{"Cookie", ada.cookies()}});
    EXPECT_EQ(none.status, 403) << path << " without an origin";
  }
  EXPECT_TRUE(is_logged_in(ada));
  EXPECT_EQ(
      ada.ask_with("POST", "/api/auth/refresh", "", {{"Origin", "https://friend.example"}}).status,
      200);
}

TEST_F(AuthRoutesTest, LetsProgramsInThatBringNoCookie) {
  EXPECT_EQ(
      ask("POST", "/api/auth/register", R"({"name":"ada","password":"correct horse"})", {}).status,
      201);
}

class ClosedAuthRoutesTest : public ApiTest {};

TEST_F(ClosedAuthRoutesTest, RegistersNobodyWhereThatIsOff) {
  Accounts closed({.loop = loop_,
                   .storage = *storage_,
                   .meeting = meeting_,
                   .origins = origins_,
                   .identities = identities_,
                   .join_tokens = join_tokens_,
                   .random = random_,
                   .settings = {.guests = false, .registration = false},
                   .password_cost = 4});
  http::Server http(loop_, {});
  closed.serve(http);
  address_ = http.listen({net::IpAddress::v4({127, 0, 0, 1}), 0}).value();
  EXPECT_EQ(
      ask("POST", "/api/auth/register", R"({"name":"ada","password":"correct horse"})", {}).status,
      403);
  EXPECT_EQ(ask("GET", "/api/auth/me", "", {}).body.to_text(),
            R"({"user":null,"guests":false,"registration":false})");
}

}  // namespace
}  // namespace parley::server

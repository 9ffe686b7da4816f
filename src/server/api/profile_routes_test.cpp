#include "server/api/profile_routes.h"

#include <algorithm>

#include "server/api/test_api.h"

namespace parley::server {
namespace {

class ProfileRoutesTest : public ApiTest {
 protected:
  // Ada, logged in on another device.
  Browser again(std::string_view password = "correct horse") {
    Browser browser(*this);
    EXPECT_EQ(browser
                  .ask("POST", "/api/auth/login",
                       R"({"name":"ada","password":")" + std::string(password) + R"("})")
                  .status,
              200);
    return browser;
  }
  static bool is_logged_in(Browser& browser) {
    return browser.ask("GET", "/api/auth/me").text("user") != "null";
  }

  Browser ada_ = registered("ada");
};

TEST_F(ProfileRoutesTest, IsForPeopleWhoAreLoggedIn) {
  struct Route {
    const char* method;
    const char* path;
  };
  constexpr Route kRoutes[] = {{"POST", "/api/auth/password"},
                               {"POST", "/api/auth/profile"},
                               {"POST", "/api/auth/delete"},
                               {"GET", "/api/auth/sessions"},
                               {"DELETE", "/api/auth/sessions/1"},
                               {"GET", "/api/tokens"},
                               {"POST", "/api/tokens"},
                               {"DELETE", "/api/tokens/1"}};
  const Answer made = ada_.ask("POST", "/api/tokens", R"({"name":"robot"})");
  for (const auto& [method, path] : kRoutes) {
    const Answer guest = ask(method, path, "{}", {});
    EXPECT_EQ(guest.status, 401) << path;
    EXPECT_EQ(guest.header("WWW-Authenticate"), "Bearer");
    const Answer program =
        ask(method, path, "{}", {{"Authorization", "Bearer " + made.text("token")}});
    EXPECT_EQ(program.status, 403) << path;
  }
  EXPECT_TRUE(is_logged_in(ada_));
}

TEST_F(ProfileRoutesTest, ChangesThePasswordAndEndsAllOtherSessions) {
  Browser phone = again();
  EXPECT_EQ(ada_.ask("POST", "/api/auth/password",
                     R"({"current":"correct horse","new":"battery staple"})")
                .status,
            204);
  EXPECT_TRUE(is_logged_in(ada_));
  EXPECT_FALSE(is_logged_in(phone));
  EXPECT_EQ(phone.ask("POST", "/api/auth/refresh").status, 401);
  EXPECT_EQ(ada_.ask("POST", "/api/auth/refresh").status, 200);
  Browser old(*this);
  EXPECT_EQ(
      old.ask("POST", "/api/auth/login", R"({"name":"ada","password":"correct horse"})").status,
      401);
  again("battery staple");
}

TEST_F(ProfileRoutesTest, AsksForThePasswordFirst) {
  const Answer wrong =
      ada_.ask("POST", "/api/auth/password", R"({"current":"wrong horse","new":"battery staple"})");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.text("field"), "current");
  const Answer kept = ada_.ask("POST", "/api/auth/delete", R"({"password":"wrong horse"})");
  EXPECT_EQ(kept.status, 403);
  EXPECT_EQ(kept.text("field"), "password");
  EXPECT_TRUE(is_logged_in(ada_));
  again();
}

TEST_F(ProfileRoutesTest, LetsNobodyGuessThePasswordFromASession) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ada_.ask("POST", "/api/auth/delete", R"({"password":"wrong horse"})").status, 403);
  }
  EXPECT_EQ(ada_.ask("POST", "/api/auth/delete", R"({"password":"correct horse"})").status, 429);
  EXPECT_EQ(ada_.ask("POST", "/api/auth/password",
                     R"({"current":"correct horse","new":"battery staple"})")
                .status,
            429);
}

TEST_F(ProfileRoutesTest, NamesTheFieldThatIsMalformed) {
  struct Case {
    const char* path;
    const char* body;
    const char* field;
  };
  constexpr Case kCases[] = {
      {"password", R"({"current":"correct horse"})", "new"},
      {"password", R"({"current":"correct horse","new":"short"})", "new"},
      {"password", R"({"current":"correct horse","new":"nul \u0000 nul"})", "new"},
      {"password", R"({"new":"battery staple"})", "current"},
      {"profile", R"({})", "displayName"},
      {"profile", R"({"displayName":"\t"})", "displayName"},
      {"profile", R"({"displayName":"a\u0007b"})", "displayName"},
      {"profile", R"({"displayName":"Ada","name":"bob"})", "name"},
      {"delete", R"({})", "password"},
      {"delete", R"({"password":null})", "password"},
  };
  for (const auto& [path, body, field] : kCases) {
    const Answer answer = ada_.ask("POST", std::string("/api/auth/") + path, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.text("field"), field) << body;
  }
}

TEST_F(ProfileRoutesTest, ChangesTheNameThatIsShown) {
  const Answer answer = ada_.ask("POST", "/api/auth/profile", R"({"displayName":"<b>Ada</b>"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("user"), R"({"id":1,"name":"ada","displayName":"<b>Ada</b>"})");
  EXPECT_EQ(ada_.ask("GET", "/api/auth/me").text("user"), answer.text("user"));
}

TEST_F(ProfileRoutesTest, DeletesTheAccountWithAllThatIsItsOwn) {
  Browser phone = again();
  const std::string token = ada_.ask("POST", "/api/tokens", R"({"name":"robot"})").text("token");
  EXPECT_EQ(ada_.ask("POST", "/api/rooms", R"({"name":"hers"})").status, 201);
  const auto before = ada_.jar;
  EXPECT_EQ(ada_.ask("POST", "/api/auth/delete", R"({"password":"correct horse"})").status, 204);
  EXPECT_TRUE(ada_.jar.empty());
  ada_.jar = before;
  EXPECT_FALSE(is_logged_in(ada_));
  EXPECT_FALSE(is_logged_in(phone));
  EXPECT_EQ(ask("GET", "/api/rooms", "", {{"Authorization", "Bearer " + token}}).status, 401);
  EXPECT_EQ(ask("GET", "/api/rooms/hers", "", {}).text("kept"), "false");
  EXPECT_EQ(Browser(*this)
                .ask("POST", "/api/auth/login", R"({"name":"ada","password":"correct horse"})")
                .status,
            401);
}

TEST_F(ProfileRoutesTest, ListsSessionsAndEndsThemOneByOne) {
  Browser phone(*this);
  phone.ask_with("POST", "/api/auth/login", R"({"name":"ada","password":"correct horse"})",
                 {{"User-Agent", "Phone/1 " + std::string(1'000, 'x')}});
  const Answer listed = ada_.ask("GET", "/api/auth/sessions");
  const Json::Array& sessions = *listed.body.find("sessions")->as_array();
  ASSERT_EQ(sessions.size(), 2u);
  const auto current = std::ranges::count_if(
      sessions, [](const Json& one) { return *one.find("current") == Json(true); });
  EXPECT_EQ(current, 1);
  EXPECT_TRUE(listed.body.to_text().contains("Phone/1 xxx"));
  EXPECT_LT(listed.body.to_text().size(), 800u);
  for (const char* const secret : {"refresh\"", "family", "digest"}) {
    EXPECT_FALSE(listed.body.to_text().contains(secret)) << secret;
  }
  EXPECT_EQ(ada_.ask("DELETE", "/api/auth/sessions/2").status, 204);
  EXPECT_FALSE(is_logged_in(phone));
  EXPECT_TRUE(is_logged_in(ada_));
  EXPECT_EQ(ada_.ask("DELETE", "/api/auth/sessions/2").status, 404);
  EXPECT_EQ(ada_.ask("DELETE", "/api/auth/sessions/1").status, 204);
  EXPECT_TRUE(ada_.jar.empty());
}

TEST_F(ProfileRoutesTest, EndsNobodyElsesSession) {
  Browser bob = registered("bob");
  for (const char* const id : {"1", "0", "-1", "1x", "x", "%31%20", "99999999999999999999999"}) {
    EXPECT_EQ(bob.ask("DELETE", std::string("/api/auth/sessions/") + id).status, 404) << id;
  }
  EXPECT_TRUE(is_logged_in(ada_));
}

TEST_F(ProfileRoutesTest, ShowsATokenOnceAndTakesItBack) {
  const Answer made = ada_.ask("POST", "/api/tokens", R"({"name":" robot ","expiresInDays":30})");
  EXPECT_EQ(made.status, 201);
  EXPECT_TRUE(made.text("token").starts_with("parley_"));
  EXPECT_EQ(made.text("name"), "robot");
  const auto span = *made.body.find("expires")->as_int() - *made.body.find("created")->as_int();
  EXPECT_EQ(span, 30ll * 86'400'000);
  const Answer listed = ada_.ask("GET", "/api/tokens");
  EXPECT_EQ(listed.body.find("tokens")->as_array()->size(), 1u);
  EXPECT_FALSE(listed.body.to_text().contains(made.text("token")));

  const Headers program = {{"Authorization", "bearer " + made.text("token")}};
  EXPECT_EQ(ask("GET", "/api/rooms", "", program).status, 200);
  EXPECT_NE(ada_.ask("GET", "/api/tokens")
                .body.find("tokens")
                ->as_array()
                ->at(0)
                .find("lastUsed")
                ->as_int(),
            nullptr);
  EXPECT_EQ(registered("bob").ask("DELETE", "/api/tokens/" + made.text("id")).status, 404);
  EXPECT_EQ(ada_.ask("DELETE", "/api/tokens/" + made.text("id")).status, 204);
  EXPECT_EQ(ada_.ask("DELETE", "/api/tokens/" + made.text("id")).status, 404);
  EXPECT_EQ(ask("GET", "/api/rooms", "", program).status, 401);
}

TEST_F(ProfileRoutesTest, ChecksWhatATokenIsAskedToBe) {
  struct Case {
    std::string body;
    const char* field;
  };
  const Case cases[] = {{R"({})", "name"},
                        {R"({"name":""})", "name"},
                        {R"({"name":" "})", "name"},
                        {R"({"name":")" + std::string(65, 'x') + R"("})", "name"},
                        {R"({"name":"r","expiresInDays":0})", "expiresInDays"},
                        {R"({"name":"r","expiresInDays":3651})", "expiresInDays"},
                        {R"({"name":"r","expiresInDays":1.5})", "expiresInDays"},
                        {R"({"name":"r","scope":"all"})", "scope"}};
  for (const auto& [body, field] : cases) {
    const Answer answer = ada_.ask("POST", "/api/tokens", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.text("field"), field) << body;
  }
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(ada_.ask("POST", "/api/tokens", R"({"name":"r"})").status, 201);
  EXPECT_EQ(ada_.ask("POST", "/api/tokens", R"({"name":"r"})").status, 409);
}

TEST_F(ProfileRoutesTest, BelievesNoTokenThatIsNotOurs) {
  for (const std::string& token :
       {std::string("x"), std::string("parley_"), "parley_" + std::string(43, 'x'),
        std::string("parley_' OR 1=1 --"), std::string(5'000, 'x')}) {
    // The cookie beside it does not help: who sends a token means it.
    EXPECT_EQ(ada_.ask_with("GET", "/api/rooms", "", {{"Authorization", "Bearer " + token}}).status,
              401)
        << token.substr(0, 60);
  }
  EXPECT_EQ(ask("GET", "/api/rooms", "", {{"Authorization", "Basic YWRhOngK"}}).status, 401);
}

}  // namespace
}  // namespace parley::server

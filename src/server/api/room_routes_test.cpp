#include "server/api/room_routes.h"

#include "server/api/test_api.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

class RoomRoutesTest : public ApiTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(ada_.ask("POST", "/api/rooms", R"({"name":"Board","locked":true})").status, 201);
    ASSERT_EQ(ada_.ask("PUT", "/api/rooms/board/members/cora", R"({"role":"cohost"})").status, 200);
    ASSERT_EQ(ada_.ask("PUT", "/api/rooms/board/members/paul", R"({"role":"participant"})").status,
              200);
  }

  // A program that acts for that person.
  Answer by_token(Browser& person, std::string_view method, std::string_view path,
                  std::string_view body) {
    const std::string token =
        person.ask("POST", "/api/tokens", R"({"name":"robot"})").text("token");
    return ask(method, path, body, {{"Authorization", "Bearer " + token}});
  }

  Browser ada_ = registered("ada");    // Owns the room.
  Browser cora_ = registered("cora");  // Is a cohost.
  Browser paul_ = registered("paul");  // Is a member.
  Browser sam_ = registered("sam");    // Is a stranger.
};

// Who may do what: the whole of it. The calls change little, and what they delete is not there.
TEST_F(RoomRoutesTest, LetsEachDoWhatTheyMay) {
  struct Case {
    const char* method;
    const char* path;
    const char* body;
    int guest, stranger, member, cohost, owner;
  };
  constexpr const char* kParticipant = R"({"name":"Grace","expiresInSeconds":60})";
  constexpr const char* kCohost = R"({"name":"Grace","role":"cohost","expiresInSeconds":60})";
  constexpr Case kCases[] = {
      {"GET", "/api/rooms", "", 401, 200, 200, 200, 200},
      {"GET", "/api/rooms/board", "", 200, 200, 200, 200, 200},
      {"GET", "/api/rooms/other", "", 200, 200, 200, 200, 200},
      {"POST", "/api/rooms", "{}", 401, 201, 201, 201, 201},
      {"POST", "/api/rooms", R"({"name":"board"})", 401, 409, 409, 409, 409},
      {"PATCH", "/api/rooms/board", R"({"waitingRoom":true})", 401, 403, 403, 200, 200},
      {"PATCH", "/api/rooms/other", R"({"waitingRoom":true})", 401, 404, 404, 404, 404},
      {"GET", "/api/rooms/board/members", "", 401, 403, 403, 200, 200},
      {"PUT", "/api/rooms/board/members/cora", R"({"role":"cohost"})", 401, 403, 403, 403, 200},
      {"PUT", "/api/rooms/board/members/nobody", R"({"role":"cohost"})", 401, 403, 403, 403, 404},
      {"PUT", "/api/rooms/board/members/ada", R"({"role":"cohost"})", 401, 403, 403, 403, 409},
      {"DELETE", "/api/rooms/board/members/nobody", "", 401, 403, 403, 403, 404},
      {"DELETE", "/api/rooms/board/members/ada", "", 401, 403, 403, 403, 404},
      {"POST", "/api/rooms/board/join-tokens", kParticipant, 401, 403, 403, 201, 201},
      {"POST", "/api/rooms/board/join-tokens", kCohost, 401, 403, 403, 403, 201},
      {"POST", "/api/rooms/other/join-tokens", kParticipant, 401, 404, 404, 404, 404},
      {"DELETE", "/api/rooms/other", "", 401, 404, 404, 404, 404},
      {"DELETE", "/api/rooms/board", "", 401, 403, 403, 403, 204},
  };
  for (const Case& one : kCases) {
    const std::string what = std::string(one.method) + " " + one.path + " " + one.body;
    Browser guest(*this);
    EXPECT_EQ(guest.ask(one.method, one.path, one.body).status, one.guest) << what << " by a guest";
    const std::pair<Browser*, int> people[] = {
        {&sam_, one.stranger}, {&paul_, one.member}, {&cora_, one.cohost}, {&ada_, one.owner}};
    for (const auto& [person, expected] : people) {
      if (expected != 204) {
        EXPECT_EQ(by_token(*person, one.method, one.path, one.body).status, expected) << what;
      }
      EXPECT_EQ(person->ask(one.method, one.path, one.body).status, expected) << what;
    }
  }
}

TEST_F(RoomRoutesTest, ShowsTheSameRoomToEachAsTheirs) {
  const std::pair<Browser*, const char*> people[] = {
      {&ada_, "owner"}, {&cora_, "cohost"}, {&paul_, "participant"}, {&sam_, "null"}};
  for (const auto& [person, you] : people) {
    const Answer answer = person->ask("GET", "/api/rooms/BOARD");
    EXPECT_EQ(answer.text("you"), you);
    EXPECT_EQ(answer.text("locked"), "true");
    EXPECT_EQ(answer.text("waitingRoom"), "false");
    EXPECT_EQ(answer.text("membersOnly"), "false");
    EXPECT_EQ(answer.text("lecture"), "false");
    EXPECT_EQ(answer.text("kept"), "true");
    EXPECT_EQ(answer.text("participants"), "[]");
  }
  EXPECT_EQ(sam_.ask("GET", "/api/rooms").text("rooms"), "[]");
  for (Browser* const person : {&ada_, &cora_, &paul_}) {
    EXPECT_EQ(person->ask("GET", "/api/rooms").body.find("rooms")->as_array()->size(), 1u);
  }
}

TEST_F(RoomRoutesTest, MakesARoomWithSettings) {
  const Answer made = ada_.ask(
      "POST", "/api/rooms",
      R"({"name":"Talk","waitingRoom":true,"membersOnly":true,"permissions":{"microphone":false,"camera":false,"screen":false,"chat":true,"todo":true}})");
  EXPECT_EQ(made.status, 201);
  const Json* const room = made.body.find("room");
  ASSERT_NE(room, nullptr);
  EXPECT_EQ(*room->find("name"), Json("talk"));
  EXPECT_EQ(*room->find("locked"), Json(false));
  EXPECT_EQ(*room->find("waitingRoom"), Json(true));
  EXPECT_EQ(*room->find("you"), Json("owner"));
  EXPECT_EQ(*room->find("permissions")->find("microphone"), Json(false));

  const Answer changed = ada_.ask("PATCH", "/api/rooms/talk", R"({"membersOnly":false})");
  EXPECT_EQ(*changed.body.find("room")->find("membersOnly"), Json(false));
  EXPECT_EQ(*changed.body.find("room")->find("waitingRoom"), Json(true));
}

TEST_F(RoomRoutesTest, MakesUpANameThatCanBeReadAloud) {
  const Answer made = ada_.ask("POST", "/api/rooms", "{}");
  const std::string name = *made.body.find("room")->find("name")->as_string();
  EXPECT_EQ(name.size(), 12u);
  EXPECT_EQ(name[3], '-');
  EXPECT_EQ(name[8], '-');
}

TEST_F(RoomRoutesTest, NamesTheFieldThatIsMalformed) {
  struct Case {
    const char* method;
    std::string path;
    std::string body;
    const char* field;
  };
  const std::string longest(65, 'x');
  const std::string rooms = "/api/rooms", board = "/api/rooms/board";
  const Case cases[] = {
      {"POST", rooms, R"({"name":""})", "name"},
      {"POST", rooms, R"({"name":"a b"})", "name"},
      {"POST", rooms, R"({"name":"../etc"})", "name"},
      {"POST", rooms, R"({"name":"<script>"})", "name"},
      {"POST", rooms, R"({"name":")" + longest + R"("})", "name"},
      {"POST", rooms, R"({"locked":"yes"})", "locked"},
      {"POST", rooms, R"({"waitingRoom":1})", "waitingRoom"},
      {"POST", rooms, R"({"membersOnly":[]})", "membersOnly"},
      {"POST", rooms, R"({"permissions":{}})", "permissions.microphone"},
      {"POST", rooms, R"({"owner":1})", "owner"},
      {"PATCH", board, R"({"name":"mine"})", "name"},
      {"PATCH", board, R"({"locked":0})", "locked"},
      {"PATCH", "/api/rooms/a%20b", R"({"locked":true})", "name"},
      {"PATCH", "/api/rooms/" + longest, R"({"locked":true})", "name"},
      {"GET", "/api/rooms/-x", "", "name"},
      {"PUT", board + "/members/sam", R"({})", "role"},
      {"PUT", board + "/members/sam", R"({"role":"owner"})", "role"},
      {"PUT", board + "/members/sam", R"({"role":"admin"})", "role"},
      {"POST", board + "/join-tokens", R"({"expiresInSeconds":60})", "name"},
      {"POST", board + "/join-tokens", R"({"name":"\u0000","expiresInSeconds":60})", "name"},
      {"POST", board + "/join-tokens", R"({"name":"G"})", "expiresInSeconds"},
      {"POST", board + "/join-tokens", R"({"name":"G","expiresInSeconds":9})", "expiresInSeconds"},
      {"POST", board + "/join-tokens", R"({"name":"G","expiresInSeconds":604801})",
       "expiresInSeconds"},
      {"POST", board + "/join-tokens", R"({"name":"G","expiresInSeconds":60,"role":"owner"})",
       "role"},
      {"POST", board + "/join-tokens", R"({"name":"G","expiresInSeconds":60,"permissions":true})",
       "permissions"},
      {"POST", board + "/join-tokens", R"({"name":"G","expiresInSeconds":60,"room":"x"})", "room"},
  };
  for (const Case& one : cases) {
    const Answer answer = ada_.ask(one.method, one.path, one.body);
    EXPECT_EQ(answer.status, 400) << one.path << one.body;
    EXPECT_EQ(answer.text("field"), one.field) << one.path << one.body;
  }
}

TEST_F(RoomRoutesTest, ListsMembersTheOwnerFirst) {
  const Answer answer = cora_.ask("GET", "/api/rooms/board/members");
  const Json::Array& members = *answer.body.find("members")->as_array();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].to_text(),
            R"({"user":{"id":1,"name":"ada","displayName":"ada"},"role":"owner"})");
}

TEST_F(RoomRoutesTest, TakesMembersOut) {
  EXPECT_EQ(ada_.ask("DELETE", "/api/rooms/board/members/cora").status, 204);
  EXPECT_EQ(cora_.ask("GET", "/api/rooms/board").text("you"), "null");
  EXPECT_EQ(paul_.ask("DELETE", "/api/rooms/board/members/paul").status, 204);
  EXPECT_EQ(paul_.ask("GET", "/api/rooms/board").text("you"), "null");
  EXPECT_EQ(paul_.ask("DELETE", "/api/rooms/board/members/paul").status, 403);
}

TEST_F(RoomRoutesTest, MintsTokensThatSayWhatWasAsked) {
  const Answer answer = ada_.ask(
      "POST", "/api/rooms/Board/join-tokens",
      R"({"name":" Grace ","role":"cohost","permissions":{"microphone":true,"camera":false,"screen":true,"chat":true,"todo":true},"expiresInSeconds":60})");
  EXPECT_EQ(answer.text("url"), "http://parley.test/room/board#token=" + answer.text("token"));
  const auto grant = join_tokens_.verify(answer.text("token"), unix_now());
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->room, "board");
  EXPECT_EQ(grant->name, "Grace");
  EXPECT_EQ(grant->role, store::Role::kCohost);
  ASSERT_TRUE(grant->permissions.has_value());
  EXPECT_FALSE(grant->permissions->camera);
  EXPECT_FALSE(join_tokens_.verify(answer.text("token"), unix_now() + std::chrono::minutes{1}));
}

TEST_F(RoomRoutesTest, ForgetsADeletedRoomAndItsTokens) {
  const auto mint = [&] {
    const Answer answer = ada_.ask("POST", "/api/rooms/board/join-tokens",
                                   R"({"name":"Grace","expiresInSeconds":60})");
    return join_tokens_.verify(answer.text("token"), unix_now()).value().room_id;
  };
  const store::RoomId first = mint();
  EXPECT_EQ(ada_.ask("DELETE", "/api/rooms/board").status, 204);
  EXPECT_EQ(ada_.ask("DELETE", "/api/rooms/board").status, 404);
  EXPECT_EQ(ask("GET", "/api/rooms/board", "", {}).text("kept"), "false");
  EXPECT_EQ(ada_.ask("POST", "/api/rooms", R"({"name":"board"})").status, 201);
  EXPECT_NE(mint(), first);
}

TEST_F(RoomRoutesTest, GivesNobodyWhatGuestsLeft) {
  const auto room = storage_.await(
      [](store::Store& store) { return store.rooms().find_or_add("lounge", unix_now()); });
  ASSERT_TRUE(room.has_value());
  EXPECT_EQ(ask("GET", "/api/rooms/lounge", "", {}).text("kept"), "false");
  EXPECT_EQ(ada_.ask("PATCH", "/api/rooms/lounge", R"({"locked":true})").status, 404);
  EXPECT_EQ(ada_.ask("POST", "/api/rooms", R"({"name":"lounge"})").status, 201);
  const auto now = storage_.await([](store::Store& store) { return store.rooms().find("lounge"); });
  EXPECT_NE((*now)->id, room->id);
}

}  // namespace
}  // namespace parley::server

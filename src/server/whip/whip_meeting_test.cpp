#include "server/whip/test_whip.h"

// Programs in a meeting: what they see of it, and what it does with them.
namespace parley::server {
namespace {

class WhipMeetingTest : public WhipTest {
 protected:
  using WhipTest::WhipTest;

  meeting::ConnectionId host() {
    const auto id = people_.join("Ada");
    storage_.settle();
    return id;
  }
  void say(meeting::ConnectionId who, std::string_view event, Json body) {
    people_.say(who, event, std::move(body));
    storage_.settle();
  }
  // Joins, and gives its sid as media hears it.
  std::string publisher(std::string_view name) {
    desk_.asked.clear();
    EXPECT_EQ(publish("/whip/daily?name=" + std::string(name)).status, 201);
    return desk_.take<meeting::Connect>().at(0).first;
  }
  // "camera of b" of the pictures that the player `sid` asks for; "nothing new".
  std::string view_of(std::string_view sid) {
    std::string text = "nothing new";
    for (const auto& [who, view] : desk_.take<meeting::SetView>()) {
      if (who != sid) continue;
      text.clear();
      for (const meeting::ViewTile& tile : view.tiles) {
        text += (text.empty() ? "" : ", ") + std::string(name_of(tile.source)) + " of " + tile.sid;
      }
    }
    return text;
  }
  static std::string_view name_of(meeting::PictureSource source) {
    return source == meeting::PictureSource::kCamera ? "camera" : "screen";
  }
  std::string player(std::string_view path = "/whep/daily") {
    desk_.asked.clear();
    EXPECT_EQ(play(path).status, 201);
    return desk_.asked.at(0).sid;
  }
  void speak(std::vector<std::string> sids) {
    desk_.tell({"daily", "", meeting::SpeakersChanged{std::move(sids)}});
  }
  Json about(std::string_view sid) { return Json::Object{{"sid", sid}}; }
};

TEST_F(WhipMeetingTest, APlayerWaitsForAPictureAndFollowsWhoSpeaks) {
  const std::string player_sid = player();
  EXPECT_EQ(view_of(player_sid), "");
  const std::string stage = publisher("Stage");
  desk_.asked.clear();
  const std::string other = publisher("Other");
  EXPECT_EQ(view_of(player_sid), "nothing new");
  speak({other});
  EXPECT_EQ(view_of(player_sid), "camera of " + other);
  speak({stage});
  EXPECT_EQ(view_of(player_sid), "camera of " + stage);
}

TEST_F(WhipMeetingTest, APlayerSeesWhoIsThereAlready) {
  const std::string stage = publisher("Stage");
  const std::string player_sid = player();
  EXPECT_EQ(view_of(player_sid), "camera of " + stage);
}

TEST_F(WhipMeetingTest, APlayerOfALectureIsSentOneStreamAndDrawnInNone) {
  const auto ada = host();
  say(ada, "settings", Json::Object{{"lecture", true}});
  desk_.asked.clear();
  EXPECT_EQ(play().status, 201);
  EXPECT_FALSE(desk_.take<meeting::Connect>().at(0).second.person.on_stage);
  say(ada, "settings", Json::Object{{"lecture", false}});
  desk_.asked.clear();
  EXPECT_EQ(play().status, 201);
  EXPECT_FALSE(desk_.take<meeting::Connect>().at(0).second.person.on_stage) << "a meeting";
}

TEST_F(WhipMeetingTest, AnAddressSaysWhomAPlayerShows) {
  publisher("Stage");
  const std::string other = publisher("Other");
  const std::string player_sid = player("/whep/daily?show=Other&source=camera");
  EXPECT_EQ(view_of(player_sid), "camera of " + other);
}

TEST_F(WhipMeetingTest, AHostMutesAProgramAndAsksForItAgain) {
  const auto ada = host();
  const std::string stage = publisher("Stage");
  say(ada, "mute", Json::Object{{"sid", stage}, {"source", "microphone"}});
  EXPECT_TRUE(roster().contains(R"("name":"Stage","micinf":false,"vidinf":true)")) << roster();
  EXPECT_FALSE(desk_.take<meeting::SetSending>().at(0).second.microphone);
  const auto ask_for = [&](std::string_view source, bool on) {
    say(ada, "ask", Json::Object{{"sid", stage}, {"source", source}, {"on", on}});
  };
  ask_for("microphone", true);
  EXPECT_TRUE(roster().contains(R"("name":"Stage","micinf":true,"vidinf":true)")) << roster();
  EXPECT_TRUE(desk_.take<meeting::SetSending>().at(0).second.microphone);
  // It has no screen to share, and what is to be off a host switches off.
  ask_for("screen", true);
  ask_for("camera", false);
  EXPECT_TRUE(roster().contains(R"("micinf":true,"vidinf":true,"scrinf":false)")) << roster();
}

TEST_F(WhipMeetingTest, AHostsPermissionsHoldForPrograms) {
  say(host(), "settings",
      Json::parse(R"({"permissions":{"microphone":false,"camera":true,"screen":true,)"
                  R"("chat":true,"todo":true}})")
          .value());
  EXPECT_EQ(publish().status, 201);
  EXPECT_TRUE(roster().contains(R"("name":"OBS","micinf":false,"vidinf":true)")) << roster();
  const auto connects = desk_.take<meeting::Connect>();
  EXPECT_FALSE(connects.at(0).second.sending.microphone);
  EXPECT_TRUE(connects.at(0).second.sending.camera);
}

TEST_F(WhipMeetingTest, WhomAHostRemovesIsGone) {
  const auto ada = host();
  const Answer session = publish();
  const std::string sid = desk_.take<meeting::Connect>().at(0).first;
  say(ada, "remove", about(sid));
  EXPECT_EQ(ask("DELETE", session.header("Location")).status, 404);
  EXPECT_EQ(desk_.take<meeting::Disconnect>().at(0).first, sid);
  EXPECT_EQ(door_.counters().open, 0u);
  EXPECT_EQ(door_.counters().broken, 0u);
}

TEST_F(WhipMeetingTest, GoesWithTheMeeting) {
  const auto ada = host();
  const std::string url = publish().header("Location");
  say(ada, "end", Json::Object{});
  EXPECT_EQ(ask("DELETE", url).status, 404);
  EXPECT_EQ(roster(), kEmpty);
}

TEST_F(WhipMeetingTest, EndsASessionWhoseMediaHasFailed) {
  host();
  const Answer session = publish();
  fail(desk_.take<meeting::Connect>().at(0).first);
  EXPECT_EQ(ask("DELETE", session.header("Location")).status, 404);
  EXPECT_EQ(door_.counters().broken, 1u);
  EXPECT_FALSE(roster().contains("OBS")) << roster();
}

TEST_F(WhipMeetingTest, EndsASessionWhoseMediaFailsWhileItIsRestarted) {
  host();
  const Answer session = publish();
  const std::string url = session.header("Location");
  const std::string sid = desk_.take<meeting::Connect>().at(0).first;
  desk_.silent = true;
  http::TestClient client(loop_, address_);
  client.send(request("PATCH", url, "a=ice-ufrag:anew\r\na=ice-pwd:password\r\n",
                      {{"Content-Type", "application/trickle-ice-sdpfrag"}, {"If-Match", "*"}}));
  EXPECT_TRUE(client.wait_until([&] { return !desk_.asked.empty(); }));
  fail(sid);
  EXPECT_TRUE(client.receive_past("\r\n\r\n").starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(ask("DELETE", url).status, 404);
  EXPECT_EQ(door_.counters().open, 0u);
  EXPECT_EQ(door_.counters().broken, 1u);
  EXPECT_EQ(door_.counters().refused, 0u);
  EXPECT_FALSE(roster().contains("OBS")) << roster();
}

TEST_F(WhipMeetingTest, KeepsNobodyWhoseRoomCarriesNoMedia) {
  people_.say(meeting_.add(people_), "join",
              Json::Object{{"room", "daily"},
                           {"name", "Ada"},
                           {"micinf", true},
                           {"vidinf", true},
                           {"topology", "p2p"}});
  storage_.settle();
  const Answer answer = publish();
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.says("peer to peer")) << answer.body;
  EXPECT_FALSE(roster().contains("OBS")) << roster();
}

TEST_F(WhipMeetingTest, TellsAProgramThatAHostWouldHaveToLetItIn) {
  const auto ada = host();
  say(ada, "settings", Json::Object{{"waitingRoom", true}});
  const Answer knock = publish();
  EXPECT_EQ(knock.status, 403);
  EXPECT_TRUE(knock.says("join token")) << knock.body;
  say(ada, "settings", Json::Object{{"waitingRoom", false}, {"locked", true}});
  EXPECT_EQ(publish().status, 403);
  EXPECT_EQ(door_.counters().refused, 2u);
  EXPECT_EQ(door_.counters().open, 0u);
  EXPECT_FALSE(roster().contains("OBS")) << roster();
}

TEST_F(WhipMeetingTest, EndsWithTheServer) {
  const std::string url = publish().header("Location");
  meeting_.close("restart");
  EXPECT_EQ(ask("DELETE", url).status, 404);
  EXPECT_EQ(publish().status, 503);
}

class FullRoomTest : public WhipMeetingTest {
 protected:
  FullRoomTest() : WhipMeetingTest(meeting::RoomsConfig{.max_participants = 1}) {}
};

TEST_F(FullRoomTest, IsNotJoined) {
  EXPECT_EQ(publish().status, 201);
  const Answer full = play();
  EXPECT_EQ(full.status, 503);
  EXPECT_FALSE(full.header("Retry-After").empty());
}

class ClosedTest : public WhipMeetingTest {
 protected:
  ClosedTest() : WhipMeetingTest(meeting::RoomsConfig{.guests = false}) {}
};

TEST_F(ClosedTest, AsksForAToken) {
  EXPECT_EQ(publish().status, 401);
  EXPECT_EQ(roster(), kEmpty);
}

TEST_F(WhipMeetingTest, OfALectureAPublisherWithoutATokenSendsOnceItIsLetUp) {
  const auto ada = host();
  say(ada, "settings", Json::Object{{"lecture", true}});
  const std::string obs = publisher("OBS");
  EXPECT_TRUE(roster().contains(R"("lecture":true,"audience":1)")) << roster();
  desk_.asked.clear();
  say(ada, "stage", Json::Object{{"sid", obs}, {"on", true}});
  const auto let = desk_.take<meeting::SetSending>();
  ASSERT_FALSE(let.empty());
  EXPECT_TRUE(let.back().second.microphone && let.back().second.camera);
  EXPECT_TRUE(roster().contains(R"({"name":"OBS","micinf":true,"vidinf":true)")) << roster();
}

}  // namespace
}  // namespace parley::server

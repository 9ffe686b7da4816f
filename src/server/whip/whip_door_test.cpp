#include "server/whip/whip_door.h"

#include "server/whip/test_whip.h"

// The URLs of WHIP and WHEP: what they answer.
namespace parley::server {
namespace {

using WhipDoorTest = WhipTest;

TEST_F(WhipDoorTest, AnswersAnOfferAndPutsThePublisherIntoTheRoom) {
  const Answer answer = publish();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Content-Type"), "application/sdp");
  EXPECT_TRUE(answer.header("Location").starts_with("/whip/daily/"));
  EXPECT_TRUE(answer.header("ETag").starts_with("\""));
  EXPECT_EQ(answer.header("Accept-Patch"), "application/trickle-ice-sdpfrag");
  EXPECT_EQ(answer.body, *desk_.answer);
  EXPECT_TRUE(roster().contains(R"("topology":"sfu")")) << roster();
  EXPECT_TRUE(roster().contains(R"("name":"OBS","micinf":true,"vidinf":true)")) << roster();
  const auto connects = desk_.take<meeting::Connect>();
  ASSERT_EQ(connects.size(), 1u);
  EXPECT_EQ(connects[0].second.offer.sources, (meeting::Sources{{"0", meeting::Source::kMicrophone},
                                                                {"1", meeting::Source::kCamera}}));
  EXPECT_EQ(door_.counters().published, 1u);
  EXPECT_EQ(door_.counters().open, 1u);
}

TEST_F(WhipDoorTest, TellsOfIceServersByLinks) {
  const Answer answer = publish();
  EXPECT_TRUE(answer.says("\r\nLink: <stun:meet:3478>; rel=\"ice-server\"\r\n")) << answer.head;
  EXPECT_TRUE(
      answer.says("\r\nLink: <turn:meet:3478?transport=udp>; rel=\"ice-server\"; username=\""))
      << answer.head;
  EXPECT_TRUE(answer.says("; credential-type=\"password\"\r\n"));
}

TEST_F(WhipDoorTest, LetsAPlayerInAndAnswersItByOneStream) {
  const Answer answer =
      post("/whep/daily", offer("sendrecv"), {{"Content-Type", "application/sdp; charset=utf-8"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(answer.header("Location").starts_with("/whep/daily/"));
  EXPECT_TRUE(answer.body.contains("a=msid:parley slot-0\r\n")) << answer.body;
  EXPECT_TRUE(roster().contains(R"("name":"Player","micinf":false,"vidinf":false)")) << roster();
  const auto connects = desk_.take<meeting::Connect>();
  ASSERT_EQ(connects.size(), 1u);
  EXPECT_TRUE(connects[0].second.offer.sdp.contains("a=recvonly"));
  EXPECT_FALSE(connects[0].second.offer.sdp.contains("a=sendrecv"));
  EXPECT_EQ(door_.counters().played, 1u);
}

TEST_F(WhipDoorTest, SharesAScreenWhereTheAddressSaysSo) {
  EXPECT_EQ(publish("/whip/daily?source=screen").status, 201);
  EXPECT_TRUE(roster().contains(R"("micinf":false,"vidinf":false,"scrinf":true)")) << roster();
  EXPECT_EQ(desk_.take<meeting::Connect>().at(0).second.offer.sources.at("1"),
            meeting::Source::kScreen);
}

TEST_F(WhipDoorTest, NamesTheWordsThatAnAddressMayAskBy) {
  const Answer view = play("/whep/daily?view=tiles");
  EXPECT_EQ(view.status, 400);
  EXPECT_EQ(view.header("Content-Type"), "application/problem+json");
  EXPECT_TRUE(view.says(R"("detail":"It can be \"all\" or \"each\", or be left out.")"))
      << view.body;
  EXPECT_TRUE(view.says(R"("field":"view")")) << view.body;
  for (const std::string_view path : {"/whip/daily?source=window", "/whep/daily?source=window"}) {
    const Answer source = post(path, offer("sendrecv"));
    EXPECT_EQ(source.status, 400) << path;
    EXPECT_TRUE(source.says(R"("field":"source")")) << source.body;
  }
  EXPECT_EQ(roster(), kEmpty);
  EXPECT_EQ(door_.counters().refused, 3u);
  // What a publisher does not know it passes over, and an empty word is none.
  EXPECT_EQ(publish("/whip/daily?view=tiles&source=").status, 201);
  for (const std::string_view view_of : {"all", "each"}) {
    EXPECT_EQ(play("/whep/daily?view=" + std::string(view_of)).status, 201) << view_of;
  }
}

TEST_F(WhipDoorTest, EndsASessionThatIsDeleted) {
  const std::string url = publish().header("Location");
  EXPECT_EQ(ask("DELETE", url).status, 200);
  EXPECT_EQ(roster(), kEmpty);
  EXPECT_EQ(ask("DELETE", url).status, 404);
  EXPECT_EQ(patch(url, "*", "anew").status, 404);
  EXPECT_EQ(door_.counters().open, 0u);
}

TEST_F(WhipDoorTest, KnowsASessionByItsOwnUrlOnly) {
  const std::string url = publish().header("Location");
  EXPECT_EQ(ask("DELETE", "/whep" + url.substr(5)).status, 404);
  EXPECT_EQ(ask("DELETE", url + "x").status, 404);
  EXPECT_EQ(door_.counters().open, 1u);
}

TEST_F(WhipDoorTest, TakesCandidatesWithoutAWord) {
  const Answer session = publish();
  const Answer taken = patch(session.header("Location"), session.header("ETag"), "theirs");
  EXPECT_EQ(taken.status, 204);
  EXPECT_EQ(taken.header("ETag"), "");
  EXPECT_EQ(ask("PATCH", session.header("Location"),
                "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 4 typ host\r\n",
                {{"Content-Type", "application/trickle-ice-sdpfrag"},
                 {"If-Match", session.header("ETag")}})
                .status,
            204);
  EXPECT_EQ(door_.counters().restarts, 0u);
}

TEST_F(WhipDoorTest, RestartsIceForOtherCredentials) {
  const Answer session = publish();
  desk_.take<meeting::Connect>();
  const Answer restarted = patch(session.header("Location"), session.header("ETag"), "anew");
  EXPECT_EQ(restarted.status, 200);
  EXPECT_EQ(restarted.header("Content-Type"), "application/trickle-ice-sdpfrag");
  EXPECT_TRUE(restarted.body.contains("a=ice-ufrag:ours"));
  EXPECT_NE(restarted.header("ETag"), session.header("ETag"));
  const auto connects = desk_.take<meeting::Connect>();
  ASSERT_EQ(connects.size(), 1u);
  EXPECT_TRUE(connects[0].second.renegotiate);
  EXPECT_TRUE(connects[0].second.offer.sdp.contains("a=ice-ufrag:anew"));
  EXPECT_EQ(connects[0].second.offer.sources.at("1"), meeting::Source::kCamera);
  // Of the ICE session before there is nothing more to say.
  EXPECT_EQ(patch(session.header("Location"), session.header("ETag"), "again").status, 412);
  EXPECT_EQ(patch(session.header("Location"), restarted.header("ETag"), "anew").status, 204);
  EXPECT_EQ(patch(session.header("Location"), "*", "again").status, 200);
  EXPECT_EQ(patch(session.header("Location"), "\"*\"", "anew").status, 200);
  EXPECT_EQ(door_.counters().restarts, 3u);
}

TEST_F(WhipDoorTest, KeepsTheIceSessionWhereARestartIsRefused) {
  const Answer session = publish();
  const std::string url = session.header("Location"), etag = session.header("ETag");
  const auto good = std::exchange(desk_.answer, std::unexpected("no new ICE credentials"));
  const Answer refused = patch(url, etag, "anew");
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.says("no new ICE credentials"));
  EXPECT_EQ(patch(url, etag, "theirs").status, 204) << "it is the current one still";
  desk_.answer = good;
  EXPECT_EQ(patch(url, etag, "anew").status, 200);
  EXPECT_EQ(door_.counters().restarts, 1u);
}

TEST_F(WhipDoorTest, RestartsOneAtATime) {
  const Answer session = publish();
  desk_.silent = true;
  http::TestClient first(loop_, address_);
  first.send(request("PATCH", session.header("Location"),
                     "a=ice-ufrag:anew\r\na=ice-pwd:password\r\n",
                     {{"Content-Type", "application/trickle-ice-sdpfrag"}, {"If-Match", "*"}}));
  EXPECT_TRUE(first.wait_until([&] { return desk_.asked.size() == 2; }));
  EXPECT_EQ(patch(session.header("Location"), "*", "other").status, 409);
}

TEST_F(WhipDoorTest, TellsARestartThatItsSessionWasDeleted) {
  const Answer session = publish();
  const std::string url = session.header("Location");
  desk_.silent = true;
  http::TestClient first(loop_, address_);
  first.send(request("PATCH", url, "a=ice-ufrag:anew\r\na=ice-pwd:password\r\n",
                     {{"Content-Type", "application/trickle-ice-sdpfrag"}, {"If-Match", "*"}}));
  EXPECT_TRUE(first.wait_until([&] { return desk_.asked.size() == 2; }));
  EXPECT_EQ(ask("DELETE", url).status, 200);
  EXPECT_TRUE(first.receive_past("\r\n\r\n").starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(ask("DELETE", url).status, 404);
  EXPECT_EQ(roster(), kEmpty);
  EXPECT_EQ(door_.counters().refused, 0u);
}

TEST_F(WhipDoorTest, AsksAPatchForTheSessionThatItIsAbout) {
  const Answer session = publish();
  const std::string url = session.header("Location");
  EXPECT_EQ(patch(url, "", "x").status, 428);
  EXPECT_EQ(patch(url, "\"other\"", "x").status, 412);
  EXPECT_EQ(patch(url, "\"other\", " + session.header("ETag"), "theirs").status, 204);
  EXPECT_EQ(ask("PATCH", url, "hello",
                {{"Content-Type", "application/trickle-ice-sdpfrag"}, {"If-Match", "*"}})
                .status,
            400);
  const Answer typed = ask("PATCH", url, "{}", {{"Content-Type", "application/json"}});
  EXPECT_EQ(typed.status, 415);
  EXPECT_EQ(typed.header("Accept-Patch"), "application/trickle-ice-sdpfrag");
}

TEST_F(WhipDoorTest, NamesTheMethodsThatItKnows) {
  for (const char* method : {"PUT", "PATCH", "DELETE"}) {
    const Answer answer = ask(method, "/whip/daily");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST, OPTIONS");
  }
  const std::string url = publish().header("Location");
  for (const char* method : {"PUT", "POST"}) {
    const Answer answer = ask(method, url);
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, PATCH, DELETE, OPTIONS");
  }
}

TEST_F(WhipDoorTest, HasNothingToShowToWhoReads) {
  const std::string url = publish().header("Location");
  for (const char* method : {"GET", "HEAD"}) {
    EXPECT_EQ(ask(method, "/whip/daily").status, 204) << method;
    EXPECT_EQ(ask(method, url).status, 204) << method;
    EXPECT_EQ(ask(method, url + "x").status, 404) << method;
  }
}

TEST_F(WhipDoorTest, SaysWhatIsWrongWithAnOffer) {
  const Answer typed = ask("POST", "/whip/daily", offer("sendonly"));
  EXPECT_EQ(typed.status, 415);
  EXPECT_EQ(typed.header("Accept-Post"), "application/sdp");
  EXPECT_EQ(post("/whip/daily", "hello").status, 400);
  EXPECT_EQ(post("/whip/daily", offer("recvonly")).status, 400);
  EXPECT_EQ(post("/whep/daily", offer("sendonly")).status, 400);
  EXPECT_EQ(publish("/whip/-nope-").status, 400);
  EXPECT_TRUE(publish("/whip/daily?name=").says("name"));
  EXPECT_EQ(post("/whip/daily", std::string((64 << 10) + 1, 'a')).status, 413);
  desk_.answer = std::unexpected("the offer has no fingerprint");
  const Answer refused = publish();
  EXPECT_EQ(refused.status, 400) << refused.head;
  EXPECT_TRUE(refused.says("the offer has no fingerprint"));
  EXPECT_TRUE(refused.says(R"("field":"offer")"));
  EXPECT_EQ(door_.counters().refused, 7u);
  EXPECT_EQ(door_.counters().open, 0u);
  EXPECT_EQ(roster(), kEmpty);
}

TEST_F(WhipDoorTest, LetsABearerInByTheTokenAlone) {
  meeting_.set_token_verifier([](std::string_view token) -> std::optional<meeting::JoinClaim> {
    if (token != "good") return std::nullopt;
    return meeting::JoinClaim{.room = "daily", .name = "Stage"};
  });
  const Answer refused = post("/whip/daily", offer("sendonly"), {{"Authorization", "Bearer bad"}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(post("/whip/other", offer("sendonly"), {{"Authorization", "Bearer good"}}).status, 401);
  EXPECT_EQ(post("/whip/daily", offer("sendonly"), {{"Authorization", "bearer good"}}).status, 201);
  EXPECT_TRUE(roster().contains(R"("name":"Stage")")) << roster();
}

TEST_F(WhipDoorTest, TakesNoMoreThanItsLimit) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(publish().status, 201);
  const Answer full = publish();
  EXPECT_EQ(full.status, 503);
  EXPECT_FALSE(full.header("Retry-After").empty());
  EXPECT_EQ(door_.counters().refused, 1u);
}

TEST_F(WhipDoorTest, TakesNoMoreFromOneAddressThanItsLimit) {
  const auto from = [&](std::string_view address) {
    return post("/whip/daily", offer("sendonly"), {{"X-Forwarded-For", std::string(address)}});
  };
  const std::string first = from("203.0.113.7").header("Location");
  EXPECT_EQ(from("203.0.113.7").status, 201);
  const Answer full = from("203.0.113.7");
  EXPECT_EQ(full.status, 429);
  EXPECT_FALSE(full.header("Retry-After").empty());
  EXPECT_EQ(ask("DELETE", first).status, 200);
  EXPECT_EQ(from("203.0.113.7").status, 201);
  EXPECT_EQ(from("203.0.113.8").status, 201);
}

TEST_F(WhipDoorTest, LetsPagesOfFriendsAskAndRead) {
  const Headers friends = {{"Origin", "https://friend.example"}};
  const Answer preflight = ask("OPTIONS", "/whip/daily", "", friends);
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.header("Accept-Post"), "application/sdp");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://friend.example");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "POST, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"),
            "Authorization, Content-Type, If-Match");
  const Answer answer = post("/whip/daily", offer("sendonly"), friends);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://friend.example");
  EXPECT_TRUE(answer.header("Access-Control-Expose-Headers").contains("Location, ETag, Link"));
  EXPECT_EQ(answer.header("Vary"), "Origin");
  const std::string url = answer.header("Location");
  EXPECT_EQ(ask("OPTIONS", url, "", friends).status, 200);
  EXPECT_EQ(ask("DELETE", url, "", friends).header("Access-Control-Allow-Origin"),
            "https://friend.example");
  EXPECT_EQ(publish().header("Access-Control-Allow-Origin"), "");
}

TEST_F(WhipDoorTest, TurnsOtherPagesAway) {
  const Headers foes = {{"Origin", "https://foe.example"}};
  EXPECT_EQ(post("/whip/daily", offer("sendonly"), foes).status, 403);
  EXPECT_EQ(ask("OPTIONS", "/whip/daily", "", foes).status, 403);
  const std::string url = publish().header("Location");
  EXPECT_EQ(ask("DELETE", url, "", foes).status, 403);
  EXPECT_EQ(door_.counters().open, 1u);
}

TEST_F(WhipDoorTest, ForgetsWhoGoesBeforeTheAnswer) {
  desk_.silent = true;
  {
    http::TestClient client(loop_, address_);
    client.send(
        request("POST", "/whip/daily", offer("sendonly"), {{"Content-Type", "application/sdp"}}));
    EXPECT_TRUE(client.wait_until([&] { return door_.counters().open == 1; }));
    client.close();
    EXPECT_TRUE(client.wait_until([&] { return door_.counters().open == 0; }));
  }
  EXPECT_EQ(roster(), kEmpty);
}

}  // namespace
}  // namespace parley::server

#include "meeting/rooms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "meeting/test_clients.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;
using testing::Test;
using Heard = std::vector<std::string>;

constexpr ConnectionId kAda{1};
constexpr ConnectionId kBob{2};
constexpr ConnectionId kCy{3};
constexpr ConnectionId kAdaAgain{11};

class RoomsTest : public Test {
 protected:
  void restart(RoomsConfig config = {}, std::uint64_t seed = 2) { clients_.emplace(config, seed); }

  Json join(ConnectionId who, std::string_view name, std::string_view resume = {},
            std::string_view room = "daily") {
    Json body = Json::parse(R"({"micinf":true,"vidinf":true})").value();
    body.set("room", room);
    body.set("name", name);
    if (!resume.empty()) body.set("resume", resume);
    return clients().ask_with(who, "join", std::move(body));
  }

  std::string sid_of(const Json& welcome) { return *welcome.find("sid")->as_string(); }
  std::string resume_of(const Json& welcome) { return *welcome.find("resume")->as_string(); }
  bool resumed(const Json& welcome) { return *welcome.find("resumed")->as_bool(); }
  std::string code(const Json& answer) {
    const Json* const error = answer.find("error");
    return error == nullptr ? "ok" : *error->find("code")->as_string();
  }

  // What is told without what hosts_test.cpp looks at: roles, hands, permissions and times.
  static std::string presence_of(std::string text) {
    static const std::regex rest(R"(,"role":"\w+","hand":null,"permissions":\{[^}]*\},)"
                                 R"("account":false,"joinedAt":\d+)");
    return std::regex_replace(text, rest, "");
  }

  // As others see a person.
  std::string view(std::string_view sid, std::string_view name, bool away = false) {
    return fmt::format(
        R"({{"sid":"{}","name":"{}","micinf":true,"vidinf":true,"scrinf":false,"away":{}}})", sid,
        name, away);
  }

  std::string offer(std::string_view to, std::string_view sdp = "v=0") {
    return fmt::format(R"({{"sid":"{}","type":"offer","sdp":"{}"}})", to, sdp);
  }

  TestClients& clients() { return *clients_; }
  Rooms& rooms() { return clients_->rooms(); }
  Heard heard(ConnectionId who) {
    Heard heard = clients_->heard(who);
    std::ranges::transform(heard, heard.begin(), presence_of);
    return heard;
  }
  void forget() {
    for (const ConnectionId who : {kAda, kBob, kCy, kAdaAgain}) heard(who);
  }

 private:
  std::optional<TestClients> clients_{std::in_place};
};

TEST_F(RoomsTest, WhoComesFirstFindsAnEmptyRoom) {
  const Json welcome = join(kAda, "Ada");
  EXPECT_EQ(*welcome.find("ok")->as_bool(), true);
  EXPECT_EQ(sid_of(welcome).size(), 12u);
  EXPECT_FALSE(resumed(welcome));
  EXPECT_EQ(*welcome.find("room")->as_string(), "daily");
  EXPECT_EQ(*welcome.find("topology")->as_string(), "p2p");
  EXPECT_TRUE(welcome.find("participants")->as_array()->empty());
  EXPECT_EQ(*welcome.find("graceSeconds")->as_int(), 30);
}

TEST_F(RoomsTest, WhoComesLaterIsToldOfThoseBeforeAndTheyOfHim) {
  const std::string ada = sid_of(join(kAda, "Ada"));
  const Json welcome = join(kBob, "Bob");
  EXPECT_EQ(presence_of(welcome.find("participants")->to_text()), "[" + view(ada, "Ada") + "]");
  EXPECT_EQ(heard(kAda), Heard{R"(joined {"participant":)" + view(sid_of(welcome), "Bob") + "}"});
  EXPECT_EQ(heard(kBob), Heard{});
}

TEST_F(RoomsTest, RoomsDoNotHearEachOther) {
  join(kAda, "Ada");
  join(kBob, "Bob", {}, "other");
  EXPECT_EQ(heard(kAda), Heard{});
  EXPECT_EQ(rooms().counters().rooms, 2u);
}

TEST_F(RoomsTest, NamesOfRoomsAreFoldedSoBothMeet) {
  join(kAda, "Ada", {}, "Daily");
  join(kBob, "Bob", {}, "dAILY");
  EXPECT_EQ(rooms().view("daily").participants.size(), 2u);
}

TEST_F(RoomsTest, TwoTabsOfOnePersonAreTwoParticipants) {
  const std::string first = sid_of(join(kAda, "Ada"));
  const std::string second = sid_of(join(kAdaAgain, "Ada"));
  EXPECT_NE(first, second);
  EXPECT_EQ(rooms().view("daily").participants.size(), 2u);
}

TEST_F(RoomsTest, WhoLeavesIsGoneAtOnceAndMayJoinAgain) {
  join(kAda, "Ada");
  const std::string bob = sid_of(join(kBob, "Bob"));
  forget();
  EXPECT_EQ(clients().ask(kBob, "leave").to_text(), R"({"ok":true})");
  EXPECT_EQ(heard(kAda), Heard{fmt::format(R"(left {{"sid":"{}","reason":"left"}})", bob)});
  EXPECT_EQ(code(clients().ask(kBob, "leave")), "not-joined");
  EXPECT_EQ(code(join(kBob, "Bob")), "ok");
}

TEST_F(RoomsTest, ARoomIsForgottenWithItsLastParticipant) {
  join(kAda, "Ada");
  clients().ask(kAda, "leave");
  EXPECT_EQ(rooms().counters().rooms, 0u);
  EXPECT_EQ(rooms().counters().participants, 0u);
  EXPECT_EQ(rooms().next_deadline(), kNever);
}

TEST_F(RoomsTest, MediaReachesTheOthersAndWhoComesLater) {
  const std::string ada = sid_of(join(kAda, "Ada"));
  join(kBob, "Bob");
  forget();
  clients().say(kAda, "media", R"({"micinf":false,"vidinf":true,"scrinf":true})");
  EXPECT_EQ(heard(kBob),
            Heard{fmt::format(R"(media {{"sid":"{}","micinf":false,"vidinf":true,"scrinf":true}})",
                              ada)});
  EXPECT_EQ(heard(kAda), Heard{});
  const Json welcome = join(kCy, "Cy");
  const ParticipantView seen =
      from_json<ParticipantView>(welcome.find("participants")->as_array()->front()).value();
  EXPECT_EQ(seen, (ParticipantView{.sid = ada,
                                   .name = "Ada",
                                   .vidinf = true,
                                   .scrinf = true,
                                   .role = Role::kOwner,
                                   .joined_at = 3'600'000}));
}

TEST_F(RoomsTest, DescriptionsAndCandidatesGoToOneWithTheCallersName) {
  const std::string ada = sid_of(join(kAda, "Ada"));
  const std::string bob = sid_of(join(kBob, "Bob"));
  join(kCy, "Cy");
  forget();
  EXPECT_EQ(clients().ask(kBob, "description", offer(ada)).to_text(), R"({"ok":true})");
  clients().say(kBob, "candidate", fmt::format(R"({{"sid":"{}","candidate":null}})", ada));
  EXPECT_EQ(
      heard(kAda),
      (Heard{fmt::format(R"(description {{"sid":"{}","cname":"Bob","type":"offer","sdp":"v=0"}})",
                         bob),
             fmt::format(R"(candidate {{"sid":"{}","cname":"Bob","candidate":null}})", bob)}));
  EXPECT_EQ(heard(kBob), Heard{});
  EXPECT_EQ(heard(kCy), Heard{});
}

TEST_F(RoomsTest, NobodyReachesHimselfNorAnotherRoom) {
  const std::string ada = sid_of(join(kAda, "Ada"));
  join(kBob, "Bob", {}, "other");
  EXPECT_EQ(code(clients().ask(kAda, "description", offer(ada))), "no-such-participant");
  EXPECT_EQ(code(clients().ask(kBob, "description", offer(ada))), "no-such-participant");
  EXPECT_EQ(code(clients().ask(kBob, "candidate", R"({"sid":"nobody","candidate":null})")),
            "no-such-participant");
  EXPECT_EQ(heard(kAda), Heard{});
}

TEST_F(RoomsTest, EventsOutOfOrderAreRefused) {
  EXPECT_EQ(code(clients().ask(kAda, "media", R"({"micinf":true,"vidinf":true,"scrinf":true})")),
            "not-joined");
  join(kAda, "Ada");
  EXPECT_EQ(code(join(kAda, "Ada")), "already-joined");
  EXPECT_EQ(code(clients().ask(kAda, "dance")), "unknown-event");
}

TEST_F(RoomsTest, ARefusalWithoutAnAcknowledgementIsAnErrorEvent) {
  clients().say(kAda, "leave", R"({"why":1})");
  EXPECT_EQ(heard(kAda),
            Heard{R"(error {"code":"invalid","message":"why: is not known here","field":"why"})"});
}

TEST_F(RoomsTest, WhoBreaksOffIsAwayAndGoneAfterTheGrace) {
  join(kAda, "Ada");
  const std::string bob = sid_of(join(kBob, "Bob"));
  forget();
  clients().lose(kBob);
  EXPECT_EQ(heard(kAda), Heard{fmt::format(R"(away {{"sid":"{}"}})", bob)});
  EXPECT_TRUE(rooms().view("daily").participants[1].away);
  clients().advance(30s - 1us);
  EXPECT_EQ(heard(kAda), Heard{});
  clients().advance(1us);
  EXPECT_EQ(heard(kAda), Heard{fmt::format(R"(left {{"sid":"{}","reason":"timeout"}})", bob)});
  EXPECT_EQ(rooms().counters().timeouts, 1u);
}

TEST_F(RoomsTest, WhoComesBackInTimeIsTheSameParticipant) {
  const Json first = join(kAda, "Ada");
  const std::string ada = sid_of(first);
  const std::string bob = sid_of(join(kBob, "Bob"));
  clients().say(kAda, "media", R"({"micinf":true,"vidinf":true,"scrinf":true})");
  clients().lose(kAda);
  clients().advance(29s);
  forget();
  const Json again = join(kAdaAgain, "Ada L.", resume_of(first));
  EXPECT_EQ(sid_of(again), ada);
  EXPECT_TRUE(resumed(again));
  EXPECT_EQ(presence_of(again.find("participants")->to_text()), "[" + view(bob, "Bob") + "]");
  EXPECT_EQ(heard(kBob),
            Heard{fmt::format(R"(back {{"participant":{{"sid":"{}","name":"Ada L.","micinf":true,)"
                              R"("vidinf":true,"scrinf":true,"away":false}}}})",
                              ada)});
  clients().advance(1h);
  EXPECT_EQ(rooms().view("daily").participants.size(), 2u);
  EXPECT_EQ(heard(kBob), Heard{});
}

TEST_F(RoomsTest, WhatWasSaidToSomeoneAwayFollowsInOrder) {
  const Json first = join(kAda, "Ada");
  const std::string ada = sid_of(first);
  join(kBob, "Bob");
  clients().lose(kAda);
  forget();
  EXPECT_EQ(code(clients().ask(kBob, "description", offer(ada))), "ok");
  clients().say(kBob, "candidate", fmt::format(R"({{"sid":"{}","candidate":null}})", ada));
  join(kAdaAgain, "Ada", resume_of(first));
  const Heard told = heard(kAdaAgain);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(told[0].starts_with("description ")) << told[0];
  EXPECT_TRUE(told[1].starts_with("candidate ")) << told[1];
  EXPECT_EQ(heard(kAda), Heard{});
}

TEST_F(RoomsTest, WhatWaitsForSomeoneAwayIsBounded) {
  const Json first = join(kAda, "Ada");
  join(kBob, "Bob");
  clients().lose(kAda);
  const std::string big(60'000, 'x');
  for (int i = 0; i < 6; ++i) clients().ask(kBob, "description", offer(sid_of(first), big));
  EXPECT_EQ(rooms().counters().missed_dropped, 2u);
  forget();
  join(kAdaAgain, "Ada", resume_of(first));
  EXPECT_EQ(heard(kAdaAgain).size(), 4u);

  clients().lose(kAdaAgain);
  for (int i = 0; i < 300; ++i) {
    clients().say(kBob, "candidate",
                  fmt::format(R"({{"sid":"{}","candidate":null}})", sid_of(first)));
  }
  EXPECT_GE(rooms().counters().missed_dropped, 2u + 44u);
}

TEST_F(RoomsTest, WhoComesBackByAnotherConnectionReplacesTheFirst) {
  const Json first = join(kAda, "Ada");
  join(kBob, "Bob");
  forget();
  const Json again = join(kAdaAgain, "Ada", resume_of(first));
  EXPECT_EQ(sid_of(again), sid_of(first));
  EXPECT_TRUE(resumed(again));
  EXPECT_EQ(heard(kAda), Heard{"replaced {}"});
  EXPECT_EQ(heard(kBob).size(), 1u);  // back
  EXPECT_EQ(code(clients().ask(kAda, "leave")), "not-joined");
  clients().lose(kAda);  // Harms nobody.
  EXPECT_EQ(heard(kBob), Heard{});
  EXPECT_EQ(rooms().view("daily").participants.size(), 2u);
}

TEST_F(RoomsTest, WhoComesBackTooLateIsNewUnderTheOldSid) {
  const Json first = join(kAda, "Ada");
  join(kBob, "Bob");
  clients().lose(kAda);
  clients().advance(5min);
  forget();
  const Json again = join(kAdaAgain, "Ada", resume_of(first));
  EXPECT_EQ(sid_of(again), sid_of(first));
  EXPECT_FALSE(resumed(again));
  EXPECT_TRUE(heard(kBob).front().starts_with("joined "));
}

TEST_F(RoomsTest, ARestartedServerFillsAgainUnderTheOldSids) {
  const Json ada = join(kAda, "Ada");
  const Json bob = join(kBob, "Bob");
  clients().advance(3h);
  restart();
  const Json bob_again = join(kBob, "Bob", resume_of(bob));
  EXPECT_EQ(sid_of(bob_again), sid_of(bob));
  EXPECT_FALSE(resumed(bob_again));
  EXPECT_EQ(sid_of(join(kAda, "Ada", resume_of(ada))), sid_of(ada));
  EXPECT_EQ(heard(kBob), Heard{R"(joined {"participant":)" + view(sid_of(ada), "Ada") + "}"});
}

TEST_F(RoomsTest, AResumeOfAnotherRoomServerOrTimeMakesANewParticipant) {
  const Json first = join(kAda, "Ada");
  clients().ask(kAda, "leave");
  EXPECT_NE(sid_of(join(kAda, "Ada", resume_of(first), "other")), sid_of(first));
  EXPECT_NE(sid_of(join(kBob, "Bob", "forged.9999999999.AAAA")), sid_of(first));
  clients().advance(24h + 1s);
  EXPECT_NE(sid_of(join(kCy, "Ada", resume_of(first))), sid_of(first));
  EXPECT_EQ(rooms().counters().bad_resumes, 3u);
  restart({.key = {9}});
  EXPECT_NE(sid_of(join(kCy, "Ada", resume_of(first))), sid_of(first));
}

TEST_F(RoomsTest, WhoIsInIsGivenIceServersAnew) {
  EXPECT_EQ(code(clients().ask(kAda, "iceServers")), "not-joined");
  const std::string ada = sid_of(join(kAda, "Ada"));
  EXPECT_EQ(clients().ask(kAda, "iceServers").to_text(),
            R"({"ok":true,"iceServers":[{"urls":["stun:)" + ada + R"("]}]})");
  clients().say(kAda, "iceServers");  // Without an acknowledgement there is nothing to tell.
  EXPECT_EQ(heard(kAda), Heard{});
}

TEST_F(RoomsTest, AResumeIsGoodAsLongAsItsParticipantIsThere) {
  const Json first = join(kAda, "Ada");
  clients().advance(72h);
  clients().lose(kAda);
  const Json again = join(kAdaAgain, "Ada", resume_of(first));
  EXPECT_EQ(sid_of(again), sid_of(first));
  EXPECT_NE(resume_of(again), resume_of(first));
}

TEST_F(RoomsTest, ATransportThatRecoversNeedsNoJoin) {
  const std::string ada = sid_of(join(kAda, "Ada"));
  join(kBob, "Bob");
  forget();
  clients().lose(kAda, true);
  EXPECT_EQ(heard(kBob), Heard{fmt::format(R"(away {{"sid":"{}"}})", ada)});
  clients().ask(kBob, "description", offer(ada));
  EXPECT_EQ(heard(kAda).size(), 1u);  // The transport keeps it.
  clients().input(Rooms::Recovered{kAda});
  EXPECT_EQ(heard(kAda), Heard{});
  EXPECT_EQ(heard(kBob), Heard{R"(back {"participant":)" + view(ada, "Ada") + "}"});
  EXPECT_EQ(code(clients().ask(kAda, "leave")), "ok");
  clients().advance(1h);
}

TEST_F(RoomsTest, WhatTheTransportHasGivenOutIsNotSaidTwice) {
  const Json first = join(kAda, "Ada");
  join(kBob, "Bob");
  clients().lose(kAda, true);
  clients().ask(kBob, "description", offer(sid_of(first)));
  clients().input(Rooms::Recovered{kAda});
  clients().lose(kAda);
  join(kAdaAgain, "Ada", resume_of(first));
  EXPECT_EQ(heard(kAdaAgain), Heard{});
}

TEST_F(RoomsTest, WhoComesBackMayHaveSwitchedThingsOffMeanwhile) {
  const Json first = join(kAda, "Ada");
  Json body = Json::parse(R"({"room":"daily","name":"Ada","micinf":false,"vidinf":false})").value();
  body.set("resume", resume_of(first));
  clients().ask_with(kAdaAgain, "join", std::move(body));
  EXPECT_EQ(rooms().view("daily").participants.front(), (Occupant{.name = "Ada"}));
}

TEST_F(RoomsTest, ATransportThatDoesNotRecoverIsReplacedOrTimesOut) {
  const Json first = join(kAda, "Ada");
  join(kBob, "Bob");
  clients().lose(kAda, true);
  clients().ask(kBob, "description", offer(sid_of(first)));
  forget();
  EXPECT_TRUE(resumed(join(kAdaAgain, "Ada", resume_of(first))));
  EXPECT_EQ(heard(kAdaAgain).size(), 1u);
  EXPECT_TRUE(clients().forgot(kAda));
  EXPECT_EQ(heard(kAda), Heard{});  // Nothing leads there any more.
  clients().input_recovered_late(kAda);
  EXPECT_TRUE(heard(kAda).front().starts_with(R"(error {"code":"not-joined")"));
  EXPECT_EQ(code(clients().ask(kAda, "leave")), "not-joined");
  clients().lose(kAdaAgain, true);
  clients().advance(31s);
  EXPECT_EQ(rooms().view("daily").participants.size(), 1u);
  clients().input_recovered_late(kAdaAgain);
  EXPECT_EQ(rooms().view("daily").participants.size(), 1u);
}

TEST_F(RoomsTest, AConnectionIsForgottenWhenNothingCanComeOfItAnyMore) {
  clients().lose(kCy);  // Never said a word.
  EXPECT_TRUE(clients().forgot(kCy));
  join(kAda, "Ada");
  clients().lose(kAda);
  EXPECT_TRUE(clients().forgot(kAda));
  join(kBob, "Bob");
  clients().lose(kBob, true);
  EXPECT_FALSE(clients().forgot(kBob));
  clients().advance(30s);
  EXPECT_TRUE(clients().forgot(kBob));
}

TEST_F(RoomsTest, ARoomThatIsFullTakesBackItsOwnOnly) {
  restart({.max_participants = 2});
  const Json ada = join(kAda, "Ada");
  join(kBob, "Bob");
  EXPECT_EQ(code(join(kCy, "Cy")), "room-full");
  clients().lose(kAda);
  EXPECT_EQ(code(join(kCy, "Cy")), "room-full");
  EXPECT_EQ(code(join(kAdaAgain, "Ada", resume_of(ada))), "ok");
  EXPECT_EQ(rooms().counters().refusals[std::to_underlying(Code::kRoomFull)], 2u);
}

TEST_F(RoomsTest, AServerThatIsFullMakesNoMoreRooms) {
  restart({.max_rooms = 1});
  join(kAda, "Ada");
  EXPECT_EQ(code(join(kBob, "Bob", {}, "other")), "server-full");
  EXPECT_EQ(code(join(kBob, "Bob")), "ok");
}

TEST_F(RoomsTest, WhoSaysTooMuchIsToldToSlowDown) {
  restart({.events = {.per_second = 10, .burst = 5}});
  join(kAda, "Ada");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(code(clients().ask(kAda, "dance")), "unknown-event");
  EXPECT_EQ(code(clients().ask(kAda, "dance")), "too-many-requests");
  clients().advance(100ms);
  EXPECT_EQ(code(clients().ask(kAda, "dance")), "unknown-event");
  EXPECT_EQ(code(clients().ask(kAda, "dance")), "too-many-requests");
  EXPECT_EQ(code(join(kBob, "Bob")), "ok");  // Each has a limit of his own.
  clients().advance(1h);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(clients().ask(kAda, "dance")), "unknown-event");
  EXPECT_EQ(code(clients().ask(kAda, "dance")), "too-many-requests");
}

TEST_F(RoomsTest, AClosingServerTellsEveryoneAndTakesNobodyIn) {
  join(kAda, "Ada");
  join(kBob, "Bob", {}, "other");
  clients().ask(kCy, "dance");
  forget();
  clients().input(Rooms::Close{"The server is restarting."});
  for (const ConnectionId who : {kAda, kBob}) {
    EXPECT_EQ(heard(who), Heard{R"(closing {"reason":"The server is restarting."})"});
  }
  EXPECT_EQ(heard(kCy), Heard{});
  EXPECT_EQ(code(join(kCy, "Cy")), "closing");
  EXPECT_EQ(code(clients().ask(kAda, "leave")), "ok");
}

TEST_F(RoomsTest, AnEventToManyIsOneOutput) {
  SeededRandom random(1);
  Rooms engine({.max_mesh_participants = 100, .told_at_once = 100}, random);
  const auto outputs_of = [&](Rooms::Input input) {
    engine.handle_input(Time(), std::move(input));
    std::vector<Output> outputs;
    drain(engine, [&](Output output) { outputs.push_back(std::move(output)); });
    return outputs;
  };
  const auto join_as = [&](std::uint64_t id) {
    return outputs_of(Rooms::Said{
        .connection = {id},
        .event = "join",
        .body = Json::parse(R"({"room":"r","name":"n","micinf":true,"vidinf":true})").value()});
  };
  const auto asked = join_as(1);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_TRUE(
      outputs_of(Rooms::FromStore{std::get<ToStore>(asked[0]).ticket, RoomRecord{}}).empty());
  for (std::uint64_t id = 2; id < 100; ++id) {
    const auto outputs = join_as(id);
    ASSERT_EQ(outputs.size(), 1u);
    EXPECT_EQ(std::get<Tell>(outputs[0]).to.size(), id - 1);
  }
}

TEST_F(RoomsTest, ALargerCrowdIsToldOfWhoComesLessOften) {
  constexpr std::uint64_t kCrowd = 80;
  restart({.max_participants = 200, .max_mesh_participants = 200});
  join(kAda, "Ada");
  for (std::uint64_t id = 100; id < 100 + kCrowd; ++id) {
    clients().advance(1s);
    join({id}, "n");
  }
  clients().advance(1s);
  forget();
  join(kBob, "Bob");
  join(kCy, "Cy");
  EXPECT_EQ(heard(kAda).size(), 1u) << "Bob, at once";
  clients().advance(60ms);
  EXPECT_EQ(heard(kAda).size(), 0u) << "soon enough for fifty, but not for eighty";
  clients().advance(30ms);
  EXPECT_EQ(heard(kAda).size(), 1u);
}

TEST_F(RoomsTest, WhoHasNotJoinedSeesNoSid) {
  join(kAda, "Ada");
  EXPECT_EQ(to_json(rooms().view("daily")).to_text(),
            R"({"name":"daily","topology":"p2p","participants":[{"name":"Ada","micinf":true,)"
            R"("vidinf":true,"scrinf":false,"away":false}]})");
  EXPECT_EQ(to_json(rooms().view("empty")).to_text(),
            R"({"name":"empty","topology":"p2p","participants":[]})");
}

}  // namespace
}  // namespace parley::meeting

#include "meeting/test_meeting.h"

// Stage and audience of a lecture, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

const Permissions kSilent{.microphone = false, .camera = false, .screen = false};
const JoinClaim kSpeaker{.room = "daily", .name = "Speaker", .permissions = Permissions{}};

class LectureTest : public MeetingTest {
 protected:
  static RoomsConfig with_media() {
    RoomsConfig config;
    config.topology = {.media = true, .one_stream = true, .mesh_limit = 2};
    return config;
  }
  void SetUp() override { configure(with_media()); }

  Welcome open(ConnectionId who, std::string_view name) {
    Json body =
        Json::parse(R"({"room":"daily","micinf":true,"vidinf":true,"lecture":true})").value();
    body.set("name", name);
    return welcome_of(clients().ask_with(who, "join", std::move(body)));
  }
  // Ada lectures to Bob and Cy.
  void lecture() {
    ada_ = open(kAda, "Ada");
    bob_ = join(kBob, "Bob");
    cy_ = join(kCy, "Cy");
    clients().advance(1s);
    forget();
  }
  std::string stage(ConnectionId by, const Welcome& who, bool on) {
    return try_to(by, "stage", fmt::format(R"({{"sid":"{}","on":{}}})", who.sid, on));
  }
  std::string set_lecture(bool on) {
    return try_to(kAda, "settings", fmt::format(R"({{"lecture":{}}})", on));
  }
  RoomView room() { return clients().rooms().view("daily"); }
  const Counters& counters() { return clients().rooms().counters(); }

  Welcome ada_, bob_, cy_;
};

TEST_F(LectureTest, IsMadeByItsFirst) {
  const Welcome ada = open(kAda, "Ada");
  EXPECT_TRUE(ada.on_stage && ada.settings.lecture);
  EXPECT_EQ(ada.audience, AudienceSize());
  EXPECT_EQ(ada.topology, Topology::kSfu);
  EXPECT_TRUE(store().at("daily").room.settings.lecture);
  const Welcome bob = open(kBob, "Bob");
  EXPECT_FALSE(bob.on_stage);
  EXPECT_EQ(bob.permissions, kSilent);
  EXPECT_EQ(bob.audience, (AudienceSize{.count = 1}));
  EXPECT_EQ(bob.participants.size(), 1u);
  EXPECT_EQ(room().participants.size(), 1u);
  EXPECT_EQ(room().lecture, true);
  EXPECT_EQ(room().audience, 1);
}

TEST_F(LectureTest, IsNoneWithoutMediaNorOfWhoComesLater) {
  configure({});
  EXPECT_FALSE(open(kAda, "Ada").settings.lecture);
  EXPECT_EQ(set_lecture(true), "unavailable lecture");
  configure(with_media());
  join(kAda, "Ada");
  const Welcome bob = open(kBob, "Bob");
  EXPECT_TRUE(bob.on_stage && !bob.settings.lecture && !bob.audience);
}

TEST_F(LectureTest, GoesByTheServerWhateverItsMakerAsked) {
  Json body = Json::parse(R"({"room":"daily","name":"Ada","micinf":true,"vidinf":true,)"
                          R"("topology":"p2p","lecture":true})")
                  .value();
  EXPECT_EQ(welcome_of(clients().ask_with(kAda, "join", std::move(body))).topology, Topology::kSfu);
}

TEST_F(LectureTest, WhoComesAndGoesInTheAudienceIsANumber) {
  open(kAda, "Ada");
  forget();
  join(kBob, "Bob");
  EXPECT_EQ(clients().heard(kAda), Heard{R"(audience {"count":1,"hands":0,"raised":[]})"});
  for (std::uint64_t i = 100; i < 110; ++i) join(ConnectionId{i}, "Guest");
  EXPECT_EQ(names_heard(kBob), Heard{"audience"});
  clients().advance(500ms);
  EXPECT_EQ(clients().heard(kBob), Heard{R"(audience {"count":11,"hands":0})"});
  clients().advance(1s);
  forget();
  clients().lose(ConnectionId{100});
  ask(kBob, "media", R"({"micinf":false,"vidinf":false,"scrinf":false})");
  clients().advance(1s);
  EXPECT_EQ(names_heard(kAda), Heard{});  // Away: they are counted still.
  ask(kBob, "leave");
  EXPECT_EQ(clients().heard(kAda), Heard{R"(audience {"count":10,"hands":0,"raised":[]})"});
  EXPECT_EQ(counters().audience, 10u);
}

TEST_F(LectureTest, SomebodyIsLetUpAndOff) {
  lecture();
  ask(kBob, "hand", R"({"raised":true})");
  clients().advance(1s);
  forget();
  EXPECT_EQ(stage(kAda, bob_, true), "ok");
  EXPECT_EQ(names_heard(kBob), (Heard{"stage", "participant", "resume", "audience"}));
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "audience"}));
  const Heard cy = clients().heard(kCy);
  ASSERT_EQ(cy.size(), 2u);
  EXPECT_TRUE(cy[0].starts_with("joined") && cy[0].find(R"("hand":null)") != std::string::npos);
  EXPECT_EQ(cy[1], R"(audience {"count":1,"hands":0})");
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":true,"scrinf":false})"), "ok");
  EXPECT_EQ(names_heard(kCy), Heard{"media"});
  clients().advance(1s);
  forget();

  EXPECT_EQ(stage(kAda, bob_, true), "ok");  // He is there already.
  EXPECT_EQ(names_heard(kCy), Heard{});
  EXPECT_EQ(stage(kAda, bob_, false), "ok");
  EXPECT_EQ(heard(kAda, "left"),
            Heard{fmt::format(R"({{"sid":"{}","reason":"audience"}})", bob_.sid)});
  const Heard bob = clients().heard(kBob);
  ASSERT_GE(bob.size(), 3u);
  EXPECT_EQ(bob[0], fmt::format(R"(stage {{"onStage":false,"by":"{}"}})", ada_.sid));
  EXPECT_TRUE(bob[1].starts_with("media ")) << bob[1];
  EXPECT_TRUE(bob[2].starts_with("participant ")) << bob[2];
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":false,"scrinf":false})"),
            "forbidden micinf");
  EXPECT_EQ(counters().stage_up, 1u);
  EXPECT_EQ(room().participants.size(), 1u);
}

TEST_F(LectureTest, OneGoesOffByOneselfButNotUp) {
  lecture();
  stage(kAda, bob_, true);
  forget();
  EXPECT_EQ(try_to(kBob, "stage", R"({"on":true})"), "forbidden");
  EXPECT_EQ(stage(kBob, cy_, true), "forbidden");
  EXPECT_EQ(try_to(kBob, "stage", R"({"on":false})"), "ok");
  EXPECT_EQ(heard(kBob, "stage"), Heard{R"({"onStage":false,"by":null})"});
  EXPECT_EQ(try_to(kBob, "stage", R"({"on":false})"), "ok");
  EXPECT_EQ(try_to(kAda, "stage", R"({"on":false})"), "forbidden sid");
  EXPECT_EQ(try_to(kAda, "stage", R"({"sid":"nobody","on":true})"), "no-such-participant");
}

TEST_F(LectureTest, HoldsSoManyOnStage) {
  RoomsConfig config = with_media();
  config.max_stage = 2;
  configure(config);
  lecture();
  EXPECT_EQ(stage(kAda, bob_, true), "ok");
  EXPECT_EQ(stage(kAda, cy_, true), "stage-full");
  EXPECT_EQ(try_to(kAda, "role", fmt::format(R"({{"sid":"{}","role":"cohost"}})", cy_.sid)),
            "stage-full");
  EXPECT_FALSE(join(kDan, "Dan", {}, kSpeaker).on_stage);
  EXPECT_EQ(counters().stage_left_out, 1u);
  EXPECT_EQ(stage(kAda, bob_, false), "ok");
  EXPECT_EQ(stage(kAda, cy_, true), "ok");
}

TEST_F(LectureTest, ATokenThatLetsOneSendGivesAPlace) {
  lecture();
  EXPECT_TRUE(join(kDan, "Dan", {}, kSpeaker).on_stage);
  EXPECT_EQ(names_heard(kBob), Heard{"joined"});
  JoinClaim guest = kSpeaker;
  guest.permissions = std::nullopt;
  EXPECT_FALSE(join(ConnectionId{50}, "Guest", {}, guest).on_stage);
  guest.permissions = kSilent;
  EXPECT_FALSE(join(ConnectionId{51}, "Guest", {}, guest).on_stage);
  guest.role = Role::kCohost;
  EXPECT_TRUE(join(ConnectionId{52}, "Host", {}, guest).on_stage);
}

TEST_F(LectureTest, ProgramsPublishByTokenAndPlayFromTheAudience) {
  lecture();
  clients().came(ConnectionId{60}, {.by_server_alone = true});
  EXPECT_FALSE(join(ConnectionId{60}, "OBS").on_stage);
  clients().came(ConnectionId{61}, {.by_server_alone = true});
  EXPECT_TRUE(join(ConnectionId{61}, "OBS", {}, kSpeaker).on_stage);
  clients().came(ConnectionId{62}, {.by_server_alone = true, .plays = true});
  const Welcome player = join(ConnectionId{62}, "Player", {}, kSpeaker);
  EXPECT_FALSE(player.on_stage);
  EXPECT_EQ(stage(kAda, player, true), "forbidden sid");
}

TEST_F(LectureTest, ACohostGoesOnStageAndOffWithTheRole) {
  lecture();
  const auto make = [&](std::string_view role) {
    forget();
    return try_to(kAda, "role", fmt::format(R"({{"sid":"{}","role":"{}"}})", bob_.sid, role));
  };
  EXPECT_EQ(make("cohost"), "ok");
  const Heard bob = clients().heard(kBob);
  EXPECT_EQ(bob.at(0), R"(stage {"onStage":true,"by":null})");
  EXPECT_EQ(bob.back(), R"(audience {"count":1,"hands":0,"raised":[]})");
  EXPECT_EQ(names_heard(kCy), (Heard{"joined", "audience"}));
  EXPECT_EQ(make("participant"), "ok");
  EXPECT_EQ(heard(kCy, "left").size(), 1u);
}

TEST_F(LectureTest, HandsOfTheAudienceAreForHosts) {
  lecture();
  EXPECT_EQ(try_to(kBob, "hand", R"({"raised":true})"), "ok");
  EXPECT_EQ(names_heard(kBob), (Heard{"participant", "audience"}));
  EXPECT_EQ(clients().heard(kCy), Heard{R"(audience {"count":2,"hands":1})"});
  const Heard ada = heard(kAda, "audience");
  EXPECT_NE(ada.at(0).find(R"("raised":[{"sid":")" + bob_.sid), std::string::npos) << ada[0];
  clients().advance(1s);
  clients().lose(kBob);  // The host sees who is away, of those who ask to speak.
  EXPECT_NE(heard(kAda, "audience").at(0).find(R"("away":true)"), std::string::npos);
  EXPECT_EQ(names_heard(kCy), Heard{});
  EXPECT_EQ(try_to(kAda, "hand", fmt::format(R"({{"raised":false,"sid":"{}"}})", bob_.sid)), "ok");
  clients().advance(1s);
  EXPECT_EQ(clients().heard(kCy), Heard{R"(audience {"count":2,"hands":0})"});
}

TEST_F(LectureTest, AHostWhoComesBackIsToldOfHands) {
  lecture();
  ask(kBob, "hand", R"({"raised":true})");
  clients().lose(kAda);
  join(kAdaAgain, "Ada", ada_.resume);
  EXPECT_EQ(heard(kAdaAgain, "audience").size(), 1u);
}

TEST_F(LectureTest, ReactionsOfTheAudienceAreSummed) {
  lecture();
  ask(kBob, "react", R"({"emoji":"🎉"})");
  EXPECT_EQ(clients().heard(kCy), Heard{R"(reactions {"counts":{"🎉":1}})"});
  for (int i = 0; i < 5; ++i) ask(kCy, "react", R"({"emoji":"👏"})");
  ask(kBob, "react", R"({"emoji":"🎉"})");
  EXPECT_EQ(names_heard(kCy), Heard{});
  clients().advance(500ms);
  EXPECT_EQ(clients().heard(kCy), Heard{R"(reactions {"counts":{"🎉":1,"👏":5}})"});
  ask(kAda, "react", R"({"emoji":"👋"})");
  EXPECT_EQ(names_heard(kBob), (Heard{"reactions", "reactions", "reaction"}));
}

TEST_F(LectureTest, TheStageReadsTheAudience) {
  lecture();
  EXPECT_EQ(try_to(kBob, "roster"), "forbidden");
  const Json page = ask(kAda, "roster", R"({"limit":1})");
  EXPECT_EQ(page.find("people")->as_array()->size(), 1u);
  EXPECT_EQ(*page.find("count"), Json(2));
  const Json rest =
      ask(kAda, "roster", fmt::format(R"({{"after":{}}})", page.find("next")->to_text()));
  EXPECT_EQ(rest.find("people")->as_array()->size(), 1u);
  EXPECT_TRUE(rest.find("next")->is_null());
  EXPECT_EQ(ask(kAda, "roster", R"({"search":"cy"})").find("people")->as_array()->size(), 1u);
}

TEST_F(LectureTest, HostsReachTheAudienceByName) {
  lecture();
  const std::string bob = fmt::format(R"({{"sid":"{}"}})", bob_.sid);
  EXPECT_EQ(try_to(kAda, "permit",
                   fmt::format(R"({{"sid":"{}","permissions":{{"microphone":true,"camera":true,)"
                               R"("screen":true,"chat":false,"todo":false}}}})",
                               bob_.sid)),
            "ok");
  EXPECT_EQ(names_heard(kBob), (Heard{"participant", "resume"}));
  EXPECT_EQ(names_heard(kCy), Heard{});
  EXPECT_EQ(try_to(kBob, "chat", R"({"key":"k","text":"x"})"), "forbidden");
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":false,"scrinf":false})"),
            "forbidden micinf");
  EXPECT_EQ(try_to(kAda, "chat", fmt::format(R"({{"key":"k","text":"x","to":"{}"}})", bob_.sid)),
            "ok");
  EXPECT_EQ(names_heard(kBob), Heard{"chat"});
  EXPECT_EQ(try_to(kAda, "description",
                   fmt::format(R"({{"sid":"{}","type":"offer","sdp":"x"}})", bob_.sid)),
            "no-such-participant");
  EXPECT_EQ(try_to(kAda, "remove", bob), "ok");
  EXPECT_EQ(names_heard(kBob), Heard{"removed"});
  EXPECT_EQ(names_heard(kCy), Heard{"audience"});
}

TEST_F(LectureTest, IsTurnedOnInAMeeting) {
  ada_ = join(kAda, "Ada");
  bob_ = join(kBob, "Bob");
  join(kDan, "Dan", {}, kSpeaker);
  forget();
  EXPECT_EQ(set_lecture(true), "ok");
  EXPECT_EQ(names_heard(kAda), (Heard{"settings", "left", "audience"}));
  EXPECT_EQ(names_heard(kBob),
            (Heard{"settings", "stage", "media", "participant", "resume", "audience"}));
  EXPECT_EQ(names_heard(kDan), (Heard{"settings", "left", "audience"}));
  EXPECT_EQ(room().participants.size(), 2u);
  EXPECT_EQ(counters().topology_changes[std::to_underlying(TopologyReason::kThird)], 1u);
}

TEST_F(LectureTest, IsTurnedOffAndAllHearOfAll) {
  lecture();
  EXPECT_EQ(set_lecture(false), "ok");
  EXPECT_EQ(names_heard(kAda), (Heard{"settings", "joined", "joined"}));
  EXPECT_EQ(names_heard(kBob), (Heard{"settings", "stage", "participant", "resume", "joined"}));
  EXPECT_EQ(room().participants.size(), 3u);
  EXPECT_EQ(room().audience, std::nullopt);
  EXPECT_EQ(counters().audience, 0u);
  EXPECT_EQ(try_to(kAda, "stage", R"({"on":false})"), "forbidden sid");
  EXPECT_EQ(try_to(kBob, "stage", R"({"on":false})"), "forbidden on");
  EXPECT_EQ(stage(kAda, bob_, true), "ok");
}

TEST_F(LectureTest, StaysOneWhereTooManyWouldMeet) {
  lecture();
  for (std::uint64_t i = 100; i < 199; ++i) join(ConnectionId{i}, "Guest");
  EXPECT_EQ(set_lecture(false), "room-full lecture");
  EXPECT_EQ(try_to(kAda, "settings", R"({"locked":true})"), "ok");
  store().at("daily").room.settings.lecture = false;  // By somebody else.
  clients().input(Rooms::RoomChanged{"daily"});
  EXPECT_EQ(room().lecture, true);
  ask(ConnectionId{100}, "leave");
  EXPECT_EQ(set_lecture(false), "ok");
}

TEST_F(LectureTest, APlaceOnStageOutlivesABreakAndARestart) {
  lecture();
  stage(kAda, bob_, true);
  const std::string resume = text(Json::parse(heard(kBob, "resume").at(0)).value(), "resume");
  clients().lose(kBob);
  EXPECT_EQ(heard(kCy, "away").size(), 1u);
  const Welcome back = join(kBobAgain, "Bob", resume);
  EXPECT_TRUE(back.on_stage && back.resumed);
  EXPECT_EQ(heard(kCy, "back").size(), 1u);

  restart(with_media());
  EXPECT_TRUE(join(kBob, "Bob", back.resume).on_stage);
  EXPECT_TRUE(join(kAda, "Ada", ada_.resume).on_stage);
  const Welcome cy = join(kCy, "Cy", cy_.resume);
  EXPECT_FALSE(cy.on_stage);
  EXPECT_TRUE(cy.settings.lecture);
  EXPECT_EQ(cy.participants.size(), 2u);
}

TEST_F(LectureTest, AnOldResumeBringsNobodyBackOnStage) {
  lecture();
  stage(kAda, bob_, true);
  const std::string up = text(Json::parse(heard(kBob, "resume").at(0)).value(), "resume");
  stage(kAda, bob_, false);
  ask(kBob, "leave");
  EXPECT_FALSE(join(kBobAgain, "Bob", up).on_stage);
}

TEST_F(LectureTest, AnHeirIsSoughtOnStageFirst) {
  lecture();
  stage(kAda, cy_, true);
  clients().lose(kCy);
  forget();
  ask(kAda, "leave");
  EXPECT_EQ(heard(kBob, "participant").size(), 1u);  // Of Cy, who is away but on stage.
  clients().advance(31s);
  const Heard bob = clients().heard(kBob);
  EXPECT_EQ(std::ranges::count(bob, R"(stage {"onStage":true,"by":null})"), 1);
  EXPECT_EQ(room().participants.size(), 1u);
}

TEST_F(LectureTest, WhoWaitsIsLetIntoTheAudience) {
  lecture();
  ask(kAda, "settings", R"({"waitingRoom":true})");
  EXPECT_EQ(code(try_join(kDan, "Dan")), "waiting");
  const std::string dan = clients().heard(kAda).back();
  const std::string sid = dan.substr(dan.find(R"("sid":")") + 7, 12);
  EXPECT_EQ(try_to(kAda, "admit", fmt::format(R"({{"sids":["{}"]}})", sid)), "ok");
  EXPECT_NE(heard(kDan, "admitted").at(0).find(R"("onStage":false,"audience":{"count":3)"),
            std::string::npos);
}

TEST_F(LectureTest, MediaHearsWhoIsOnStageAndWhoLectures) {
  std::map<std::string, Describe> told;
  std::map<std::string, SetSending> sending;
  std::size_t connects = 0;
  clients().media_answers = true;
  clients().on_media = [&](const ToMedia& to) {
    if (const auto* const connect = std::get_if<Connect>(&to.request)) {
      ++connects;
      told[to.sid] = connect->person;
      sending[to.sid] = connect->sending;
    }
    if (const auto* const person = std::get_if<Describe>(&to.request)) told[to.sid] = *person;
    if (const auto* const let = std::get_if<SetSending>(&to.request)) sending[to.sid] = *let;
  };
  lecture();
  for (const ConnectionId who : {kAda, kBob}) {
    ask(who, "negotiate", R"({"offer":{"sdp":"x","sources":{}}})");
  }
  EXPECT_TRUE(told[ada_.sid].lectures && told[ada_.sid].on_stage);
  EXPECT_TRUE(!told[bob_.sid].lectures && !told[bob_.sid].on_stage);
  EXPECT_EQ(sending[bob_.sid], (SetSending{false, false, false, false, false}));
  stage(kAda, bob_, true);
  EXPECT_TRUE(told[bob_.sid].on_stage);
  EXPECT_EQ(sending[bob_.sid], SetSending());
  stage(kAda, bob_, false);
  EXPECT_EQ(sending[bob_.sid], (SetSending{false, false, false, false, false}));
  set_lecture(false);
  EXPECT_TRUE(told[bob_.sid].on_stage && !told[ada_.sid].lectures);
  EXPECT_EQ(connects, 2u);  // The connections are the same all along.
}

TEST_F(LectureTest, LeavesNothingBehind) {
  lecture();
  ask(kBob, "react", R"({"emoji":"🎉"})");
  ask(kCy, "react", R"({"emoji":"🎉"})");
  for (const ConnectionId who : {kBob, kCy, kAda}) ask(who, "leave");
  clients().advance(1h);
  EXPECT_EQ(counters().rooms, 0u);
  EXPECT_EQ(counters().audience, 0u);
  EXPECT_EQ(clients().rooms().next_deadline(), kNever);
  EXPECT_FALSE(store().at("daily").room.settings.lecture);
  EXPECT_FALSE(join(kAda, "Ada").settings.lecture);
}

TEST_F(LectureTest, EndsWithAllOfItsAudience) {
  lecture();
  EXPECT_EQ(try_to(kAda, "end"), "ok");
  EXPECT_EQ(heard(kBob, "ended").size(), 1u);
  EXPECT_EQ(counters().audience, 0u);
}

}  // namespace
}  // namespace parley::meeting

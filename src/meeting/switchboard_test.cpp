#include "meeting/switchboard.h"

#include "meeting/test_meeting.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;
using State = ConnectionChanged::State;

constexpr std::string_view kOffer = R"({"sdp":"an offer","sources":{"0":"microphone"}})";
const MediaOffer kSameOffer{.sdp = "an offer", .sources = {{"0", Source::kMicrophone}}};

// A room of which two are connected directly, and more by the server.
class SwitchboardTest : public MeetingTest {
 protected:
  static RoomsConfig pairs() {
    RoomsConfig config;
    config.topology = {.media = true, .mesh_limit = 2};
    return config;
  }
  void SetUp() override { configure(pairs()); }

  static Json join_body(std::string_view name, std::string_view more = {}) {
    return Json::parse(
               fmt::format(R"({{"room":"daily","name":"{}","micinf":true,"vidinf":true{}{}}})",
                           name, more.empty() ? "" : ",", more))
        .value();
  }
  static std::string offering(std::string_view more = {}) {
    return fmt::format(R"("offer":{}{}{})", kOffer, more.empty() ? "" : ",", more);
  }

  // Media answers all offers at once, as "answer TICKET".
  void let_media_answer() { clients().media_answers = true; }
  Welcome come(ConnectionId who, std::string_view name) {
    const Welcome welcome =
        welcome_of(clients().ask_with(who, "join", join_body(name, offering())));
    sids_[who] = welcome.sid;
    return welcome;
  }
  const std::string& sid(ConnectionId who) { return sids_[who]; }
  std::string about(ConnectionId who) { return fmt::format(R"({{"sid":"{}"}})", sid(who)); }

  // Ada, Bob and Cy, by the server; nothing is waited for.
  void permit_bob(const Permissions& permissions) {
    ask(kAda, "permit",
        Json(Json::Object{{"sid", sid(kBob)}, {"permissions", to_json(permissions)}}).to_text());
  }
  void three_by_server() {
    let_media_answer();
    come(kAda, "Ada");
    come(kBob, "Bob");
    come(kCy, "Cy");
    forget();
    clients().media_answers = false;
  }
  void bob_and_cy_leave() {
    ask(kBob, "leave");
    ask(kCy, "leave");
    clients().asked_of_media();
    forget();
  }
  void hear(ConnectionId who, MediaEvent event) {
    clients().hear("daily", sid(who), std::move(event));
  }
  const Counters& counters() { return clients().rooms().counters(); }
  Topology topology() { return clients().rooms().view("daily").topology; }

  // What was asked of media since the last call, as text; how people are described is left out.
  std::vector<std::string> asked() {
    std::vector<std::string> texts;
    for (const ToMedia& asked : clients().asked_of_media()) {
      if (!std::holds_alternative<Describe>(asked.request)) texts.push_back(text_of(asked));
    }
    return texts;
  }
  std::string text_of(const ToMedia& asked) {
    const auto name = [&] {
      for (const auto& [who, sid] : sids_) {
        if (sid == asked.sid) return std::string(1, " ABCD"[who.value % 10]);
      }
      return asked.sid.empty() ? std::string("-") : std::string("?");
    }();
    EXPECT_EQ(asked.room, "daily");
    return std::visit(
        overloaded{
            [&](const Connect& connect) {
              EXPECT_NE(asked.ticket, 0u);
              return name + (connect.renegotiate ? " renegotiate " : " connect ") +
                     connect.offer.sdp;
            },
            [&](const Disconnect&) { return name + " disconnect"; },
            [&](const SetSending& s) {
              return fmt::format("{} sending {}{}{}{}{}", name, s.microphone ? "m" : "",
                                 s.camera ? "c" : "", s.screen ? "s" : "",
                                 s.screen_audio ? "a" : "", s.messages ? "" : " no messages");
            },
            [&](const SetView& view) { return fmt::format("{} view {}", name, view.tiles.size()); },
            [&](const Describe&) { return name + " person"; },
            [&](const CloseRoom&) { return name + " close"; },
        },
        asked.request);
  }

 private:
  std::map<ConnectionId, std::string> sids_;
};

using Asked = std::vector<std::string>;

// ---- Coming in

TEST_F(SwitchboardTest, TwoAreConnectedDirectlyAndMediaIsNotAsked) {
  EXPECT_EQ(come(kAda, "Ada").topology, Topology::kP2p);
  const Welcome bob = come(kBob, "Bob");
  EXPECT_EQ(bob.topology, Topology::kP2p);
  EXPECT_EQ(bob.answer, std::nullopt);
  EXPECT_EQ(asked(), Asked());
}

TEST_F(SwitchboardTest, TheThirdGetsAnAnswerAndSoDoTheOffersOfTheOthers) {
  let_media_answer();
  come(kAda, "Ada");
  come(kBob, "Bob");
  forget();
  const Welcome cy = come(kCy, "Cy");
  EXPECT_EQ(cy.topology, Topology::kSfu);
  EXPECT_TRUE(cy.answer.has_value());
  for (const ConnectionId who : {kAda, kBob}) {
    const Heard told = heard(who, "topology");
    ASSERT_EQ(told.size(), 1u);
    EXPECT_TRUE(told[0].starts_with(R"({"topology":"sfu","reason":"third","answer":"answer )"));
  }
  EXPECT_EQ(heard(kCy, "topology"), Heard()) << "the welcome has said it";
  EXPECT_EQ(topology(), Topology::kSfu);
  EXPECT_EQ(counters().sfu_rooms, 1u);
  EXPECT_EQ(counters().topology_changes[0], 1u);
}

TEST_F(SwitchboardTest, TheAcknowledgementWaitsForTheAnswerAndNothingOvertakesIt) {
  let_media_answer();
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().media_answers = false;
  EXPECT_TRUE(clients().ask_with(kCy, "join", join_body("Cy", offering())).is_null());
  const std::int64_t ack = clients().last_ack();
  ask(kAda, "react", R"({"emoji":"👍"})");
  EXPECT_EQ(names_heard(kCy), Heard());
  std::vector<ToMedia> requests = clients().asked_of_media();
  ASSERT_EQ(requests.size(), 3u);
  const ToMedia& cy = requests.back();
  EXPECT_EQ(std::get<Connect>(cy.request).offer, kSameOffer);
  clients().hear("daily", cy.sid, Answered{cy.ticket, "v=0"});
  const Welcome welcome = welcome_of(clients().answer_to(ack));
  EXPECT_EQ(welcome.answer, "v=0");
  EXPECT_EQ(welcome.participants.size(), 2u);
  EXPECT_EQ(names_heard(kCy), Heard{"reaction"});
  clients().hear("daily", cy.sid, Answered{cy.ticket, "again"});
  EXPECT_EQ(names_heard(kCy), Heard());
}

TEST_F(SwitchboardTest, TheJoinGoesOnWithoutAnAnswerAfterTwoSeconds) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  const std::int64_t ack = clients().last_ack();
  clients().advance(2s - 1ms);
  EXPECT_TRUE(clients().answer_to(ack).is_null());
  forget();
  clients().advance(1ms);
  const Welcome welcome = welcome_of(clients().answer_to(ack));
  EXPECT_EQ(welcome.topology, Topology::kSfu);
  EXPECT_EQ(welcome.answer, std::nullopt);
  EXPECT_EQ(heard(kAda, "topology"), Heard{R"({"topology":"sfu","reason":"third"})"})
      << "and Ada is asked to connect, too";
  EXPECT_EQ(counters().media_timeouts, 3u);
  const auto requests = clients().asked_of_media();
  clients().hear("daily", requests.back().sid, Answered{requests.back().ticket, "late"});
  EXPECT_EQ(names_heard(kCy), Heard());
}

TEST_F(SwitchboardTest, AnOfferThatIsNotGoodDoesNotKeepAnybodyOut) {
  configure(pairs());
  clients().ask_with(kAda, "join", join_body("Ada", offering(R"("topology":"sfu")")));
  const auto requests = clients().asked_of_media();
  ASSERT_EQ(requests.size(), 1u);
  clients().hear("daily", requests[0].sid,
                 Answered{requests[0].ticket, std::unexpected("it has no ICE")});
  const Welcome welcome = welcome_of(clients().answer_to(clients().last_ack()));
  EXPECT_EQ(welcome.topology, Topology::kSfu);
  EXPECT_EQ(welcome.answer, std::nullopt);
  EXPECT_EQ(counters().media_bad_offers, 1u);
}

TEST_F(SwitchboardTest, WhoOffersNothingIsAskedToConnect) {
  let_media_answer();
  join(kAda, "Ada");
  join(kBob, "Bob");
  forget();
  const Welcome cy = join(kCy, "Cy");
  EXPECT_EQ(cy.topology, Topology::kSfu);
  EXPECT_EQ(cy.answer, std::nullopt);
  EXPECT_EQ(heard(kAda, "topology"), Heard{R"({"topology":"sfu","reason":"third"})"});
  EXPECT_EQ(heard(kCy, "topology"), Heard()) << "the welcome without an answer asks for it";
}

TEST_F(SwitchboardTest, TheMakerOfTheRoomForcesTheServerOrForbidsIt) {
  let_media_answer();
  const auto first = [&](std::string_view topology) {
    return welcome_of(clients().ask_with(
        kAda, "join", join_body("Ada", offering(fmt::format(R"("topology":"{}")", topology)))));
  };
  const Welcome forced = first("sfu");
  EXPECT_EQ(forced.topology, Topology::kSfu);
  EXPECT_TRUE(forced.answer.has_value());
  ask(kAda, "leave");
  EXPECT_EQ(counters().sfu_rooms, 0u);
  EXPECT_EQ(first("p2p").topology, Topology::kP2p);
  come(kBob, "Bob");
  EXPECT_EQ(come(kCy, "Cy").topology, Topology::kP2p);
  ask(kAda, "unconnected", about(kBob));
  EXPECT_EQ(topology(), Topology::kP2p);
}

TEST_F(SwitchboardTest, OnlyTheMakerIsAsked) {
  let_media_answer();
  come(kAda, "Ada");
  const Welcome bob = welcome_of(
      clients().ask_with(kBob, "join", join_body("Bob", offering(R"("topology":"sfu")"))));
  EXPECT_EQ(bob.topology, Topology::kP2p);
}

TEST_F(SwitchboardTest, WithoutMediaNothingIsEverAskedOfIt) {
  configure({});
  come(kAda, "Ada");
  come(kBob, "Bob");
  EXPECT_EQ(come(kCy, "Cy").topology, Topology::kP2p);
  ask(kAda, "unconnected", about(kBob));
  EXPECT_EQ(try_to(kAda, "negotiate", fmt::format(R"({{"offer":{}}})", kOffer)), "unavailable");
  ask(kCy, "leave");
  EXPECT_EQ(asked(), Asked());
}

TEST_F(SwitchboardTest, WhoIsAdmittedGetsTheAnswerToTheOfferOfTheirJoin) {
  let_media_answer();
  clients().ask_with(kAda, "join", join_body("Ada", offering(R"("topology":"sfu")")));
  ask(kAda, "settings", R"({"waitingRoom":true})");
  EXPECT_EQ(code(clients().ask_with(kBob, "join", join_body("Bob", offering()))), "waiting");
  const Heard waiting = heard(kAda, "waiting");
  const Json people = Json::parse(waiting.at(0)).value();
  const std::string who = *(*people.find("people")->as_array())[0].find("sid")->as_string();
  ask(kAda, "admit", fmt::format(R"({{"sids":["{}"]}})", who));
  const Heard admitted = heard(kBob, "admitted");
  ASSERT_EQ(admitted.size(), 1u);
  const Json welcome = Json::parse(admitted[0]).value();
  EXPECT_EQ(text(welcome, "topology"), "sfu");
  EXPECT_TRUE(text(welcome, "answer").starts_with("answer "));
}

// ---- Going back

TEST_F(SwitchboardTest, TheRoomGoesBackAfterThirtySecondsAndMediaEndsALittleLater) {
  three_by_server();
  ask(kCy, "leave");
  EXPECT_EQ(asked(), Asked{"C disconnect"});
  forget();
  clients().advance(30s);
  for (const ConnectionId who : {kAda, kBob}) {
    EXPECT_EQ(heard(who, "topology"), Heard{R"({"topology":"p2p","reason":"left"})"});
  }
  EXPECT_EQ(asked(), Asked()) << "it still carries what the direct links do not yet";
  clients().advance(15s);
  EXPECT_EQ(asked(), Asked{"- close"});
  EXPECT_EQ(counters().sfu_rooms, 0u);
}

TEST_F(SwitchboardTest, AndAgainToTheServerBeforeMediaHasEnded) {
  three_by_server();
  ask(kCy, "leave");
  clients().advance(31s);
  asked();
  let_media_answer();
  EXPECT_TRUE(come(kDan, "Dan").answer.has_value());
  EXPECT_EQ(heard(kAda, "topology").back(), R"({"topology":"sfu","reason":"third"})")
      << "the offer of the join is used up";
  clients().media_answers = false;
  clients().advance(60s);
  EXPECT_EQ(asked(), Asked());
}

TEST_F(SwitchboardTest, WhoIsLeftAloneHearsIt) {
  three_by_server();
  bob_and_cy_leave();
  clients().advance(30s);
  EXPECT_EQ(heard(kAda, "topology"), Heard{R"({"topology":"p2p","reason":"alone"})"});
}

TEST_F(SwitchboardTest, TheEndOfTheMeetingClosesTheRoom) {
  three_by_server();
  ask(kAda, "end");
  EXPECT_EQ(asked(), (Asked{"A disconnect", "B disconnect", "C disconnect", "- close"}));
  EXPECT_EQ(clients().rooms().next_deadline(), kNever);
  EXPECT_EQ(counters().sfu_rooms, 0u);
}

// ---- Not connected

TEST_F(SwitchboardTest, TwoWhoDoNotReachEachOtherGoOverTheServerAndStay) {
  let_media_answer();
  come(kAda, "Ada");
  come(kBob, "Bob");
  forget();
  EXPECT_EQ(try_to(kBob, "unconnected", about(kAda)), "ok");
  EXPECT_TRUE(heard(kAda, "topology")
                  .at(0)
                  .starts_with(R"({"topology":"sfu","reason":"unconnected","answer":)"));
  EXPECT_EQ(try_to(kAda, "unconnected", about(kBob)), "ok");
  clients().advance(10min);
  EXPECT_EQ(topology(), Topology::kSfu) << "they would not reach each other again";
  ask(kBob, "leave");
  clients().advance(30s);
  EXPECT_EQ(topology(), Topology::kP2p);
  come(kBob, "Bob");
  EXPECT_EQ(topology(), Topology::kP2p) << "another Bob may be luckier";
}

TEST_F(SwitchboardTest, WhoIsAwayIsNotMissedAndNobodyMissesThemselves) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  EXPECT_EQ(try_to(kAda, "unconnected", about(kAda)), "no-such-participant");
  EXPECT_EQ(try_to(kAda, "unconnected", R"({"sid":"nobody"})"), "no-such-participant");
  clients().lose(kBob);
  EXPECT_EQ(try_to(kAda, "unconnected", about(kBob)), "ok");
  EXPECT_EQ(topology(), Topology::kP2p);
  EXPECT_EQ(counters().unconnected, 1u);
}

TEST_F(SwitchboardTest, WhoMaySendNothingIsSpokenToByTheServer) {
  let_media_answer();
  come(kAda, "Ada");
  come(kBob, "Bob");
  forget();
  const auto permit = [&](bool anything) {
    ask(kAda, "permit",
        fmt::format(R"({{"sid":"{}","permissions":{{"microphone":false,"camera":false,)"
                    R"("screen":{},"chat":true,"todo":true}}}})",
                    sid(kBob), anything));
  };
  permit(false);
  EXPECT_TRUE(heard(kBob, "topology").at(0).starts_with(R"({"topology":"sfu","reason":"viewer")"));
  permit(true);
  clients().advance(30s);
  EXPECT_EQ(topology(), Topology::kP2p);
}

// ---- connect

TEST_F(SwitchboardTest, ConnectIsAnsweredOnceMediaHas) {
  three_by_server();
  const std::string body = fmt::format(R"({{"offer":{}}})", kOffer);
  EXPECT_TRUE(ask(kAda, "negotiate", body).is_null());
  const std::int64_t first = clients().last_ack();
  const auto requests = clients().asked_of_media();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(text_of(requests[0]), "A connect an offer");
  hear(kAda, Answered{requests[0].ticket, "v=0"});
  EXPECT_EQ(clients().answer_to(first).to_text(), R"({"ok":true,"answer":"v=0"})");

  ask(kAda, "negotiate", fmt::format(R"({{"offer":{},"renegotiate":true}})", kOffer));
  const auto again = clients().asked_of_media();
  EXPECT_EQ(text_of(again.at(0)), "A renegotiate an offer");
  hear(kAda, Answered{again[0].ticket, std::unexpected("there is no connection")});
  EXPECT_EQ(clients().answer_to(clients().last_ack()).to_text(),
            R"({"ok":false,"error":{"code":"invalid","message":)"
            R"("offer: there is no connection","field":"offer"}})");
}

TEST_F(SwitchboardTest, ConnectIsRefusedWhereItIsOfNoUseOrNotAnswered) {
  come(kAda, "Ada");
  const std::string body = fmt::format(R"({{"offer":{}}})", kOffer);
  EXPECT_EQ(try_to(kAda, "negotiate", body), "unavailable") << "peer to peer";
  come(kBob, "Bob");
  let_media_answer();
  come(kCy, "Cy");
  clients().media_answers = false;
  ask(kAda, "negotiate", body);
  const std::int64_t first = clients().last_ack();
  ask(kAda, "negotiate", body);
  EXPECT_EQ(code(clients().answer_to(first)), "unavailable") << "overtaken by the second";
  const std::int64_t second = clients().last_ack();
  clients().advance(2s);
  EXPECT_EQ(code(clients().answer_to(second)), "unavailable");
}

TEST_F(SwitchboardTest, NobodyKeepsMediaBusyWithConnections) {
  three_by_server();
  const std::string body = fmt::format(R"({{"offer":{}}})", kOffer);
  for (int i = 0; i < 10; ++i) ask(kAda, "negotiate", body);
  EXPECT_EQ(asked().size(), 10u);
  EXPECT_EQ(try_to(kAda, "negotiate", body), "too-many-requests");
  EXPECT_EQ(asked(), Asked());
  ask(kBob, "negotiate", body);
  clients().advance(2s);
  ask(kAda, "negotiate", body);
  EXPECT_EQ(asked(), (Asked{"B connect an offer", "A connect an offer"}));
}

TEST_F(SwitchboardTest, ConnectTakesThePlaceOfAnAnswerThatIsWaitedFor) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  const std::int64_t ack = clients().last_ack();
  const std::string body = fmt::format(R"({{"offer":{}}})", kOffer);
  ask(kAda, "negotiate", body);
  ask(kCy, "negotiate", body);
  EXPECT_EQ(welcome_of(clients().answer_to(ack)).answer, std::nullopt);
  clients().advance(2s);
  EXPECT_EQ(heard(kAda, "topology"), Heard()) << "Ada knew of it, and has asked by herself";
}

// ---- Coming back

TEST_F(SwitchboardTest, AResumeLeavesTheConnectionAloneAndTellsWhatWasMissed) {
  let_media_answer();
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  come(kCy, "Cy");
  clients().media_answers = false;
  clients().lose(kAda);
  hear(kAda, SlotsChanged{{{"5", sid(kBob), Source::kCamera}, {"6", sid(kCy), Source::kCamera}}});
  hear(kAda, SlotsChanged{{{"5", "", {}}}});
  hear(kAda, LayersChanged{PictureSource::kCamera, {"q", "h"}});
  hear(kAda, LayersChanged{PictureSource::kCamera, {"q"}});
  hear(kAda, QualityChanged{.estimate = 1});
  clients().hear("daily", "", SpeakersChanged{{sid(kBob), "nobody"}});
  const Welcome again = join(kAdaAgain, "Ada", ada.resume);
  EXPECT_TRUE(again.resumed);
  EXPECT_EQ(again.topology, Topology::kSfu);
  EXPECT_EQ(again.answer, std::nullopt);
  EXPECT_EQ(asked(), Asked());
  const Heard told = clients().heard(kAdaAgain);
  EXPECT_EQ(told, (Heard{fmt::format(R"(slots {{"slots":[{{"mid":"6","sid":"{}",)"
                                     R"("source":"camera"}}]}})",
                                     sid(kCy)),
                         R"(layers {"source":"camera","active":["q"]})",
                         fmt::format(R"(speakers {{"sids":["{}"]}})", sid(kBob))}));
}

TEST_F(SwitchboardTest, AResumeWithAnOfferMakesANewConnection) {
  let_media_answer();
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  come(kCy, "Cy");
  hear(kAda, SlotsChanged{{{"5", sid(kBob), Source::kCamera}}});
  clients().lose(kAda);
  const Welcome again = welcome_of(clients().ask_with(
      kAdaAgain, "join", join_body("Ada", offering(fmt::format(R"("resume":"{}")", ada.resume)))));
  EXPECT_TRUE(again.resumed);
  EXPECT_TRUE(again.answer.has_value());
  EXPECT_EQ(heard(kAdaAgain, "slots"), Heard()) << "they were those of the old one";
}

TEST_F(SwitchboardTest, WhoIsAwayHearsOfAnotherTopologyWhenTheyAreBack) {
  let_media_answer();
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  clients().lose(kAda);
  come(kCy, "Cy");
  const Welcome again = join(kAdaAgain, "Ada", ada.resume);
  EXPECT_EQ(again.topology, Topology::kSfu);
  EXPECT_EQ(again.answer, std::nullopt);
  EXPECT_EQ(heard(kAdaAgain, "topology"), Heard{R"({"topology":"sfu","reason":"third"})"})
      << "whom nothing connects is asked to";
}

TEST_F(SwitchboardTest, TheOfferOfWhoIsLostIsNotAnsweredForThem) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().lose(kAda, true);
  forget();
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  EXPECT_EQ(asked(), (Asked{"B connect an offer", "? connect an offer"}));
  EXPECT_EQ(heard(kAda, "topology"), Heard{R"({"topology":"sfu","reason":"third"})"})
      << "it waits for them with the transport";
}

TEST_F(SwitchboardTest, AnAnswerThatFindsNobodyIsUndone) {
  let_media_answer();
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  clients().media_answers = false;
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  const auto requests = clients().asked_of_media();
  ASSERT_EQ(text_of(requests.at(0)), "A connect an offer");
  clients().lose(kAda);
  hear(kAda, Answered{requests[0].ticket, "v=0"});
  EXPECT_EQ(asked(), Asked{"A disconnect"});
  const Welcome again = join(kAdaAgain, "Ada", ada.resume);
  EXPECT_EQ(again.answer, std::nullopt);
  EXPECT_EQ(heard(kAdaAgain, "topology").size(), 1u);
}

TEST_F(SwitchboardTest, WhoIsGoneForGoodIsDisconnected) {
  three_by_server();
  clients().lose(kBob);
  EXPECT_EQ(asked(), Asked()) << "away, media goes on";
  clients().advance(30s);
  EXPECT_EQ(asked(), Asked{"B disconnect"});
  ask(kAda, "remove", about(kCy));
  EXPECT_EQ(asked(), Asked{"C disconnect"});
}

TEST_F(SwitchboardTest, WhoBreaksOffBeforeTheAnswerHasTheirPlaceStill) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  for (const bool may_recover : {false, true}) {
    const ConnectionId who = may_recover ? kDan : kCy;
    clients().ask_with(who, "join", join_body("X", offering()));
    const std::int64_t ack = clients().last_ack();
    const ToMedia asked = clients().asked_of_media().back();
    clients().lose(who, may_recover);
    clients().hear("daily", asked.sid, Answered{asked.ticket, "v=0"});
    const Json answer = clients().answer_to(ack);
    EXPECT_EQ(answer.is_null(), !may_recover);
    if (may_recover) {
      EXPECT_EQ(welcome_of(answer).answer, std::nullopt);
    }
  }
  EXPECT_EQ(counters().participants, 4u);
}

TEST_F(SwitchboardTest, WhoLeavesBeforeTheAnswerIsAnsweredFirst) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  const std::int64_t ack = clients().last_ack();
  const Json left = ask(kCy, "leave");
  EXPECT_EQ(code(left), "ok");
  EXPECT_EQ(welcome_of(clients().answer_to(ack)).answer, std::nullopt);
  EXPECT_EQ(asked().back(), "? disconnect");
}

TEST_F(SwitchboardTest, TooMuchToldMeanwhileLetsTheWelcomeGo) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  const std::int64_t ack = clients().last_ack();
  for (std::size_t i = 0; i < MissedEvents::kMaxEvents + 1; ++i) {
    EXPECT_EQ(names_heard(kCy), Heard());
    ask(kAda, "react", R"({"emoji":"👍"})");
  }
  EXPECT_FALSE(clients().answer_to(ack).is_null());
  EXPECT_EQ(names_heard(kCy).size(), MissedEvents::kMaxEvents + 1);
}

// ---- What may be sent

TEST_F(SwitchboardTest, ConnectSaysWhatIsPermittedAndLaterChangesFollow) {
  three_by_server();
  permit_bob({.camera = false});
  EXPECT_EQ(asked(), Asked{"B sending msa"});
  ask(kBob, "negotiate", fmt::format(R"({{"offer":{}}})", kOffer));
  EXPECT_EQ(std::get<Connect>(clients().asked_of_media().at(0).request).sending,
            (SetSending{.camera = false}));
  permit_bob({.camera = false});
  EXPECT_EQ(asked(), Asked());
  permit_bob({});
  EXPECT_EQ(asked(), Asked{"B sending mcsa"});
  ask(kAda, "settings",
      R"({"permissions":{"microphone":false,"camera":true,"screen":false,)"
      R"("chat":true,"todo":true}})");
  EXPECT_EQ(asked(), Asked{"C sending c"}) << "Bob has permissions of his own";
}

TEST_F(SwitchboardTest, WhoMayNotChatMaySendNoMessages) {
  three_by_server();
  permit_bob({.chat = false});
  EXPECT_EQ(asked(), Asked{"B sending mcsa no messages"});
  permit_bob({});
  EXPECT_EQ(asked(), Asked{"B sending mcsa"});
}

TEST_F(SwitchboardTest, WhatAHostSwitchesOffStaysOffUntilItsOwnerSwitchesItOn) {
  three_by_server();
  ask(kAda, "mute", fmt::format(R"({{"source":"microphone","sid":"{}"}})", sid(kBob)));
  EXPECT_EQ(asked(), Asked{"B sending csa"});
  ask(kBob, "media", R"({"micinf":false,"vidinf":false,"scrinf":false})");
  EXPECT_EQ(asked(), Asked()) << "what people switch off themselves is theirs";
  ask(kBob, "media", R"({"micinf":true,"vidinf":false,"scrinf":true})");
  EXPECT_EQ(asked(), Asked{"B sending mcsa"});
  ask(kAda, "mute", R"({"source":"screen"})");
  EXPECT_EQ(asked(), (Asked{"B sending mc", "C sending mc"}))
      << "Cy's too, who says that there is none";
  ask(kAda, "mute", R"({"source":"camera"})");
  EXPECT_EQ(asked(), (Asked{"B sending m", "C sending m"}));
}

TEST_F(SwitchboardTest, WhatAHostSwitchedOffIsOnAgainForWhoComesBackWithIt) {
  let_media_answer();
  const Welcome bob = come(kBob, "Bob");
  come(kAda, "Ada");
  come(kCy, "Cy");
  clients().media_answers = false;
  ask(kBob, "role", fmt::format(R"({{"sid":"{}","role":"owner"}})", sid(kAda)));
  ask(kBob, "role", fmt::format(R"({{"sid":"{}","role":"participant"}})", sid(kBob)));
  ask(kAda, "mute", fmt::format(R"({{"source":"camera","sid":"{}"}})", sid(kBob)));
  EXPECT_EQ(asked(), Asked{"B sending msa"});
  join(kBobAgain, "Bob", bob.resume);
  EXPECT_EQ(asked(), Asked{"B sending mcsa"});
}

// ---- What is seen

TEST_F(SwitchboardTest, AViewIsHandedOnAndHoldsForTheNextConnection) {
  three_by_server();
  const std::string view = R"({"tiles":[{"sid":"x","source":"camera","width":640,"height":360}]})";
  EXPECT_EQ(try_to(kAda, "view", view), "ok");
  EXPECT_EQ(asked(), Asked{"A view 1"});
  ask(kAda, "negotiate", fmt::format(R"({{"offer":{}}})", kOffer));
  EXPECT_EQ(asked(), (Asked{"A connect an offer", "A view 1"}));
  ask(kAda, "negotiate", fmt::format(R"({{"offer":{},"renegotiate":true}})", kOffer));
  EXPECT_EQ(asked(), Asked{"A renegotiate an offer"});
}

TEST_F(SwitchboardTest, AViewIsKeptWhereThereIsNoConnectionYet) {
  come(kAda, "Ada");
  EXPECT_EQ(try_to(kAda, "view", R"({"tiles":[]})"), "ok");
  EXPECT_EQ(asked(), Asked());
  come(kBob, "Bob");
  clients().ask_with(kCy, "join", join_body("Cy", offering()));
  EXPECT_EQ(asked(),
            (Asked{"A connect an offer", "A view 0", "B connect an offer", "? connect an offer"}));
}

TEST_F(SwitchboardTest, PeopleHearWhatMediaSays) {
  three_by_server();
  hear(kAda, SlotsChanged{{{"5", sid(kBob), Source::kScreen}, {"6", "", {}}}});
  hear(kAda, LayersChanged{PictureSource::kScreen, {}});
  hear(kAda, QualityChanged{.estimate = 9, .tiles = {{.sid = "x", .mid = "5"}}});
  hear(kAda, SlotsChanged{});
  EXPECT_EQ(clients().heard(kAda),
            (Heard{fmt::format(R"(slots {{"slots":[{{"mid":"5","sid":"{}","source":"screen"}},)"
                               R"({{"mid":"6"}}]}})",
                               sid(kBob)),
                   R"(layers {"source":"screen","active":[]})",
                   R"(quality {"estimate":9,"tiles":[{"sid":"x","source":"camera","mid":"5",)"
                   R"("width":0,"height":0,"fps":0,"bitrate":0,"limit":"none",)"
                   R"("paused":false}]})"}));
  EXPECT_EQ(clients().heard(kBob), Heard());
  clients().hear("daily", "", SpeakersChanged{{sid(kBob)}});
  clients().hear("daily", "", SpeakersChanged{{sid(kBob)}});
  clients().hear("daily", "", SpeakersChanged{});
  EXPECT_EQ(clients().heard(kBob), (Heard{fmt::format(R"(speakers {{"sids":["{}"]}})", sid(kBob)),
                                          R"(speakers {"sids":[]})"}));
}

TEST_F(SwitchboardTest, WhatMediaSaysOfNobodyIsPassedOver) {
  three_by_server();
  clients().hear("another", "x", SlotsChanged{{{"5", "y", Source::kCamera}}});
  clients().hear("daily", "nobody", SlotsChanged{{{"5", "y", Source::kCamera}}});
  clients().hear("daily", "nobody", Answered{1, "v=0"});
  hear(kAda, Answered{999, "v=0"});
  EXPECT_EQ(clients().heard(kAda), Heard());
}

TEST_F(SwitchboardTest, WhoseConnectionHasFailedIsAskedToConnectAgain) {
  three_by_server();
  hear(kAda, ConnectionChanged{State::kConnected});
  hear(kAda, ConnectionChanged{State::kLost});
  EXPECT_EQ(clients().heard(kAda), Heard());
  hear(kAda, ConnectionChanged{State::kFailed});
  EXPECT_EQ(clients().heard(kAda), Heard{R"(topology {"topology":"sfu","reason":"third"})"});
  ask(kAda, "negotiate", fmt::format(R"({{"offer":{}}})", kOffer));
  hear(kAda, ConnectionChanged{State::kFailed});
  EXPECT_EQ(clients().heard(kAda), Heard()) << "that is under way";
  EXPECT_EQ(counters().media_failed, 2u);
  EXPECT_EQ(counters().media_connected, 1u);
  EXPECT_EQ(counters().media_lost, 1u);
}

TEST_F(SwitchboardTest, AConnectionThatFailsWhileItIsRestartedIsMadeAnew) {
  three_by_server();
  ask(kAda, "negotiate", fmt::format(R"({{"offer":{},"renegotiate":true}})", kOffer));
  const auto requests = clients().asked_of_media();
  hear(kAda, ConnectionChanged{State::kFailed});
  EXPECT_EQ(clients().answer_to(clients().last_ack()).find("error")->find("code")->to_text(),
            R"("unavailable")");
  EXPECT_EQ(clients().heard(kAda), Heard{R"(topology {"topology":"sfu","reason":"third"})"});
  hear(kAda, Answered{requests.at(0).ticket, std::unexpected("there is no connection")});
  EXPECT_EQ(clients().heard(kAda), Heard());
  try_to(kAda, "leave");
  EXPECT_EQ(asked(), Asked()) << "there is nothing to close";
}

TEST_F(SwitchboardTest, AFailureIsOfNoInterestPeerToPeer) {
  three_by_server();
  bob_and_cy_leave();
  clients().advance(30s);
  forget();
  hear(kAda, ConnectionChanged{State::kFailed});
  clients().hear("daily", "", SpeakersChanged{{sid(kAda)}});
  EXPECT_EQ(clients().heard(kAda), Heard());
}

TEST_F(SwitchboardTest, ARoomThatNeverGoesOverTheServerHoldsFewer) {
  const auto places = [this](bool media, std::string_view asked) {
    configure({.max_participants = 5, .max_mesh_participants = 3, .topology = {.media = media}});
    std::uint64_t people = 0;
    while (people < 10) {
      const Json answer = clients().ask_with({people + 1}, "join", join_body("P", asked));
      if (*answer.find("ok")->as_bool() == false) return people;
      ++people;
    }
    return people;
  };
  EXPECT_EQ(places(false, {}), 3u);
  EXPECT_EQ(places(true, {}), 5u);
  EXPECT_EQ(places(true, R"("topology":"p2p")"), 3u);
  EXPECT_EQ(places(true, R"("topology":"sfu")"), 5u);
}

}  // namespace
}  // namespace parley::meeting

#include "meeting/test_meeting.h"

// A person who is sent everyone in one stream, which the server makes: what the meeting asks of
// media for their sake, and how the room's media travels.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOneStream = R"({"tiles":[],"oneStream":{"width":1280,"height":720}})";
constexpr std::string_view kTiles = R"({"tiles":[]})";

class OneStreamTest : public MeetingTest {
 protected:
  static RoomsConfig able(bool one_stream = true) {
    RoomsConfig config;
    config.topology = {.media = true, .one_stream = one_stream, .mesh_limit = 2};
    return config;
  }
  void SetUp() override {
    configure(able());
    clients().media_answers = true;
    clients().on_media = [this](const ToMedia& to) {
      if (auto* const connect = std::get_if<Connect>(&to.request)) {
        described_.push_back(text_of(connect->person));
      }
      if (auto* const person = std::get_if<Describe>(&to.request)) {
        described_.push_back(text_of(*person));
      }
      if (auto* const view = std::get_if<SetView>(&to.request)) {
        views_.push_back(to.sid + (view->one_stream ? " one stream" : " tiles"));
      }
    };
  }

  Welcome come(ConnectionId who, std::string_view name, std::string_view more = "") {
    const Json body =
        Json::parse(fmt::format(R"({{"room":"daily","name":"{}","micinf":true,"vidinf":true,)"
                                R"("offer":{{"sdp":"x","sources":{{}}}}{}}})",
                                name, more))
            .value();
    return welcome_of(clients().ask_with(who, "join", body));
  }
  Topology topology() { return clients().rooms().view("daily").topology; }

  // What media was told since the last call.
  std::vector<std::string> views() { return std::exchange(views_, {}); }
  std::vector<std::string> described() { return std::exchange(described_, {}); }

 private:
  static std::string text_of(const Describe& person) {
    return fmt::format("{}{}{}{}{}", person.name, person.microphone ? "" : " muted",
                       person.camera ? "" : " unseen", person.screen ? " screen" : "",
                       person.hand ? " hand" : "");
  }

  std::vector<std::string> views_, described_;
};

using Told = std::vector<std::string>;

TEST_F(OneStreamTest, TheWelcomeSaysWhetherTheServerMakesIt) {
  EXPECT_TRUE(come(kAda, "Ada").one_stream);
  configure(able(false));
  EXPECT_FALSE(come(kAda, "Ada").one_stream);
  configure(able());
  EXPECT_FALSE(come(kAda, "Ada", R"(,"topology":"p2p")").one_stream)
      << "where nothing goes by the server";
}

TEST_F(OneStreamTest, IsRefusedWhereTheServerMakesNone) {
  configure(able(false));
  come(kAda, "Ada");
  EXPECT_EQ(try_to(kAda, "view", kOneStream), "unavailable");
  EXPECT_EQ(try_to(kAda, "view", kTiles), "ok");
}

TEST_F(OneStreamTest, MovesTheRoomToTheServerAndBackThirtySecondsAfter) {
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  forget();
  EXPECT_EQ(topology(), Topology::kP2p);
  EXPECT_EQ(try_to(kAda, "view", kOneStream), "ok");
  for (const ConnectionId who : {kAda, kBob}) {
    const Heard told = heard(who, "topology");
    ASSERT_EQ(told.size(), 1u);
    EXPECT_TRUE(told[0].starts_with(R"({"topology":"sfu","reason":"one-stream","answer":)"));
  }
  EXPECT_EQ(views(), Told{ada.sid + " one stream"}) << "with the connection that it is for";
  EXPECT_EQ(try_to(kAda, "view", kTiles), "ok");
  EXPECT_EQ(views(), Told{ada.sid + " tiles"});
  clients().advance(30s - 1ms);
  EXPECT_EQ(topology(), Topology::kSfu);
  clients().advance(1ms);
  EXPECT_EQ(topology(), Topology::kP2p);
}

TEST_F(OneStreamTest, EndsWithWhoAskedForIt) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  ask(kAda, "view", kOneStream);
  EXPECT_EQ(topology(), Topology::kSfu);
  ask(kAda, "leave");
  clients().advance(30s);
  EXPECT_EQ(topology(), Topology::kP2p);
}

TEST_F(OneStreamTest, AnotherViewLeavesTheTopologyAlone) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  ask(kAda, "view", kOneStream);
  forget();
  ask(kAda, "view", R"({"tiles":[],"oneStream":{"width":640,"height":360}})");
  ask(kBob, "view", kTiles);
  EXPECT_EQ(heard(kBob, "topology"), Heard());
  clients().advance(60s);
  EXPECT_EQ(topology(), Topology::kSfu);
}

TEST_F(OneStreamTest, IsToldOfARoomOverHttp) {
  come(kAda, "Ada");
  come(kBob, "Bob");
  ask(kAda, "view", kOneStream);
  const RoomView room = clients().rooms().view("daily");
  ASSERT_EQ(room.participants.size(), 2u);
  EXPECT_EQ(room.participants[0].one_stream, true);
  EXPECT_EQ(room.participants[1].one_stream, std::nullopt);
}

TEST_F(OneStreamTest, MediaHearsHowPeopleAreDrawn) {
  come(kAda, "Ada");
  const Welcome bob = come(kBob, "Bob");
  ask(kBob, "hand", R"({"raised":true})");
  EXPECT_EQ(described(), Told()) << "who has no connection is not drawn";
  come(kCy, "Cy");
  EXPECT_EQ(described(), (Told{"Ada", "Bob hand", "Cy"}));
  ask(kBob, "media", R"({"micinf":false,"vidinf":true,"scrinf":false})");
  EXPECT_EQ(described(), Told{"Bob muted hand"});
  ask(kBob, "media", R"({"micinf":false,"vidinf":true,"scrinf":true})");
  EXPECT_EQ(described(), Told{"Bob muted screen hand"});
  ask(kBob, "media", R"({"micinf":false,"vidinf":true,"scrinf":false})");
  EXPECT_EQ(described(), Told{"Bob muted hand"});
  ask(kAda, "hand", fmt::format(R"({{"raised":false,"sid":"{}"}})", bob.sid));
  EXPECT_EQ(described(), Told{"Bob muted"});
  ask(kAda, "mute", R"({"source":"camera"})");
  EXPECT_EQ(described(), (Told{"Bob muted unseen", "Cy unseen"}));
  ask(kAda, "settings",
      R"({"permissions":{"microphone":false,"camera":true,"screen":true,)"
      R"("chat":true,"todo":true}})");
  EXPECT_EQ(described(), Told{"Cy muted unseen"});
}

TEST_F(OneStreamTest, MediaHearsAnotherNameOfWhoComesBack) {
  come(kAda, "Ada");
  const Welcome bob = come(kBob, "Bob");
  come(kCy, "Cy");
  described();
  clients().lose(kBob);
  EXPECT_TRUE(join(kBobAgain, "Robert", bob.resume).resumed);
  EXPECT_EQ(described(), Told{"Robert"});
}

TEST_F(OneStreamTest, TheStreamIsToldAsSlotAndQualityAndAgainToWhoComesBack) {
  const Welcome ada = come(kAda, "Ada");
  come(kBob, "Bob");
  come(kCy, "Cy");
  forget();
  clients().hear("daily", ada.sid, SlotsChanged{{{.mid = "4", .one_stream = true}}});
  clients().hear("daily", ada.sid,
                 QualityChanged{.estimate = 9, .tiles = {{.mid = "4", .one_stream = true}}});
  const std::string slots = R"(slots {"slots":[{"mid":"4","oneStream":true}]})";
  EXPECT_EQ(clients().heard(kAda),
            (Heard{slots, R"(quality {"estimate":9,"tiles":[{"mid":"4","width":0,"height":0,)"
                          R"("fps":0,"bitrate":0,"limit":"none","paused":false,)"
                          R"("oneStream":true}]})"}));
  clients().lose(kAda);
  join(kAdaAgain, "Ada", ada.resume);
  EXPECT_EQ(clients().heard(kAdaAgain), Heard{slots});
}

}  // namespace
}  // namespace parley::meeting

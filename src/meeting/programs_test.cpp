#include "meeting/test_meeting.h"

// Programs among the people of a meeting, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class ProgramsTest : public MeetingTest {
 protected:
  ProgramsTest() {
    configure({.grace = 30s, .topology = {.media = true}});
    clients().media_answers = true;
  }

  Welcome program(ConnectionId who, std::string_view name) {
    clients().came(who, {.by_server_alone = true});
    return join(who, name);
  }
};

TEST_F(ProgramsTest, AreSpokenToByTheServer) {
  join(kBob, "Bob");
  forget();
  program(kCy, "OBS");
  EXPECT_TRUE(heard(kBob, "topology").at(0).starts_with(R"({"topology":"sfu","reason":"viewer")"));
  clients().lose(kCy);
  clients().advance(61s);
  EXPECT_TRUE(heard(kBob, "topology").at(0).starts_with(R"({"topology":"p2p","reason":"alone")"));
}

TEST_F(ProgramsTest, DoNotOwnARoomThatTheyAreTheFirstIn) {
  EXPECT_EQ(program(kCy, "OBS").role, Role::kParticipant);
  clients().advance(31s);  // Nobody is made its owner for want of one.
  EXPECT_EQ(join(kAda, "Ada").role, Role::kOwner);
  EXPECT_EQ(join(kBob, "Bob").role, Role::kParticipant);
}

TEST_F(ProgramsTest, HoldNoOffice) {
  join(kAda, "Ada");
  const Welcome obs = program(kCy, "OBS");
  for (const char* role : {"owner", "cohost"}) {
    EXPECT_EQ(try_to(kAda, "role", fmt::format(R"({{"sid":"{}","role":"{}"}})", obs.sid, role)),
              "forbidden sid");
  }
  clients().came(kDan, {.by_server_alone = true});
  const JoinClaim claim{.room = "daily", .name = "Stage", .role = Role::kCohost};
  EXPECT_EQ(join(kDan, "OBS", {}, claim).role, Role::kParticipant);
}

TEST_F(ProgramsTest, AreKnownAsSuch) {
  join(kAda, "Ada");
  program(kCy, "OBS");
  const Welcome bob = join(kBob, "Bob");
  EXPECT_EQ(bob.participants.at(0).program, std::nullopt);
  EXPECT_EQ(bob.participants.at(1).program, true);
}

TEST_F(ProgramsTest, DoNotFollowAnOwner) {
  program(kCy, "OBS");
  join(kAda, "Ada");
  const std::string bob = join(kBob, "Bob").sid;
  forget();
  try_to(kAda, "leave");
  EXPECT_TRUE(heard(kBob, "participant").at(0).contains(R"("role":"owner")"));
  try_to(kBob, "leave");
  EXPECT_EQ(names_heard(kCy), (Heard{"left", "participant", "left"}));
  EXPECT_EQ(join(kAda, "Ada").role, Role::kOwner);
}

TEST_F(ProgramsTest, DoNotKeepADoorShutThatNobodyIsBehind) {
  join(kAda, "Ada");
  program(kCy, "OBS");
  ask(kAda, "settings", R"({"waitingRoom":true})");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "waiting");
  try_to(kAda, "leave");
  EXPECT_EQ(heard(kBob, "refused"), Heard{R"({"reason":"ended"})"});
  const Welcome bob = join(kDan, "Dan");
  EXPECT_EQ(bob.role, Role::kOwner);
  EXPECT_EQ(bob.settings, RoomSettings());
  restart();
  EXPECT_EQ(join(kAda, "Ada").settings, RoomSettings()) << "as stored";
}

TEST_F(ProgramsTest, ThatMaySendNothingAgainFollowTheRoomsPermissions) {
  join(kAda, "Ada");
  ask(kAda, "settings",
      R"({"permissions":{"microphone":false,"camera":true,"screen":true,"chat":true,"todo":true}})");
  program(kCy, "OBS");
  EXPECT_FALSE(join(kBob, "Bob").participants.at(1).micinf);
  try_to(kBob, "leave");
  try_to(kAda, "leave");
  EXPECT_TRUE(join(kBob, "Bob").participants.at(0).permissions.microphone);
}

}  // namespace
}  // namespace parley::meeting

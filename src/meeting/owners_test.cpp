#include "meeting/presence.h"

#include "meeting/test_meeting.h"

// Whose a meeting is: heirs, returns and restarts, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class OwnersTest : public MeetingTest {
 protected:
  void make(ConnectionId owner, std::string_view sid, std::string_view role) {
    ASSERT_EQ(try_to(owner, "role", fmt::format(R"({{"sid":"{}","role":"{}"}})", sid, role)), "ok");
  }
  Role role_seen(ConnectionId by, std::string_view sid) {
    forget();
    try_to(by, "hand", R"({"raised":true})");
    try_to(by, "hand", R"({"raised":false})");
    const Welcome probe = join(ConnectionId{++probe_}, "Probe");
    for (const ParticipantView& who : probe.participants) {
      if (who.sid == sid) {
        try_to(ConnectionId{probe_}, "leave");
        return who.role;
      }
    }
    ADD_FAILURE() << "nobody of that sid";
    return Role::kParticipant;
  }

 private:
  std::uint64_t probe_ = 100;
};

TEST_F(OwnersTest, TheLongestPresentCohostFollows) {
  join(kAda, "Ada");
  join(kBob, "Bob");
  const std::string cy = join(kCy, "Cy").sid;
  const std::string dan = join(kDan, "Dan").sid;
  make(kAda, dan, "cohost");
  make(kAda, cy, "cohost");
  forget();
  try_to(kAda, "leave");
  EXPECT_EQ(names_heard(kCy), (Heard{"left", "participant", "resume"}));
  EXPECT_EQ(role_seen(kBob, cy), Role::kOwner);
  EXPECT_EQ(role_seen(kBob, dan), Role::kCohost);
}

TEST_F(OwnersTest, ElseTheLongestPresentParticipantWhoIsThere) {
  join(kAda, "Ada");
  join(kBob, "Bob");
  const std::string cy = join(kCy, "Cy").sid;
  clients().lose(kBob);
  try_to(kAda, "leave");
  EXPECT_EQ(role_seen(kCy, cy), Role::kOwner);
}

TEST_F(OwnersTest, AnOwnerWhoIsAwayKeepsTheRoomUntilGoneForGood) {
  const Welcome ada = join(kAda, "Ada");
  const std::string bob = join(kBob, "Bob").sid;
  clients().lose(kAda);
  clients().advance(29s);
  EXPECT_EQ(role_seen(kBob, bob), Role::kParticipant);
  EXPECT_EQ(join(kAdaAgain, "Ada", ada.resume).role, Role::kOwner);
  clients().lose(kAdaAgain);
  clients().advance(30s);
  EXPECT_EQ(role_seen(kBob, bob), Role::kOwner);
  EXPECT_EQ(join(kAda, "Ada", ada.resume).role, Role::kCohost);
}

TEST_F(OwnersTest, WhoComesBackHasTheRoleOfBeforeAndNotOneTakenAway) {
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  make(kAda, bob.sid, "cohost");
  const std::string resume = heard(kBob, "resume").at(0).substr(11);
  const std::string cohosts = resume.substr(0, resume.find('"'));
  try_to(kBob, "leave");
  EXPECT_EQ(join(kBob, "Bob", bob.resume).role, Role::kCohost);  // The room remembers.
  make(kAda, bob.sid, "participant");
  try_to(kBob, "leave");
  EXPECT_EQ(join(kBob, "Bob", cohosts).role, Role::kParticipant);
}

TEST_F(OwnersTest, PermissionsOfOnesOwnSurviveLeavingAndARestart) {
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  forget();
  try_to(
      kAda, "permit",
      fmt::format(R"({{"sid":"{}","permissions":{{"microphone":true,"camera":true,"screen":true,)"
                  R"("chat":false,"todo":true}}}})",
                  bob.sid));
  const std::string told = heard(kBob, "resume").at(0).substr(11);
  try_to(kBob, "leave");
  EXPECT_FALSE(join(kBob, "Bob", bob.resume).permissions.chat);
  restart();
  join(kAda, "Ada");
  EXPECT_FALSE(join(kBob, "Bob", told.substr(0, told.find('"'))).permissions.chat);
}

TEST_F(OwnersTest, AKeptRoomDoesNotChangeHandsByItself) {
  keep_room().members[UserId{8}] = Role::kCohost;
  log_in(kAda, 7);
  log_in(kBob, 8);
  join(kAda, "Ada");
  const std::string bob = join(kBob, "Bob").sid;
  try_to(kAda, "leave");
  EXPECT_EQ(role_seen(kBob, bob), Role::kCohost);
  EXPECT_EQ(try_to(kBob, "end"), "ok");
}

TEST_F(OwnersTest, RolesOfAccountsInAKeptRoomAreStored) {
  keep_room();
  log_in(kAda, 7);
  log_in(kBob, 8);
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  const Welcome guest = join(kCy, "Guest");
  make(kAda, bob.sid, "cohost");
  EXPECT_EQ(store().at("daily").members.at(UserId{8}), Role::kCohost);
  make(kAda, guest.sid, "cohost");
  EXPECT_EQ(store().at("daily").members.size(), 1u);
  EXPECT_EQ(try_to(kAda, "role", fmt::format(R"({{"sid":"{}","role":"owner"}})", guest.sid)),
            "forbidden sid");
  make(kAda, bob.sid, "owner");
  EXPECT_EQ(store().at("daily").room.owner, UserId{8});
  EXPECT_EQ(store().at("daily").members.at(UserId{7}), Role::kCohost);
  restart();
  log_in(kAda, 7);
  EXPECT_EQ(join(kAda, "Ada").role, Role::kCohost);
}

TEST_F(OwnersTest, NothingChangesThatCannotBeStored) {
  keep_room();
  log_in(kAda, 7);
  log_in(kBob, 8);
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  store().failing = true;
  EXPECT_EQ(try_to(kAda, "role", fmt::format(R"({{"sid":"{}","role":"cohost"}})", bob.sid)),
            "unavailable");
  EXPECT_EQ(try_to(kBob, "end"), "forbidden");
}

// ---- Restarts

TEST_F(OwnersTest, AfterARestartTheOwnerIsWaitedFor) {
  const Welcome ada = join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  restart();
  EXPECT_EQ(join(kBob, "Bob", bob.resume).role, Role::kParticipant);
  clients().advance(29s);
  const Welcome again = join(kAda, "Ada", ada.resume);
  EXPECT_EQ(again.role, Role::kOwner);
  EXPECT_EQ(again.started_at, ada.started_at);
  clients().advance(1h);
  EXPECT_EQ(role_seen(kBob, bob.sid), Role::kParticipant);
}

TEST_F(OwnersTest, AndFollowedIfGoneForGood) {
  const Welcome ada = join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  restart();
  join(kBob, "Bob", bob.resume);
  clients().advance(30s);
  EXPECT_EQ(role_seen(kBob, bob.sid), Role::kOwner);
  EXPECT_EQ(join(kAda, "Ada", ada.resume).role, Role::kCohost);
}

TEST_F(OwnersTest, AStrangerWhoComesFirstAfterARestartGivesWay) {
  const Welcome ada = join(kAda, "Ada");
  restart();
  const Welcome eve = join(kCy, "Eve");
  EXPECT_EQ(eve.role, Role::kOwner);
  EXPECT_EQ(join(kAda, "Ada", ada.resume).role, Role::kOwner);
  EXPECT_EQ(role_seen(kAda, eve.sid), Role::kParticipant);
}

TEST_F(OwnersTest, SettingsOfAMeetingOfGuestsOutliveARestart) {
  const Welcome ada = join(kAda, "Ada");
  try_to(kAda, "settings", R"({"waitingRoom":true})");
  restart();
  EXPECT_EQ(code(try_join(kCy, "Eve")), "waiting");
  EXPECT_EQ(join(kAda, "Ada", ada.resume).waiting.size(), 1u);
}

TEST_F(OwnersTest, ButNotIfNobodyComesBack) {
  join(kAda, "Ada");
  try_to(kAda, "settings", R"({"waitingRoom":true})");
  restart();
  EXPECT_EQ(code(try_join(kCy, "Eve")), "waiting");
  clients().advance(30s);
  EXPECT_EQ(clients().heard(kCy), Heard{R"(refused {"reason":"ended"})"});
  EXPECT_EQ(join(kCy, "Eve").role, Role::kOwner);
}

TEST_F(OwnersTest, ALongForgottenMeetingLeavesTheDoorOpen) {
  join(kAda, "Ada");
  try_to(kAda, "settings", R"({"locked":true})");
  restart();
  clients().advance(2min);
  EXPECT_EQ(join(kCy, "Eve").role, Role::kOwner);
}

// ---- The store hears what is in use

TEST_F(OwnersTest, ARoomInUseIsSaidToBeSo) {
  keep_room();
  log_in(kAda, 7);
  join(kAda, "Ada");
  const auto last_used = [&] { return as_number(store().at("daily").room.last_used); };
  EXPECT_EQ(last_used(), 3'600'000);
  clients().advance(2h);
  EXPECT_EQ(last_used(), 3 * 3'600'000);
  clients().advance(1min);
  try_to(kAda, "leave");
  EXPECT_EQ(last_used(), 3 * 3'600'000 + 60'000);
  EXPECT_EQ(clients().rooms().next_deadline(), kNever);
}

}  // namespace
}  // namespace parley::meeting

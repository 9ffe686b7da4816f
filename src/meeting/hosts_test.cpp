#include "meeting/host_controls.h"

#include "meeting/test_meeting.h"

// What hosts do, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class HostsTest : public MeetingTest {
 protected:
  void SetUp() override {
    ada_ = join(kAda, "Ada").sid;
    bob_ = join(kBob, "Bob").sid;
    cy_ = join(kCy, "Cy").sid;
    forget();
  }

  std::string about(std::string_view sid, std::string_view more = {}) {
    return fmt::format(R"({{"sid":"{}"{}}})", sid, more);
  }
  std::string make(std::string_view sid, std::string_view role) {
    return try_to(kAda, "role", about(sid, fmt::format(R"(,"role":"{}")", role)));
  }
  std::string permit(std::string_view sid, std::string_view permissions) {
    return try_to(kAda, "permit", about(sid, fmt::format(R"(,"permissions":{})", permissions)));
  }

  std::string ada_, bob_, cy_;
};

TEST_F(HostsTest, TheFirstOwnsARoomThatNobodyKeeps) {
  const Welcome dan = join(kDan, "Dan");
  EXPECT_EQ(dan.role, Role::kParticipant);
  EXPECT_FALSE(dan.kept);
  EXPECT_EQ(dan.participants.front().role, Role::kOwner);
  EXPECT_EQ(dan.participants.back().role, Role::kParticipant);
}

TEST_F(HostsTest, MutingSwitchesOffAtOnceAndTellsEveryone) {
  EXPECT_EQ(try_to(kAda, "mute", about(bob_, R"(,"source":"microphone")")), "ok");
  EXPECT_EQ(clients().heard(kBob),
            Heard{fmt::format(R"(muted {{"by":"{}","source":"microphone"}})", ada_)});
  const std::string off =
      fmt::format(R"(media {{"sid":"{}","micinf":false,"vidinf":true,"scrinf":false}})", bob_);
  EXPECT_EQ(clients().heard(kCy), Heard{off});
  EXPECT_EQ(clients().heard(kAda), Heard{off});
  EXPECT_EQ(try_to(kAda, "mute", about(bob_, R"(,"source":"microphone")")), "ok");
  EXPECT_EQ(clients().heard(kBob), Heard{});  // It is off already.
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":true,"scrinf":false})"), "ok");
}

TEST_F(HostsTest, MutingAllSparesHosts) {
  make(bob_, "cohost");
  forget();
  EXPECT_EQ(try_to(kBob, "mute", R"({"source":"camera"})"), "ok");
  EXPECT_EQ(heard(kCy, "muted").size(), 1u);
  EXPECT_EQ(heard(kAda, "muted"), Heard{});
  EXPECT_EQ(heard(kBob, "muted"), Heard{});
}

TEST_F(HostsTest, AShareIsStopped) {
  clients().say(kBob, "media", R"({"micinf":true,"vidinf":true,"scrinf":true})");
  forget();
  EXPECT_EQ(try_to(kAda, "mute", about(bob_, R"(,"source":"screen")")), "ok");
  EXPECT_EQ(heard(kBob, "muted").size(), 1u);
}

TEST_F(HostsTest, AskingIsTellingTheOne) {
  EXPECT_EQ(try_to(kAda, "ask", about(bob_, R"(,"source":"camera","on":true)")), "ok");
  EXPECT_EQ(clients().heard(kBob),
            Heard{fmt::format(R"(asked {{"by":"{}","source":"camera","on":true}})", ada_)});
  EXPECT_EQ(names_heard(kCy), Heard{});
}

TEST_F(HostsTest, WhatIsNotPermittedIsSwitchedOffAndRefused) {
  EXPECT_EQ(
      permit(bob_, R"({"microphone":false,"camera":true,"screen":true,"chat":false,"todo":false})"),
      "ok");
  EXPECT_EQ(names_heard(kCy), (Heard{"media", "participant"}));
  EXPECT_EQ(names_heard(kBob), (Heard{"media", "participant", "resume"}));
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":true,"scrinf":false})"),
            "forbidden micinf");
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":false,"vidinf":true,"scrinf":false})"), "ok");
  EXPECT_EQ(try_to(kBob, "description",
                   about(ada_, R"(,"type":"offer","sdp":"x","sources":{"0":"microphone"})")),
            "forbidden sources.0");
  EXPECT_EQ(try_to(kBob, "chat", R"({"key":"k","text":"x"})"), "forbidden");
  EXPECT_EQ(try_to(kBob, "todo", R"({"changes":[{"item":"12345678","age":0,"text":"x"}]})"),
            "forbidden");
}

TEST_F(HostsTest, TheRoomsPermissionsHoldForWhoHasNoneOfTheirOwn) {
  permit(bob_, R"({"microphone":true,"camera":true,"screen":true,"chat":true,"todo":true})");
  make(cy_, "cohost");
  const std::string dan = join(kDan, "Dan").sid;
  forget();
  EXPECT_EQ(try_to(kAda, "settings",
                   R"({"permissions":{"microphone":true,"camera":false,)"
                   R"("screen":true,"chat":true,"todo":true}})"),
            "ok");
  const Heard changed = heard(kAda, "participant");
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_NE(changed[0].find(dan), std::string::npos);
  EXPECT_EQ(try_to(kDan, "media", R"({"micinf":true,"vidinf":true,"scrinf":false})"),
            "forbidden vidinf");
  EXPECT_EQ(try_to(kBob, "media", R"({"micinf":true,"vidinf":true,"scrinf":false})"), "ok");
}

TEST_F(HostsTest, WhoComesInIsHeldToTheRoomsPermissions) {
  try_to(
      kAda, "settings",
      R"({"permissions":{"microphone":false,"camera":true,"screen":true,"chat":true,"todo":true}})");
  forget();
  const Welcome dan = join(kDan, "Dan");
  EXPECT_FALSE(dan.permissions.microphone);
  EXPECT_NE(clients().heard(kAda).front().find(R"("micinf":false)"), std::string::npos);
}

TEST_F(HostsTest, HostsMayDoEverything) {
  make(bob_, "cohost");
  EXPECT_EQ(
      permit(bob_, R"({"microphone":false,"camera":true,"screen":true,"chat":true,"todo":true})"),
      "forbidden sid");
  EXPECT_EQ(permit("nobody",
                   R"({"microphone":false,"camera":true,"screen":true,"chat":true,"todo":true})"),
            "no-such-participant");
}

TEST_F(HostsTest, ARoleIsToldToAllAndSignedForTheOne) {
  EXPECT_EQ(make(bob_, "cohost"), "ok");
  EXPECT_EQ(names_heard(kCy), Heard{"participant"});
  EXPECT_EQ(names_heard(kBob), (Heard{"participant", "resume"}));
  EXPECT_EQ(make(ada_, "participant"), "no-such-participant");
  EXPECT_EQ(try_to(kBob, "role", about(cy_, R"(,"role":"cohost")")), "forbidden");
}

TEST_F(HostsTest, HandingOverMakesOneACohost) {
  EXPECT_EQ(make(bob_, "owner"), "ok");
  EXPECT_EQ(try_to(kAda, "role", about(cy_, R"(,"role":"cohost")")), "forbidden");
  EXPECT_EQ(try_to(kAda, "mute", R"({"source":"camera"})"), "ok");
  EXPECT_EQ(try_to(kBob, "role", about(cy_, R"(,"role":"cohost")")), "ok");
}

TEST_F(HostsTest, WhoIsRemovedIsOutAndStaysOut) {
  clients().came(kDan, {}, "192.0.2.7");
  const Welcome dan = join(kDan, "Dan");
  forget();
  EXPECT_EQ(try_to(kAda, "remove", about(dan.sid)), "ok");
  EXPECT_EQ(clients().heard(kDan), Heard{fmt::format(R"(removed {{"by":"{}"}})", ada_)});
  EXPECT_EQ(clients().heard(kBob),
            Heard{fmt::format(R"(left {{"sid":"{}","reason":"removed"}})", dan.sid)});
  EXPECT_EQ(try_to(kDan, "leave"), "not-joined");
  EXPECT_EQ(code(try_join(kDan, "Dan", dan.resume)), "removed");
  EXPECT_EQ(code(try_join(kDan, "Eve")), "waiting");  // The same address.
  clients().came(ConnectionId{20}, {}, "192.0.2.8");
  EXPECT_EQ(code(try_join(ConnectionId{20}, "Finn")), "ok");
}

TEST_F(HostsTest, TheOwnerIsNotRemovedNorOneselfNorNobody) {
  make(bob_, "cohost");
  EXPECT_EQ(try_to(kBob, "remove", about(ada_)), "forbidden sid");
  EXPECT_EQ(try_to(kBob, "remove", about(bob_)), "no-such-participant");
  EXPECT_EQ(try_to(kBob, "remove", about("nobody")), "no-such-participant");
  EXPECT_EQ(try_to(kAda, "remove", about(bob_)), "ok");
}

TEST_F(HostsTest, BansEndWithTheMeeting) {
  clients().came(kDan, {}, "192.0.2.7");
  const Welcome dan = join(kDan, "Dan");
  try_to(kAda, "remove", about(dan.sid));
  for (const ConnectionId who : {kAda, kBob, kCy}) try_to(who, "leave");
  EXPECT_EQ(code(try_join(kDan, "Dan", dan.resume)), "ok");
}

TEST_F(HostsTest, EndingPutsEveryoneOut) {
  const Welcome dan = join(kDan, "Dan");
  clients().lose(kDan, true);
  try_to(kAda, "settings", R"({"waitingRoom":true})");
  ASSERT_EQ(code(try_join(kBobAgain, "Eve")), "waiting");
  forget();
  EXPECT_EQ(try_to(kAda, "end"), "ok");
  EXPECT_EQ(clients().heard(kBob), Heard{fmt::format(R"(ended {{"by":"{}"}})", ada_)});
  EXPECT_EQ(clients().heard(kAda), Heard{});
  EXPECT_EQ(clients().heard(kBobAgain), Heard{R"(refused {"reason":"ended"})"});
  EXPECT_TRUE(clients().forgot(kDan));
  const Counters& counters = clients().rooms().counters();
  EXPECT_EQ(counters.rooms + counters.participants + counters.away + counters.waiting, 0u);
  EXPECT_EQ(clients().rooms().next_deadline(), kNever);
  for (const ConnectionId who : {kAda, kBob, kBobAgain}) {
    EXPECT_EQ(try_to(who, "leave"), "not-joined");
  }
  EXPECT_EQ(join(kBob, "Bob").role, Role::kOwner);  // Another meeting, open again.
}

TEST_F(HostsTest, HandsQueueAndHostsLowerThem) {
  EXPECT_EQ(try_to(kCy, "hand", R"({"raised":true})"), "ok");
  EXPECT_EQ(try_to(kBob, "hand", R"({"raised":true})"), "ok");
  EXPECT_EQ(try_to(kCy, "hand", R"({"raised":true})"), "ok");  // Keeps the place.
  const Heard told = heard(kAda, "participant");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_NE(told[0].find(R"("hand":1)"), std::string::npos);
  EXPECT_NE(told[1].find(R"("hand":2)"), std::string::npos);
  EXPECT_EQ(try_to(kBob, "hand", about(cy_, R"(,"raised":false)")), "forbidden sid");
  EXPECT_EQ(try_to(kAda, "hand", about(cy_, R"(,"raised":true)")), "forbidden raised");
  EXPECT_EQ(try_to(kAda, "hand", about("nobody", R"(,"raised":false)")), "no-such-participant");
  EXPECT_EQ(try_to(kAda, "hand", about(cy_, R"(,"raised":false)")), "ok");
  EXPECT_EQ(heard(kCy, "participant").size(), 3u);
}

TEST_F(HostsTest, ReactionsReachTheOthers) {
  EXPECT_EQ(try_to(kBob, "react", R"({"emoji":"🎉"})"), "ok");
  EXPECT_EQ(clients().heard(kAda),
            Heard{fmt::format(R"(reaction {{"sid":"{}","emoji":"🎉"}})", bob_)});
  EXPECT_EQ(clients().heard(kBob), Heard{});
  EXPECT_EQ(try_to(kBob, "react", R"({"emoji":"<b>"})"), "invalid emoji");
}

}  // namespace
}  // namespace parley::meeting

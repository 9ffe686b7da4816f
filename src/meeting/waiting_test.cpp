#include "meeting/entrance.h"

#include "meeting/test_meeting.h"

// Who comes in, and who waits, through the whole engine.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

class WaitingTest : public MeetingTest {
 protected:
  // Ada owns the room and admits; Bob waits.
  void let_bob_wait() {
    ada_ = join(kAda, "Ada");
    ASSERT_EQ(try_to(kAda, "settings", R"({"waitingRoom":true})"), "ok");
    forget();
    const Json answer = try_join(kBob, "Bob");
    ASSERT_EQ(code(answer), "waiting");
    bob_resume_ = text(answer, "resume");
    bob_ = bob_resume_.substr(0, bob_resume_.find('.'));
  }
  std::string sids() const { return fmt::format(R"({{"sids":["{}","gone-long-ago"]}})", bob_); }

  Welcome ada_;
  std::string bob_, bob_resume_;
};

TEST_F(WaitingTest, HostsHearOfWhoWaitsAndLetThemIn) {
  let_bob_wait();
  EXPECT_EQ(
      clients().heard(kAda),
      Heard{fmt::format(
          R"(waiting {{"people":[{{"sid":"{}","name":"Bob","account":false,"since":3600000}}]}})",
          bob_)});
  EXPECT_EQ(try_to(kBob, "chat", R"({"key":"k","text":"x"})"), "not-joined");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "already-joined");
  EXPECT_EQ(try_to(kAda, "admit", sids()), "ok");
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "waiting"}));
  const Heard admitted = heard(kBob, "admitted");
  ASSERT_EQ(admitted.size(), 1u);
  const Welcome welcome = from_json<Welcome>(Json::parse(admitted[0]).value()).value();
  EXPECT_EQ(welcome.sid, bob_);
  EXPECT_EQ(welcome.role, Role::kParticipant);
  EXPECT_TRUE(welcome.waiting.empty());
  EXPECT_EQ(try_to(kBob, "hand", R"({"raised":true})"), "ok");
}

TEST_F(WaitingTest, WhoIsRefusedMayAskAgain) {
  let_bob_wait();
  forget();
  EXPECT_EQ(try_to(kAda, "refuse", sids()), "ok");
  EXPECT_EQ(clients().heard(kBob), Heard{R"(refused {"reason":"refused"})"});
  EXPECT_EQ(clients().heard(kAda), Heard{R"(waiting {"people":[]})"});
  EXPECT_EQ(code(try_join(kBob, "Bob")), "waiting");
}

TEST_F(WaitingTest, WhoLeavesOrIsLostForGoodWaitsNoMore) {
  let_bob_wait();
  EXPECT_EQ(try_to(kBob, "leave"), "ok");
  EXPECT_EQ(try_to(kBob, "leave"), "not-joined");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "waiting");
  clients().lose(kBob);
  EXPECT_EQ(clients().rooms().counters().waiting, 1u);
  clients().advance(30s);
  EXPECT_EQ(clients().rooms().counters().waiting, 0u);
  EXPECT_EQ(heard(kAda, "waiting").back(), R"({"people":[]})");
}

TEST_F(WaitingTest, WhoComesBackKeepsThePlaceInTheQueue) {
  let_bob_wait();
  try_join(kCy, "Cy");
  clients().lose(kBob);
  forget();
  EXPECT_EQ(code(try_join(kBobAgain, "Bob", bob_resume_)), "waiting");
  clients().advance(5min);
  EXPECT_EQ(clients().heard(kAda), Heard{});
  try_join(kDan, "Dan");
  EXPECT_EQ(heard(kAda, "waiting").back().find(bob_), std::string(R"({"people":[{"sid":")").size());
}

TEST_F(WaitingTest, WhoWaitsInASecondTabIsReplacedInTheFirst) {
  let_bob_wait();
  EXPECT_EQ(code(try_join(kBobAgain, "Bob", bob_resume_)), "waiting");
  EXPECT_EQ(clients().heard(kBob), Heard{"replaced {}"});
  EXPECT_EQ(try_to(kBob, "leave"), "not-joined");
  EXPECT_EQ(try_to(kAda, "admit", sids()), "ok");
  EXPECT_EQ(names_heard(kBobAgain), Heard{"admitted"});
}

TEST_F(WaitingTest, WhoIsAdmittedWhileLostIsInWhenBack) {
  let_bob_wait();
  clients().lose(kBob);
  EXPECT_EQ(try_to(kAda, "admit", sids()), "ok");
  EXPECT_EQ(names_heard(kAda), (Heard{"waiting", "joined", "away", "waiting"}));
  const Welcome bob = join(kBobAgain, "Bob", bob_resume_);
  EXPECT_EQ(bob.sid, bob_);
  EXPECT_TRUE(bob.resumed);
}

TEST_F(WaitingTest, ATransportThatRecoversHearsThatItIsIn) {
  let_bob_wait();
  clients().lose(kBob, true);
  clients().input(Rooms::Recovered{kBob});
  clients().advance(5min);
  clients().lose(kBob, true);
  EXPECT_EQ(try_to(kAda, "admit", sids()), "ok");
  clients().input(Rooms::Recovered{kBob});
  EXPECT_EQ(names_heard(kBob), Heard{"admitted"});
  EXPECT_EQ(try_to(kBob, "hand", R"({"raised":true})"), "ok");
}

TEST_F(WaitingTest, WhoWaitsForHalfAnHourIsSentAway) {
  let_bob_wait();
  clients().advance(30min - 1us);
  EXPECT_EQ(clients().heard(kBob), Heard{});
  clients().advance(1us);
  EXPECT_EQ(clients().heard(kBob), Heard{R"(refused {"reason":"timeout"})"});
  EXPECT_EQ(clients().rooms().counters().wait_timeouts, 1u);
}

TEST_F(WaitingTest, OpeningTheDoorLetsAllInAndLockingItSendsAllAway) {
  let_bob_wait();
  EXPECT_EQ(try_to(kAda, "settings", R"({"waitingRoom":false})"), "ok");
  EXPECT_EQ(names_heard(kBob), Heard{"admitted"});
  EXPECT_EQ(try_to(kAda, "settings", R"({"waitingRoom":true})"), "ok");
  EXPECT_EQ(code(try_join(kCy, "Cy")), "waiting");
  EXPECT_EQ(try_to(kAda, "settings", R"({"locked":true})"), "ok");
  EXPECT_EQ(clients().heard(kCy), Heard{R"(refused {"reason":"locked"})"});
  EXPECT_EQ(code(try_join(kCy, "Cy")), "locked");
}

TEST_F(WaitingTest, TheQueueAndTheRoomAreBounded) {
  configure({.max_participants = 2, .max_waiting = 1});
  let_bob_wait();
  EXPECT_EQ(code(try_join(kCy, "Cy")), "room-full");
  EXPECT_EQ(try_to(kAda, "admit", sids()), "ok");
  const Json cy = try_join(kCy, "Cy");
  ASSERT_EQ(code(cy), "waiting");
  const std::string resume = text(cy, "resume");
  EXPECT_EQ(try_to(kAda, "admit",
                   fmt::format(R"({{"sids":["{}"]}})", resume.substr(0, resume.find('.')))),
            "room-full");
  EXPECT_EQ(clients().rooms().counters().waiting, 1u);  // Still there.
}

TEST_F(WaitingTest, AResumeOfWhoWaitsDoesNotComeInByItself) {
  let_bob_wait();
  try_to(kAda, "refuse", sids());
  EXPECT_EQ(code(try_join(kBob, "Bob", bob_resume_)), "waiting");
}

TEST_F(WaitingTest, ALockedRoomTakesBackItsOwn) {
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  EXPECT_EQ(try_to(kAda, "settings", R"({"locked":true})"), "ok");
  EXPECT_EQ(code(try_join(kCy, "Cy")), "locked");
  try_to(kBob, "leave");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "locked");
  EXPECT_EQ(code(try_join(kBob, "Bob", bob.resume)), "ok");
  EXPECT_EQ(code(try_join(kCy, "Cy", {}, JoinClaim{.room = "daily", .name = "Cy"})), "ok");
}

TEST_F(WaitingTest, AMeetingThatIsOverLeavesTheDoorOpen) {
  join(kAda, "Ada");
  const Welcome bob = join(kBob, "Bob");
  try_to(kAda, "settings", R"({"locked":true})");
  try_to(kAda, "end");
  EXPECT_EQ(code(try_join(kCy, "Cy")), "ok");
  EXPECT_EQ(store().at("daily").room.settings, RoomSettings());
  try_to(kCy, "settings", R"({"locked":true})");
  EXPECT_EQ(code(try_join(kBob, "Bob", bob.resume)), "locked");  // Of another meeting.
}

// ---- Accounts and tokens

TEST_F(WaitingTest, AKeptRoomHasItsOwnersAndMembers) {
  FakeStore::Kept& kept = keep_room({.waiting_room = true});
  kept.members[UserId{8}] = Role::kCohost;
  kept.members[UserId{9}] = Role::kParticipant;
  EXPECT_EQ(code(try_join(kDan, "Guest")), "waiting");
  log_in(kAda, 7);
  log_in(kBob, 8);
  log_in(kCy, 9);
  const Welcome cy = join(kCy, "Cy");  // A member does not wait.
  EXPECT_EQ(cy.role, Role::kParticipant);
  EXPECT_TRUE(cy.kept);
  EXPECT_EQ(cy.account.value, "user9");
  EXPECT_TRUE(cy.waiting.empty());
  EXPECT_EQ(join(kBob, "Bob").role, Role::kCohost);
  const Welcome ada = join(kAda, "Ada");
  EXPECT_EQ(ada.role, Role::kOwner);
  ASSERT_EQ(ada.waiting.size(), 1u);
  EXPECT_EQ(ada.waiting[0].name, "Guest");
}

TEST_F(WaitingTest, MembersOnlyIsForMembers) {
  keep_room({.members_only = true}).members[UserId{9}] = Role::kParticipant;
  log_in(kAda, 7);
  log_in(kBob, 8);
  log_in(kCy, 9);
  EXPECT_EQ(code(try_join(kDan, "Guest")), "members-only");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "members-only");
  EXPECT_EQ(code(try_join(kCy, "Cy")), "ok");
  EXPECT_EQ(code(try_join(kAda, "Ada")), "ok");
  EXPECT_EQ(code(try_join(kDan, "Guest", {}, JoinClaim{.room = "daily", .name = "G"})), "ok");
}

TEST_F(WaitingTest, ATokenSaysNameRoleAndPermissions) {
  keep_room({.locked = true, .waiting_room = true, .members_only = true});
  const Welcome bob = join(kBob, "Mallory", {},
                           JoinClaim{.room = "daily",
                                     .name = "Bob",
                                     .permissions = Permissions{.screen = false, .chat = false}});
  EXPECT_EQ(bob.name, "Bob");
  EXPECT_FALSE(bob.permissions.chat);
  EXPECT_EQ(
      join(kCy, "Cy", {}, JoinClaim{.room = "daily", .name = "C", .role = Role::kCohost}).role,
      Role::kCohost);
  clients().lose(kBob);
  EXPECT_EQ(join(kBobAgain, "Mallory", bob.resume).name, "Bob");
}

TEST_F(WaitingTest, ATokenThatIsNotGoodIsRefused) {
  keep_room();
  Json body =
      Json::parse(R"({"room":"daily","name":"B","micinf":true,"vidinf":true,"token":"x"})").value();
  EXPECT_EQ(code(clients().ask_with(kBob, "join", body)), "bad-token token");
  EXPECT_EQ(code(try_join(kBob, "B", {}, JoinClaim{.room = "other", .name = "B"})),
            "bad-token token");
  EXPECT_EQ(code(try_join(kBob, "B", {}, JoinClaim{.room = "daily", .room_id = {99}, .name = "B"})),
            "bad-token");
}

TEST_F(WaitingTest, AServerWithoutGuestsWantsAnAccountOrAToken) {
  configure({.guests = false});
  EXPECT_EQ(code(try_join(kBob, "Bob")), "account-required");
  EXPECT_EQ(clients().rooms().counters().rooms, 0u);
  log_in(kAda, 7);
  EXPECT_EQ(join(kAda, "Ada").role, Role::kOwner);
  const Welcome cy = join(kCy, "C", {}, JoinClaim{.room = "daily", .name = "Cy"});
  try_to(kCy, "leave");
  EXPECT_EQ(code(try_join(kCy, "Cy", cy.resume)), "ok");
}

TEST_F(WaitingTest, AResumeProvesTheAccountToo) {
  keep_room();
  log_in(kAda, 7);
  const Welcome ada = join(kAda, "Ada");
  clients().lose(kAda);
  const Welcome again = join(kAdaAgain, "Ada", ada.resume);  // Its cookie has expired.
  EXPECT_EQ(again.role, Role::kOwner);
  restart();
  EXPECT_EQ(join(kAdaAgain, "Ada", again.resume).role, Role::kOwner);
}

TEST_F(WaitingTest, WhatOthersStoreIsHeardOf) {
  keep_room();
  log_in(kAda, 7);
  log_in(kBob, 8);
  join(kAda, "Ada");
  join(kBob, "Bob");
  forget();
  store().at("daily").members[UserId{8}] = Role::kCohost;
  store().at("daily").room.settings.locked = true;
  clients().input(Rooms::RoomChanged{"daily"});
  EXPECT_EQ(names_heard(kBob), (Heard{"participant", "resume", "settings"}));
  EXPECT_EQ(try_to(kBob, "settings", R"({"locked":false})"), "ok");
  clients().input(Rooms::RoomChanged{"nobody-there"});
  clients().input(Rooms::RoomDeleted{"daily"});
  EXPECT_EQ(heard(kBob, "ended"), Heard{R"({"by":null})"});
}

// ---- The store

TEST_F(WaitingTest, JoinsWaitForTheRoomToBeLoaded) {
  clients().hold_store();
  EXPECT_EQ(code(try_join(kAda, "Ada")), "none");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "none");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "already-joined");
  EXPECT_EQ(clients().asked(), 1u);
  clients().release_store();
  EXPECT_EQ(code(clients().answer_to(1)), "ok");
  EXPECT_EQ(code(clients().answer_to(2)), "ok");
  EXPECT_EQ(clients().rooms().view("daily").participants.size(), 2u);
}

TEST_F(WaitingTest, AJoinThatIsGivenUpIsForgotten) {
  clients().hold_store();
  try_join(kAda, "Ada");
  try_join(kBob, "Bob");
  EXPECT_EQ(try_to(kAda, "leave"), "ok");
  clients().lose(kBob);
  EXPECT_EQ(code(clients().answer_to(1)), "refused");
  clients().release_store();
  EXPECT_EQ(clients().rooms().counters().rooms, 0u);
}

TEST_F(WaitingTest, ARoomThatCannotBeLoadedIsUnavailable) {
  store().failing = true;
  EXPECT_EQ(code(try_join(kAda, "Ada")), "unavailable");
  store().failing = false;
  EXPECT_EQ(code(try_join(kAda, "Ada")), "ok");
  store().failing = true;
  EXPECT_EQ(try_to(kAda, "settings", R"({"locked":true})"), "unavailable");
  EXPECT_EQ(code(try_join(kBob, "Bob")), "ok");
  EXPECT_EQ(clients().rooms().counters().store_failures, 2u);
}

}  // namespace
}  // namespace parley::meeting

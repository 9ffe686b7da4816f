#include "meeting/admission.h"

#include <gtest/gtest.h>

namespace parley::meeting {
namespace {

constexpr RoomSettings kOpen = {};
constexpr RoomSettings kLocked = {.locked = true, .waiting_room = true, .members_only = true};

TEST(Admission, LetsAnybodyIntoAnOpenRoom) {
  EXPECT_EQ(judge(kOpen, true, {}), Admission::kEnter);
  EXPECT_EQ(judge(kOpen, true, {.guest = false}), Admission::kEnter);
}

TEST(Admission, RefusesWhoWasRemovedBeforeAllElse) {
  EXPECT_EQ(judge(kOpen, true, {.removed = true, .host = true, .token = true, .returning = true}),
            Admission::kRemoved);
}

TEST(Admission, LetsHostsTokensAndReturnsPastEverything) {
  for (const AtTheDoor& who :
       {AtTheDoor{.suspect = true, .host = true}, AtTheDoor{.suspect = true, .token = true},
        AtTheDoor{.suspect = true, .returning = true}}) {
    EXPECT_EQ(judge(kLocked, false, who), Admission::kEnter);
  }
}

TEST(Admission, WantsAnAccountWhereGuestsAreNotLetIn) {
  EXPECT_EQ(judge(kOpen, false, {}), Admission::kAccountRequired);
  EXPECT_EQ(judge(kOpen, false, {.guest = false}), Admission::kEnter);
}

TEST(Admission, GoesByLockThenMembersThenWaitingRoom) {
  EXPECT_EQ(judge(kLocked, true, {.member = true, .guest = false}), Admission::kLocked);
  const RoomSettings members{.waiting_room = true, .members_only = true};
  EXPECT_EQ(judge(members, true, {}), Admission::kMembersOnly);
  EXPECT_EQ(judge(members, true, {.member = true, .guest = false}), Admission::kEnter);
  const RoomSettings waiting{.waiting_room = true};
  EXPECT_EQ(judge(waiting, true, {}), Admission::kWait);
  EXPECT_EQ(judge(waiting, true, {.member = true, .guest = false}), Admission::kEnter);
}

TEST(Admission, LetsSuspectsWaitEvenIfTheyAreMembers) {
  EXPECT_EQ(judge(kOpen, true, {.suspect = true}), Admission::kWait);
  EXPECT_EQ(judge(kOpen, true, {.suspect = true, .member = true, .guest = false}),
            Admission::kWait);
  EXPECT_EQ(judge({.locked = true}, true, {.suspect = true}), Admission::kLocked);
}

}  // namespace
}  // namespace parley::meeting

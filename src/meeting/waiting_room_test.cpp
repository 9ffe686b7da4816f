#include "meeting/waiting_room.h"

#include <gtest/gtest.h>

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

WaitingRoom::Guest guest_of(std::string sid) {
  return {.participant = {.sid = std::move(sid), .name = "Bob"},
          .since = UnixMillis(5ms),
          .until = Time() + 30min};
}

TEST(WaitingRoom, ListsPeopleInTheOrderOfComing) {
  WaitingRoom room;
  EXPECT_TRUE(room.empty());
  room.add(guest_of("b"));
  room.add(guest_of("a")).participant.identity.user = UserId{7};
  EXPECT_EQ(room.people(),
            (std::vector<WaitingPerson>{{.sid = "b", .name = "Bob", .account = false, .since = 5},
                                        {.sid = "a", .name = "Bob", .account = true, .since = 5}}));
}

TEST(WaitingRoom, LetsThemBeTakenOnce) {
  WaitingRoom room;
  room.add(guest_of("a"));
  EXPECT_NE(room.find("a"), nullptr);
  EXPECT_EQ(room.find("b"), nullptr);
  EXPECT_TRUE(room.take("a"));
  EXPECT_FALSE(room.take("a"));
  EXPECT_EQ(room.size(), 0u);
}

TEST(WaitingRoom, GivesUpWhoWaitsTooLongOrIsLost) {
  WaitingRoom::Guest guest = guest_of("a");
  EXPECT_EQ(guest.deadline(), Time() + 30min);
  guest.participant.gone_at = Time() + 1min;
  EXPECT_EQ(guest.deadline(), Time() + 1min);
}

}  // namespace
}  // namespace parley::meeting

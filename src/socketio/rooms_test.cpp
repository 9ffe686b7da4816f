#include "socketio/rooms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

namespace parley::socketio {
namespace {

struct Member : RoomMember {};
using Names = std::vector<std::string>;

TEST(Rooms, AreThereWhileSomebodyIsInThem) {
  Rooms rooms;
  Member a, b;
  rooms.join(a, "x");
  rooms.join(b, "x");
  EXPECT_EQ(rooms.size(), 1u);
  EXPECT_EQ(rooms.members("x").size(), 2u);
  rooms.leave(a, "x");
  EXPECT_EQ(rooms.members("x").size(), 1u);
  EXPECT_EQ(rooms.members("x")[0], &b);
  rooms.leave(b, "x");
  EXPECT_EQ(rooms.size(), 0u);
  EXPECT_TRUE(rooms.members("x").empty());
}

TEST(Rooms, TakeNobodyTwice) {
  Rooms rooms;
  Member a;
  rooms.join(a, "x");
  rooms.join(a, "x");
  EXPECT_EQ(rooms.members("x").size(), 1u);
  EXPECT_EQ(a.rooms(), Names{"x"});
}

TEST(Rooms, TellAMemberWhereItIs) {
  Rooms rooms;
  Member a;
  rooms.join(a, "x");
  rooms.join(a, "y");
  EXPECT_EQ(a.rooms(), (Names{"x", "y"}));
  EXPECT_TRUE(a.in("y"));
  rooms.leave(a, "x");
  rooms.leave(a, "z");
  EXPECT_EQ(a.rooms(), Names{"y"});
  rooms.leave_all(a);
  EXPECT_FALSE(a.in("y"));
}

TEST(Rooms, AgreeWithAMapOfSetsOverALongLife) {
  std::mt19937 random{1};
  Rooms rooms;
  std::array<Member, 20> members;
  std::map<std::string, std::set<RoomMember*>> model;
  for (int i = 0; i < 20'000; ++i) {
    Member& member = members[random() % members.size()];
    const std::string room = "room" + std::to_string(random() % 10);
    if (random() % 50 == 0) {
      rooms.leave_all(member);
      for (auto& [name, inside] : model) inside.erase(&member);
    } else if (random() % 2 == 0) {
      rooms.join(member, room);
      model[room].insert(&member);
    } else {
      rooms.leave(member, room);
      model[room].erase(&member);
    }
    const auto inside = rooms.members(room);
    ASSERT_EQ(std::set<RoomMember*>(inside.begin(), inside.end()), model[room]);
    ASSERT_EQ(inside.size(), model[room].size());
  }
}

}  // namespace
}  // namespace parley::socketio

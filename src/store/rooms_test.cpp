#include <vector>

#include "store/test_store.h"

namespace parley::store {
namespace {

class RoomsTest : public StoreTest {
 protected:
  static std::vector<std::string> names(const std::vector<Room>& rooms) {
    std::vector<std::string> names;
    for (const Room& room : rooms) names.push_back(room.name);
    return names;
  }
  void use(RoomId room, int when) { ASSERT_TRUE(store_->rooms().set_last_used(room, at(when))); }

  UserId ada_ = add_user(*store_, "ada");
};
PARLEY_TEST_EVERY_STORE(RoomsTest);

TEST_P(RoomsTest, FindsARoomAsItWasAdded) {
  Room room{.name = "garden",
            .owner = ada_,
            .settings = {.locked = true,
                         .members_only = true,
                         .permissions = {.microphone = false, .screen = false, .todo = false}},
            .created = at(1),
            .last_used = at(2)};
  room.id = store_->rooms().add(room).value();
  EXPECT_EQ(store_->rooms().find("garden").value(), room);
  EXPECT_EQ(store_->rooms().find("gard").value(), std::nullopt);
  EXPECT_EQ(store_->rooms().add(room).error(), Error::kConflict);
}

TEST_P(RoomsTest, EverySettingIsKeptByItself) {
  const RoomId id = add_room(*store_, "garden");
  const auto kept = [&](const RoomSettings& settings) {
    EXPECT_TRUE(store_->rooms().set_settings(id, settings));
    return store_->rooms().find("garden").value().value().settings == settings;
  };
  EXPECT_TRUE(kept({.locked = true}));
  EXPECT_TRUE(kept({.waiting_room = true}));
  EXPECT_TRUE(kept({.members_only = true}));
  EXPECT_TRUE(kept({.permissions = {.microphone = false}}));
  EXPECT_TRUE(kept({.permissions = {.camera = false}}));
  EXPECT_TRUE(kept({.permissions = {.screen = false}}));
  EXPECT_TRUE(kept({.permissions = {.chat = false}}));
  EXPECT_TRUE(kept({.permissions = {.todo = false}}));
  EXPECT_TRUE(kept({.lecture = true}));
}

TEST_P(RoomsTest, MakesTheRoomWhereThereIsNone) {
  const Room made = store_->rooms().find_or_add("garden", at(5)).value();
  EXPECT_EQ(made, (Room{.id = made.id, .name = "garden", .created = at(5), .last_used = at(5)}));
  EXPECT_EQ(store_->rooms().find_or_add("garden", at(6)).value(), made);
}

TEST_P(RoomsTest, ListsWhatAUserOwnsOrIsAMemberOfTheLastUsedFirst) {
  const UserId bob = add_user(*store_, "bob");
  use(add_room(*store_, "own-old", ada_), 1);
  const RoomId foreign = add_room(*store_, "member", bob);
  use(foreign, 2);
  use(add_room(*store_, "own-new", ada_), 3);
  add_room(*store_, "stranger", bob);
  add_room(*store_, "nobody");
  ASSERT_TRUE(store_->memberships().put({.room = foreign, .user = ada_}));
  EXPECT_EQ(names(store_->rooms().list(ada_).value()),
            (std::vector<std::string>{"own-new", "member", "own-old"}));
}

TEST_P(RoomsTest, ChangesHands) {
  const RoomId id = add_room(*store_, "garden");
  ASSERT_TRUE(store_->rooms().set_owner(id, ada_));
  EXPECT_EQ(store_->rooms().find("garden").value().value().owner, ada_);
  EXPECT_EQ(store_->rooms().set_owner(id, {ada_.value + 1}).error(), Error::kNotFound);
  ASSERT_TRUE(store_->rooms().set_owner(id, {}));
  EXPECT_EQ(store_->rooms().find("garden").value().value().owner, UserId{});
}

TEST_P(RoomsTest, TellsWhichHaveNoOwnerAndWereNotUsed) {
  use(add_room(*store_, "fresh"), 100);
  use(add_room(*store_, "old"), 20);
  use(add_room(*store_, "older"), 10);
  use(add_room(*store_, "owned", ada_), 10);
  EXPECT_EQ(names(store_->rooms().unused(at(100), 10).value()),
            (std::vector<std::string>{"older", "old"}));
  EXPECT_EQ(names(store_->rooms().unused(at(100), 1).value()), std::vector<std::string>{"older"});
}

TEST_P(RoomsTest, TakesAllItHoldsWithIt) {
  const RoomId id = add_room(*store_, "garden", ada_);
  const UserId bob = add_user(*store_, "bob");
  ASSERT_TRUE(store_->memberships().put({.room = id, .user = bob}));
  ASSERT_TRUE(store_->chat().add(id, {.key = "k", .author = {.sid = "s"}}));
  ASSERT_TRUE(store_->todos().put(id, {.id = "item"}));
  ASSERT_TRUE(store_->rooms().remove(id));
  EXPECT_EQ(store_->rooms().remove(id).error(), Error::kNotFound);
  EXPECT_TRUE(store_->memberships().list(id)->empty());
  EXPECT_TRUE(store_->chat().history(id, Person{.sid = "s"}, {}, 10)->empty());
  EXPECT_TRUE(store_->todos().list(id)->empty());
}

TEST_P(RoomsTest, RefusesMoreThanTheLimits) {
  const auto small = make({.rooms = 3, .rooms_per_owner = 1});
  const UserId ada = add_user(*small, "ada");
  add_room(*small, "one", ada);
  EXPECT_EQ(small->rooms().add({.name = "two", .owner = ada}).error(), Error::kFull);
  add_room(*small, "two");
  add_room(*small, "three");
  EXPECT_EQ(small->rooms().find_or_add("four", at(0)).error(), Error::kFull);
  EXPECT_TRUE(small->rooms().find_or_add("three", at(0)));
}

TEST_P(RoomsTest, WhatIsNotThereCannotBeChanged) {
  const RoomId none{1'000};
  EXPECT_EQ(store_->rooms().set_settings(none, {}).error(), Error::kNotFound);
  EXPECT_EQ(store_->rooms().set_last_used(none, at(0)).error(), Error::kNotFound);
  EXPECT_EQ(store_->rooms().set_owner(none, {}).error(), Error::kNotFound);
}

// ---- Memberships

using MembershipsTest = RoomsTest;
PARLEY_TEST_EVERY_STORE(MembershipsTest);

TEST_P(MembershipsTest, APersonHasOneRoleInARoom) {
  const RoomId id = add_room(*store_, "garden");
  Membership membership{.room = id, .user = ada_, .role = Role::kParticipant};
  EXPECT_EQ(store_->memberships().find(id, ada_).value(), std::nullopt);
  ASSERT_TRUE(store_->memberships().put(membership));
  EXPECT_EQ(store_->memberships().find(id, ada_).value(), membership);
  membership.role = Role::kCohost;
  ASSERT_TRUE(store_->memberships().put(membership));
  EXPECT_EQ(store_->memberships().list(id).value(), std::vector{membership});
  ASSERT_TRUE(store_->memberships().remove(id, ada_));
  EXPECT_EQ(store_->memberships().remove(id, ada_).error(), Error::kNotFound);
}

TEST_P(MembershipsTest, RefusesMoreThanTheLimit) {
  const auto small = make({.members_per_room = 1});
  const UserId ada = add_user(*small, "ada");
  const UserId bob = add_user(*small, "bob");
  const RoomId id = add_room(*small, "garden");
  ASSERT_TRUE(small->memberships().put({.room = id, .user = ada}));
  EXPECT_TRUE(small->memberships().put({.room = id, .user = ada, .role = Role::kCohost}));
  EXPECT_EQ(small->memberships().put({.room = id, .user = bob}).error(), Error::kFull);
}

TEST_P(MembershipsTest, JoinsARoomAndAUserWhoAreThere) {
  const RoomId id = add_room(*store_, "garden");
  EXPECT_EQ(store_->memberships().put({.room = id, .user = {99}}).error(), Error::kNotFound);
  EXPECT_EQ(store_->memberships().put({.room = {99}, .user = ada_}).error(), Error::kNotFound);
}

}  // namespace
}  // namespace parley::store

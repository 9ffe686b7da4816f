#include "meeting/roles.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

namespace parley::meeting {
namespace {

constexpr UserId kOwnerId{7};
constexpr UserId kCohostId{8};
constexpr UserId kMemberId{9};

Roles kept_room() {
  Roles roles;
  roles.set_owner(kOwnerId);
  roles.set_members({{.user = kCohostId, .role = Role::kCohost},
                     {.user = kMemberId, .role = Role::kParticipant}});
  return roles;
}

Role on_entry(const Roles& roles, UserId user, std::optional<Role> claimed = {},
              std::optional<Role> token = {}) {
  std::optional<Standing> standing;
  if (claimed) standing = Standing{.role = *claimed};
  std::optional<JoinClaim> join;
  if (token) join = JoinClaim{.role = *token};
  return roles.on_entry({.user = user}, "sid", standing, join).role;
}

TEST(Roles, OfAccountsInAKeptRoomAreThoseStored) {
  const Roles roles = kept_room();
  EXPECT_EQ(on_entry(roles, kOwnerId), Role::kOwner);
  EXPECT_EQ(on_entry(roles, kCohostId), Role::kCohost);
  EXPECT_EQ(on_entry(roles, kMemberId, Role::kCohost), Role::kParticipant);  // Taken away since.
  EXPECT_EQ(on_entry(roles, UserId{10}, Role::kCohost), Role::kParticipant);
}

TEST(Roles, OfGuestsAreWhatTheirResumeSays) {
  EXPECT_EQ(on_entry(kept_room(), {}, Role::kCohost), Role::kCohost);
  EXPECT_EQ(on_entry(kept_room(), {}, Role::kOwner), Role::kCohost);  // An account owns it.
  EXPECT_EQ(on_entry(Roles(), {}, Role::kOwner), Role::kOwner);
  EXPECT_EQ(on_entry(Roles(), UserId{10}, Role::kCohost), Role::kCohost);
  EXPECT_EQ(on_entry(Roles(), {}), Role::kParticipant);
}

TEST(Roles, OfATokenAreAtMostCohost) {
  EXPECT_EQ(on_entry(kept_room(), {}, {}, Role::kCohost), Role::kCohost);
  EXPECT_EQ(on_entry(kept_room(), {}, {}, Role::kOwner), Role::kCohost);
  EXPECT_EQ(on_entry(kept_room(), kOwnerId, {}, Role::kParticipant), Role::kOwner);
  EXPECT_EQ(on_entry(kept_room(), kMemberId, {}, Role::kCohost), Role::kCohost);
}

TEST(Roles, WhatTheRoomRemembersGoesBeforeAnOldResume) {
  Roles roles;
  roles.remember("sid", {.role = Role::kParticipant, .own = Permissions{.chat = false}});
  const Standing standing = roles.on_entry({}, "sid", Standing{.role = Role::kCohost}, {});
  EXPECT_EQ(standing.role, Role::kParticipant);
  EXPECT_FALSE(standing.own->chat);
  EXPECT_EQ(roles.on_entry({}, "sid", {}, {}), Standing());  // It wants a resume, all the same.
  roles.forget_all();
  EXPECT_EQ(on_entry(roles, {}, Role::kCohost), Role::kCohost);
}

TEST(Roles, RememberAFewHundred) {
  Roles roles;
  for (std::size_t i = 0; i <= Roles::kMaxRemembered; ++i) {
    roles.remember(fmt::format("{}", i), {.role = Role::kCohost});
  }
  const Standing claimed{.role = Role::kParticipant};
  EXPECT_EQ(roles.on_entry({}, "0", claimed, {}).role, Role::kParticipant);
  EXPECT_EQ(roles.on_entry({}, "1", claimed, {}).role, Role::kCohost);
}

TEST(Roles, KnowTheMembers) {
  const Roles roles = kept_room();
  EXPECT_TRUE(roles.is_member(kOwnerId) && roles.is_member(kMemberId));
  EXPECT_FALSE(roles.is_member(UserId{10}) || roles.is_member({}) || Roles().is_member({}));
}

TEST(Heirs, AreThoseThereThenCohostsThenTheLongestPresent) {
  std::list<Participant> people;
  EXPECT_EQ(heir_among(people), nullptr);
  people.push_back({.sid = "away", .role = Role::kCohost, .away = true});
  EXPECT_EQ(heir_among(people)->sid, "away");
  people.push_back({.sid = "first"});
  people.push_back({.sid = "second"});
  EXPECT_EQ(heir_among(people)->sid, "first");
  people.push_back({.sid = "cohost", .role = Role::kCohost});
  people.push_back({.sid = "later", .role = Role::kCohost});
  EXPECT_EQ(heir_among(people)->sid, "cohost");
}

TEST(Heirs, AreSoughtOnStageFirst) {
  std::list<Participant> people;
  people.push_back({.sid = "audience", .on_stage = false});
  EXPECT_EQ(heir_among(people)->sid, "audience");
  people.push_back({.sid = "stage", .away = true});
  EXPECT_EQ(heir_among(people)->sid, "stage");
}

TEST(Roles, GiveAPlaceOnStageToWhoseTokenLetsThemSend) {
  const JoinClaim speaker{.permissions = Permissions{.camera = false, .screen = false}};
  const JoinClaim listener{.permissions =
                               Permissions{.microphone = false, .camera = false, .screen = false}};
  EXPECT_TRUE(Roles().on_entry({}, "sid", {}, speaker).invited);
  EXPECT_FALSE(Roles().on_entry({}, "sid", {}, listener).invited);
  EXPECT_FALSE(Roles().on_entry({}, "sid", {}, JoinClaim{}).invited);
  EXPECT_FALSE(Roles().on_entry({.plays = true}, "sid", {}, speaker).invited);
  EXPECT_FALSE(Roles().on_entry({}, "sid", Standing{.speaker = true}, speaker).invited);
}

}  // namespace
}  // namespace parley::meeting

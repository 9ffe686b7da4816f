#include "base/strong_id.h"

#include <gtest/gtest.h>

#include <concepts>
#include <unordered_set>

namespace parley {
namespace {

using RoomId = StrongId<struct RoomTag>;
using PeerId = StrongId<struct PeerTag>;

static_assert(!std::convertible_to<RoomId, PeerId> && !std::convertible_to<PeerId, std::uint64_t>);
static_assert(!std::equality_comparable_with<RoomId, PeerId>);
static_assert(!std::convertible_to<RoomId, bool>, "or two of different kinds could be compared");

TEST(StrongId, NamesNothingAtFirst) {
  EXPECT_FALSE(RoomId{});
  EXPECT_TRUE(RoomId{1});
}

TEST(StrongId, ComparesWithItsOwnKind) {
  EXPECT_EQ(RoomId{5}, RoomId{5});
  EXPECT_NE(RoomId{5}, RoomId{6});
  EXPECT_LT(RoomId{5}, RoomId{6});
}

TEST(StrongId, IsAKey) {
  const std::unordered_set<RoomId> rooms = {RoomId{1}, RoomId{2}, RoomId{1}};
  EXPECT_EQ(rooms.size(), 2u);
  EXPECT_TRUE(rooms.contains(RoomId{2}));
}

}  // namespace
}  // namespace parley

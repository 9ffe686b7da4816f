#include "meeting/bans.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

namespace parley::meeting {
namespace {

TEST(Bans, KnowWhoWasRemovedBySid) {
  Bans bans;
  bans.add("a", {}, "192.0.2.7");
  EXPECT_TRUE(bans.holds("a"));
  EXPECT_FALSE(bans.holds("b"));
}

TEST(Bans, SuspectWhoComesFromTheSameAddressOrAccount) {
  Bans bans;
  bans.add("a", {.user = {7}}, "192.0.2.7");
  EXPECT_TRUE(bans.suspects({}, "192.0.2.7"));
  EXPECT_TRUE(bans.suspects({.user = {7}}, "2001:db8::1"));
  EXPECT_FALSE(bans.suspects({.user = {8}}, "192.0.2.8"));
}

TEST(Bans, SuspectNobodyForWhatIsNotKnown) {
  Bans bans;
  bans.add("a", {}, "");
  EXPECT_FALSE(bans.suspects({}, ""));
}

TEST(Bans, AreBounded) {
  Bans bans;
  for (std::size_t i = 0; i <= Bans::kMax; ++i) bans.add(fmt::format("{}", i), {}, "");
  EXPECT_FALSE(bans.holds("0"));
  EXPECT_TRUE(bans.holds("1"));
}

}  // namespace
}  // namespace parley::meeting

#include "server/whip/status.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

TEST(WhipStatus, TellsWhoIsAtFault) {
  EXPECT_EQ(status_of("invalid"), 400);
  EXPECT_EQ(status_of("bad-token"), 401);
  EXPECT_EQ(status_of("account-required"), 401);
  EXPECT_EQ(status_of("locked"), 403);
  EXPECT_EQ(status_of("members-only"), 403);
  EXPECT_EQ(status_of("removed"), 403);
  EXPECT_EQ(status_of("too-many-requests"), 429);
  EXPECT_EQ(status_of("room-full"), 503);
  EXPECT_EQ(status_of("unavailable"), 503);
  EXPECT_EQ(status_of("what comes yet"), 503);
}

}  // namespace
}  // namespace parley::server

#include "load/meeting.h"

#include <gtest/gtest.h>

namespace parley::load {
namespace {

TEST(FindMeeting, ReadsThePagesAddress) {
  const auto meeting = find_meeting("http://127.0.0.1:8080/room/daily?name=Ada&join=1");
  ASSERT_TRUE(meeting) << meeting.error();
  EXPECT_EQ(meeting->room, "daily");
  EXPECT_EQ(meeting->signalling.address.to_string(), "127.0.0.1:8080");
  EXPECT_EQ(meeting->signalling.host, "127.0.0.1:8080");
  EXPECT_EQ(meeting->signalling.path, "/ws");
}

TEST(FindMeeting, KeepsThePathUnderWhichTheServerIs) {
  const auto meeting = find_meeting("http://[::1]/meet/room/daily/");
  ASSERT_TRUE(meeting) << meeting.error();
  EXPECT_EQ(meeting->signalling.address.to_string(), "[::1]:80");
  EXPECT_EQ(meeting->signalling.path, "/meet/ws");
  EXPECT_EQ(meeting->room, "daily");
}

TEST(FindMeeting, SaysWhatIsNone) {
  for (const char* const url : {"daily", "https://127.0.0.1/room/daily", "http://127.0.0.1/", ""}) {
    EXPECT_FALSE(find_meeting(url)) << url;
  }
}

}  // namespace
}  // namespace parley::load

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

TEST(FindEndpoint, TakesAnyPathAsItIs) {
  const auto endpoint = find_endpoint("http://127.0.0.1:8080/whep/daily?show=Ada");
  ASSERT_TRUE(endpoint) << endpoint.error();
  EXPECT_EQ(endpoint->address.to_string(), "127.0.0.1:8080");
  EXPECT_EQ(endpoint->host, "127.0.0.1:8080");
  EXPECT_EQ(endpoint->path, "/whep/daily?show=Ada");
  EXPECT_EQ(find_endpoint("http://[::1]")->path, "/");
  for (const char* const url : {"whip", "https://127.0.0.1/whip/daily", ""}) {
    EXPECT_FALSE(find_endpoint(url)) << url;
  }
}

TEST(FindEndpoint, KnowsASessionsPathByItsLocation) {
  EXPECT_EQ(path_of("/whip/daily/x"), "/whip/daily/x");
  EXPECT_EQ(path_of("http://127.0.0.1:8080/whip/daily/x"), "/whip/daily/x");
}

}  // namespace
}  // namespace parley::load

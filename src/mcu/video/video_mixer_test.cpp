#include "mcu/video/video_mixer.h"

#include <gtest/gtest.h>

#include <vector>

#include "mcu/video/test_video_meeting.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kGreen{.y = 120, .u = 70, .v = 70};
constexpr Color kBlue{.y = 80, .u = 210, .v = 100};
constexpr Color kYellow{.y = 180, .u = 40, .v = 150};

// Of the mean of a scene in that colour; a card is none of them.
bool shows(Color seen, Color color) {
  return std::abs(seen.u - color.u) < 20 && std::abs(seen.v - color.v) < 20;
}

TEST(VideoMixer, ShowsEveryoneInOnePicture) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.come(2, "Bob", kGreen);
  meeting.come(3, "Eve", kBlue);
  meeting.run(20);
  EXPECT_TRUE(shows(meeting.color_of(1), kRed));
  EXPECT_TRUE(shows(meeting.color_of(2), kGreen));
  EXPECT_TRUE(shows(meeting.color_of(3), kBlue));
  EXPECT_EQ(meeting.seen.size, (Size{320, 180}));
}

TEST(VideoMixer, GivesAPictureThirtyTimesASecondWhateverComes) {
  VideoMeeting meeting;
  EXPECT_EQ(meeting.mixer.next_deadline(), kNever);
  meeting.mixer.set_person(meeting.now, {.id = {1}, .name = "Ada", .has_camera = true});
  meeting.run(60);
  ASSERT_EQ(meeting.frames.size(), 60u);
  for (std::size_t n = 1; n < 60; ++n) {
    const auto step = meeting.frames[n].timestamp - meeting.frames[n - 1].timestamp;
    EXPECT_NEAR(static_cast<double>(step), 3'000, 2);
    EXPECT_EQ(meeting.frames[n].captured - meeting.frames[n - 1].captured, Duration(33'333));
  }
  EXPECT_TRUE(meeting.frames.front().key);
}

}  // namespace
}  // namespace parley::mcu

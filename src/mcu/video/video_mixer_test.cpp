#include "mcu/video/video_mixer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "mcu/video/test_codecs.h"
#include "mcu/video/test_video_meeting.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kGreen{.y = 120, .u = 70, .v = 70};
constexpr Color kBlue{.y = 80, .u = 210, .v = 100};

// Of the mean of a scene in that colour; a card is none of them.
bool shows(Color seen, Color color) {
  return std::abs(seen.u - color.u) < 20 && std::abs(seen.v - color.v) < 20;
}

TEST(VideoMixer, ShowsEveryoneInOnePicture) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.come(2, "Bob", kGreen);
  meeting.come(3, "Eve", kBlue, {.format = codec::Format::kH264});
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

TEST(VideoMixer, LeavesOutWhatAnOwnerWhoCameLateHasMissed) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.run(3);
  meeting.now += 1s;
  meeting.mixer.handle_timeout(meeting.now);
  meeting.take();
  EXPECT_EQ(meeting.frames.size(), 4u);
  EXPECT_NEAR(static_cast<double>(meeting.mixer.counters().left_out), 30, 1);
  EXPECT_NEAR(static_cast<double>(meeting.frames[3].timestamp - meeting.frames[2].timestamp), 93e3,
              3e3);
  EXPECT_GT(meeting.mixer.next_deadline(), meeting.now);
}

TEST(VideoMixer, EncodesOnlyWhatIsNeededAndNothingIfNothingIs) {
  TestCodecs codecs;
  auto config = VideoMeeting::small();
  config.qualities = OutputStream::simulcast();
  VideoMeeting meeting(config, &codecs);
  meeting.decoder = codecs.decoder(codec::Format::kVp8, {});
  meeting.come(1, "Ada", kRed);
  meeting.mixer.set_needed(0, false);
  meeting.run(10);
  EXPECT_TRUE(meeting.frames.empty());
  EXPECT_EQ(meeting.sizes.size(), 1u);
  EXPECT_TRUE(meeting.sizes.begin()->second.empty());  // They need send nothing, either.
  EXPECT_EQ(codecs.decoded, 0u);
  meeting.mixer.set_needed(1, true);
  meeting.mixer.set_needed(2, true);
  meeting.run(2);
  ASSERT_EQ(meeting.frames.size(), 4u);
  EXPECT_EQ(meeting.frames[0].size, (Size{160, 90}));
  EXPECT_EQ(meeting.frames[1].size, (Size{80, 46}));  // Even.
  EXPECT_TRUE(meeting.frames[0].key && meeting.frames[1].key);
  EXPECT_FALSE(meeting.frames[2].key);
  meeting.run(29);  // There is no more than one a second.
  meeting.mixer.request_key_frame(2);
  meeting.run(1);
  EXPECT_FALSE(meeting.frames[62].key);
  EXPECT_TRUE(meeting.frames[63].key);
  EXPECT_EQ(meeting.frames[62].timestamp, meeting.frames[63].timestamp);
  EXPECT_FALSE(meeting.sizes.begin()->second.empty());
}

TEST(VideoMixer, TellsHowLargeEachIsShown) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.run(1);
  EXPECT_EQ((meeting.sizes[{{1}, Source::kCamera}]), (Size{320, 180}));
  meeting.come(2, "Bob", kGreen);
  meeting.run(1);
  EXPECT_EQ((meeting.sizes[{{1}, Source::kCamera}].width), 158);
  meeting.share_screen(2, kBlue);
  meeting.run(1);
  EXPECT_EQ((meeting.sizes[{{2}, Source::kScreen}].width), 320);
  EXPECT_LT((meeting.sizes[{{1}, Source::kCamera}].width), 70);
}

TEST(VideoMixer, TellsNobodyToSendWhoIsNotShown) {
  auto config = VideoMeeting::small();
  config.layout.most_in_grid = 2;
  VideoMeeting meeting(config);
  for (std::uint64_t who = 1; who <= 3; ++who) meeting.come(who, "x", kRed);
  meeting.run(5);
  EXPECT_TRUE((meeting.sizes[{{3}, Source::kCamera}]).empty());
  EXPECT_EQ(meeting.mixer.input_counters({{3}, Source::kCamera})->decoded, 0u);
  meeting.speak(3, true);
  meeting.run(10);
  EXPECT_FALSE((meeting.sizes[{{3}, Source::kCamera}]).empty());
  EXPECT_TRUE(shows(meeting.color_of(3), kRed));
}

TEST(VideoMixer, WhoSpeaksBecomesLargeWithinASecond) {
  auto config = VideoMeeting::small();
  config.mode = LayoutMode::kSpeaker;
  VideoMeeting meeting(config);
  meeting.come(1, "Ada", kRed);
  meeting.come(2, "Bob", kGreen);
  meeting.come(3, "Eve", kBlue);
  meeting.speak(2, true);
  meeting.run(1);
  EXPECT_EQ(meeting.mixer.main(), PersonId{2});  // Nobody was before.
  meeting.speak(3, true);
  meeting.run(30);
  EXPECT_EQ(meeting.mixer.main(), PersonId{2});  // Who speaks is not cut off.
  meeting.speak(2, false);
  meeting.run(1);
  EXPECT_EQ(meeting.mixer.main(), PersonId{3});
  meeting.speak(3, false);
  meeting.speak(1, true);
  meeting.run(6);
  EXPECT_EQ(meeting.mixer.main(), PersonId{3});  // A cough is no speech.
  meeting.run(24);
  EXPECT_EQ(meeting.mixer.main(), PersonId{1});
  EXPECT_EQ(meeting.mixer.cells().front().shows.person, PersonId{1});
  EXPECT_TRUE(shows(mean(meeting.seen, {80, 40, 120, 60}), kRed));
  meeting.leave(1);
  meeting.run(30);
  EXPECT_NE(meeting.mixer.main(), PersonId{1});
}

TEST(VideoMixer, ShowsACardForACameraOfWhichNothingComes) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.come(2, "Bob", kGreen);
  meeting.run(10);
  EXPECT_TRUE(shows(meeting.color_of(2), kGreen));
  meeting.cameras.erase({{2}, Source::kCamera});
  meeting.run(60);
  EXPECT_TRUE(shows(meeting.color_of(2), kGreen));  // It may come back.
  meeting.run(120);
  EXPECT_FALSE(shows(meeting.color_of(2), kGreen));
  EXPECT_TRUE(shows(meeting.color_of(1), kRed));
}

TEST(VideoMixer, AnInputThatCannotBeDecodedCostsItsOwnCellAlone) {
  VideoMeeting meeting;
  meeting.come(1, "Ada", kRed);
  meeting.come(2, "Eve", kGreen);
  for (int i = 0; i < 60; ++i) {
    for (SentPacket packet : meeting.cameras.at({{2}, Source::kCamera}).next()) {
      std::fill(packet.payload.begin() + 6, packet.payload.end(), std::uint8_t{0xA5});
      meeting.mixer.handle_input(meeting.now,
                                 {.from = {{2}, Source::kCamera}, .packet = packet.as_packet()});
    }
    auto eve = meeting.cameras.extract({{2}, Source::kCamera});
    meeting.run(1);
    meeting.cameras.insert(std::move(eve));
  }
  EXPECT_EQ(meeting.frames.size(), 60u);
  EXPECT_TRUE(shows(meeting.color_of(1), kRed));
  EXPECT_FALSE(shows(meeting.color_of(2), kGreen));
}

TEST(VideoMixer, TakesLargerPicturesOfAScreenThanOfACamera) {
  auto config = VideoMeeting::small();
  config.most_camera_pixels = 100 * 100;
  VideoMeeting meeting(config);
  meeting.come(1, "Ada", kRed, {.size = {160, 90}});
  meeting.share_screen(1, kBlue, {.size = {160, 90}});
  meeting.run(5);
  EXPECT_EQ(meeting.mixer.input_counters({{1}, Source::kCamera})->decoded, 0u);
  EXPECT_GT(meeting.mixer.input_counters({{1}, Source::kCamera})->too_large, 0u);
  EXPECT_EQ(meeting.mixer.input_counters({{1}, Source::kScreen})->decoded, 5u);
}

TEST(VideoMixer, DropsPacketsOfNoInput) {
  VideoMeeting meeting;
  meeting.mixer.handle_input(meeting.now, {.from = {{9}, Source::kCamera}});
  meeting.mixer.choose({{9}, Source::kCamera}, 1);
  meeting.mixer.set_pace({{9}, Source::kCamera}, 0, {});
  EXPECT_EQ(meeting.mixer.counters().unknown, 1u);
  EXPECT_FALSE(meeting.mixer.lateness({{9}, Source::kCamera}));
  EXPECT_FALSE(meeting.mixer.input_counters({{9}, Source::kCamera}));
  meeting.mixer.remove_person({9});
}

TEST(VideoMixer, GivesFewerThenSmallerPicturesUnderOverloadAndSaysWhy) {
  TestCodecs codecs;
  auto config = VideoMeeting::small();
  VideoMeeting meeting(config, &codecs);
  meeting.decoder = codecs.decoder(codec::Format::kVp8, {});
  meeting.come(1, "Ada", kRed);
  const auto go_on = [&](Duration time, Duration took) {
    for (const Time end = meeting.now + time; meeting.now < end;) {
      meeting.now = meeting.mixer.next_deadline();
      meeting.mixer.handle_timeout(meeting.now);
      meeting.mixer.handle_load(meeting.now, took);
      meeting.take();
    }
  };
  go_on(5s, 10ms);
  EXPECT_EQ(meeting.mixer.load().reason(), LoadControl::Reason::kNone);
  const std::size_t before = meeting.frames.size();
  EXPECT_NEAR(static_cast<double>(before), 150, 2);
  go_on(30s, 300ms);
  EXPECT_EQ(meeting.mixer.load().reason(), LoadControl::Reason::kOverload);
  EXPECT_EQ(meeting.mixer.load().step().frames_per_second, 5);
  EXPECT_EQ(meeting.frames.back().size, (Size{160, 90}));
  EXPECT_EQ(meeting.seen.size, (Size{160, 90}));
  EXPECT_EQ(meeting.mixer.counters().steps_down, 6u);
  EXPECT_EQ((meeting.sizes[{{1}, Source::kCamera}]), (Size{160, 90}));
  go_on(100s, 2ms);
  EXPECT_EQ(meeting.frames.back().size, (Size{320, 180}));
  EXPECT_EQ(meeting.mixer.counters().steps_up, 6u);
  for (std::size_t n = 1; n < meeting.frames.size(); ++n) {  // A new size begins with a key frame.
    if (meeting.frames[n].size != meeting.frames[n - 1].size) {
      EXPECT_TRUE(meeting.frames[n].key);
    }
    EXPECT_GT(meeting.frames[n].timestamp, meeting.frames[n - 1].timestamp);
  }
}

}  // namespace
}  // namespace parley::mcu

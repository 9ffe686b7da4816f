#include "load/synthetic.h"

#include <gtest/gtest.h>

#include "codec/vp8.h"

namespace parley::load {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(Synthetic, MakesTheRateThatIsAskedFor) {
  SeededRandom random(1);
  Synthetic synthetic(Synthetic::of(DataRate::kbps(800), 25, true), random);
  synthetic.start(kStart);
  std::size_t video = 0, pictures = 0, sounds = 0;
  for (Time now = kStart; now < kStart + 10s; now += 5ms) {
    while (const auto frame = synthetic.poll(now)) {
      if (!frame->video) {
        ++sounds;
        continue;
      }
      ++pictures;
      if (!frame->key) video += frame->data.size();
    }
  }
  EXPECT_EQ(pictures, 250u);
  EXPECT_EQ(sounds, 500u);
  EXPECT_NEAR(static_cast<double>(video) * 8 / 10, 800'000, 8'000);
}

TEST(Synthetic, BeginsWithAKeyFrameAndMakesOneWhenAsked) {
  SeededRandom random(1);
  Synthetic synthetic(Synthetic::of(DataRate::kbps(100), 10, false), random);
  EXPECT_EQ(synthetic.next_deadline(), kNever);
  synthetic.start(kStart);
  const auto first = synthetic.poll(kStart);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->key);
  EXPECT_TRUE(codec::is_vp8_key_frame(first->data));
  EXPECT_EQ(codec::vp8_picture_size(first->data), (codec::PictureSize{640, 360}));
  EXPECT_FALSE(synthetic.poll(kStart));

  const auto second = synthetic.poll(synthetic.next_deadline());
  ASSERT_TRUE(second);
  EXPECT_FALSE(codec::is_vp8_key_frame(second->data));
  EXPECT_EQ(second->timestamp, 9'000u);

  synthetic.request_key_frame();
  EXPECT_TRUE(synthetic.poll(synthetic.next_deadline())->key);
}

TEST(Synthetic, GoesOnFromNowAfterAPause) {
  SeededRandom random(1);
  Synthetic synthetic(Synthetic::of(DataRate::kbps(100), 10, false), random);
  synthetic.start(kStart);
  int frames = 0;
  while (synthetic.poll(kStart + 1h)) ++frames;
  EXPECT_LE(frames, 2);
}

TEST(Synthetic, PlaysWhatWasRecordedAgainAndAgain) {
  SeededRandom random(1);
  const Recording film{.frames = {{0x10}, {0x11, 1}, {0x11, 2}}, .interval = 40ms};
  const Recording sound{.frames = {{1}, {2}}, .interval = 20ms};
  Synthetic synthetic({.film = std::make_shared<const Recording>(film),
                       .sound = std::make_shared<const Recording>(sound)},
                      random);
  synthetic.start(kStart);
  std::vector<std::vector<std::uint8_t>> pictures, sounds;
  for (Time now = kStart; now < kStart + 280ms; now += 20ms) {
    if (now == kStart + 200ms) synthetic.request_key_frame();
    while (const auto frame = synthetic.poll(now)) {
      EXPECT_EQ(frame->key, frame->video && frame->data.size() == 1);
      (frame->video ? pictures : sounds).push_back(frame->data);
    }
  }
  const auto& f = film.frames;
  EXPECT_EQ(pictures, (std::vector{f[0], f[1], f[2], f[0], f[1], f[0], f[1]}));
  EXPECT_EQ(sounds.size(), 14u);
  EXPECT_EQ(sounds[3], sound.frames[1]);
}

}  // namespace
}  // namespace parley::load

#include "mcu/video/output_stream.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "mcu/video/test_codecs.h"

namespace parley::mcu {
namespace {

TEST(OutputStream, BeginsWithAKeyFrameEachTimeItIsNeeded) {
  TestCodecs codecs;
  OutputStream stream({}, codecs);
  const Picture picture({32, 16});
  EXPECT_FALSE(stream.is_needed());
  stream.set_needed(true);
  EXPECT_TRUE(stream.encode(picture.view(), 0, 30)->key);
  EXPECT_FALSE(stream.encode(picture.view(), 3'000, 30)->key);
  stream.set_needed(false);
  stream.set_needed(true);
  EXPECT_TRUE(stream.encode(picture.view(), 6'000, 30)->key);
  EXPECT_EQ(codecs.encoders, 2u);
}

TEST(OutputStream, AnswersARequestWithOneKeyFrame) {
  TestCodecs codecs;
  OutputStream stream({}, codecs);
  const Picture picture({32, 16});
  (void)stream.encode(picture.view(), 0, 30);
  stream.request_key_frame();
  stream.request_key_frame();
  EXPECT_TRUE(stream.encode(picture.view(), 90'000, 30)->key);
  EXPECT_FALSE(stream.encode(picture.view(), 93'000, 30)->key);
}

TEST(OutputStream, AThousandWhoComeCostAKeyFrameASecond) {
  TestCodecs codecs;
  OutputStream stream({}, codecs);
  const Picture picture({32, 16});
  std::vector<std::uint64_t> keys;
  for (std::uint64_t now = 0; now < 900'000; now += 3'000) {
    if (stream.encode(picture.view(), now, 30)->key) keys.push_back(now / 90);
    for (int come = 0; come < 3; ++come) stream.request_key_frame();
  }
  EXPECT_EQ(keys, (std::vector<std::uint64_t>{0, 1'000, 2'000, 3'000, 4'000, 5'000, 6'000, 7'000,
                                              8'000, 9'000}));
  EXPECT_TRUE(stream.encode(picture.view(), 900'000, 30)->key) << "for the last of them";
  EXPECT_FALSE(stream.encode(picture.view(), 990'000, 30)->key);
}

TEST(OutputStream, BeginsAnewAtOnce) {
  TestCodecs codecs;
  OutputStream stream({}, codecs);
  const Picture picture({32, 16});
  (void)stream.encode(picture.view(), 0, 30);
  stream.begin_anew();
  EXPECT_TRUE(stream.encode(picture.view(), 3'000, 30)->key);
  stream.request_key_frame();
  EXPECT_FALSE(stream.encode(picture.view(), 6'000, 30)->key);
}

TEST(OutputStream, TakesAnEncoderThatFitsThePicture) {
  TestCodecs codecs;
  OutputStream stream({.rate = DataRate::kbps(700)}, codecs);
  stream.set_rate(DataRate::kbps(300));
  (void)stream.encode(Picture({32, 16}).view(), 0, 15);
  EXPECT_EQ(codecs.last_config.size, (Size{32, 16}));
  EXPECT_EQ(codecs.last_config.rate, DataRate::kbps(300));
  EXPECT_EQ(codecs.last_config.frames_per_second, 15);
  EXPECT_TRUE(stream.encode(Picture({16, 8}).view(), 3'000, 15)->key);
  EXPECT_EQ(codecs.last_config.size, (Size{16, 8}));
  EXPECT_FALSE(stream.encode(Picture({16, 8}).view(), 6'000, 30)->key);  // Another rate is none.
  EXPECT_EQ(codecs.encoders, 2u);
}

TEST(OutputStream, HasNothingWhereThereIsNoEncoder) {
  Codecs codecs;
  OutputStream stream({.format = codec::Format::kAv1}, codecs);
  EXPECT_FALSE(stream.encode(Picture({32, 16}).view(), 0, 30));
}

}  // namespace
}  // namespace parley::mcu

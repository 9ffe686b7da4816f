#include "codec/h264_sps.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

#include "base/hex.h"

namespace parley::codec {
namespace {

// As x264 writes them.
constexpr std::string_view kBaseline720 = "6742c01fda014016ec0440000003004000000c83c60ca8";
constexpr std::string_view kCropped360 = "6742c01eda0280bfe5c044000003000400000300c83c58ba80";
constexpr std::string_view kHigh444 = "67f4000d919681508784210c0440000003004000000c83c50aa8";
constexpr std::string_view kInterlaced = "67640028acd94078044fde0220000003002000000643e2c5b2c0";

std::vector<std::uint8_t> bytes(std::string_view hex) {
  return from_hex(hex).value();
}

TEST(H264PictureSize, ReadsWhatEncodersWrite) {
  EXPECT_EQ(h264_picture_size(bytes(kBaseline720)), (PictureSize{.width = 1280, .height = 720}));
  EXPECT_EQ(h264_picture_size(bytes(kCropped360)), (PictureSize{.width = 640, .height = 360}));
  EXPECT_EQ(h264_picture_size(bytes(kHigh444)), (PictureSize{.width = 321, .height = 241}));
  EXPECT_EQ(h264_picture_size(bytes(kInterlaced)), (PictureSize{.width = 1920, .height = 1080}));
}

TEST(H264PictureSize, FindsItInAnAggregate) {
  const auto sps = bytes(kBaseline720);
  std::vector<std::uint8_t> aggregate{
      0x78, 0, 2, 0x09, 0x10, 0, static_cast<std::uint8_t>(sps.size())};
  aggregate.insert(aggregate.end(), sps.begin(), sps.end());
  EXPECT_EQ(h264_picture_size(aggregate), (PictureSize{.width = 1280, .height = 720}));
}

TEST(H264PictureSize, KnowsNothingOfOtherPayloads) {
  EXPECT_FALSE(h264_picture_size({}));
  EXPECT_FALSE(h264_picture_size(bytes("65888840")));
  EXPECT_FALSE(h264_picture_size(bytes("7c8588")));
  EXPECT_FALSE(h264_picture_size(bytes("780005")));
}

TEST(H264PictureSize, RefusesWhatIsTorn) {
  const auto sps = bytes(kCropped360);
  for (std::size_t size = 0; size < 9; ++size) {
    EXPECT_FALSE(h264_picture_size(Bytes(sps).first(size))) << size;
  }
}

TEST(H264PictureSize, HoldsUnderAnything) {
  std::mt19937 random{1};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> sps = bytes(i % 2 == 0 ? kHigh444 : kInterlaced);
    for (int j = 0; j < 3; ++j)
      sps[1 + random() % (sps.size() - 1)] = static_cast<std::uint8_t>(random());
    const auto size = h264_picture_size(sps);
    if (!size) continue;
    EXPECT_GT(size->width, 0);
    EXPECT_GT(size->height, 0);
  }
}

}  // namespace
}  // namespace parley::codec

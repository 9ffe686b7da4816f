#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "codec/h264.h"
#include "codec/vp8.h"
#include "codec/vp9_frame.h"
#include "mcu/video/picture_decoder.h"
#include "mcu/video/picture_encoder.h"
#include "mcu/video/test_pictures.h"
#include "mcu/video/test_vp9.h"

namespace parley::mcu {
namespace {

using codec::Format;

constexpr Size kSmall{160, 96};
constexpr PictureDecoder::Limits kLimits{};

class Coding : public testing::TestWithParam<Format> {
 protected:
  std::unique_ptr<PictureEncoder> encoder(Size size = kSmall) const {
    if (GetParam() == Format::kVp9) return std::make_unique<TestVp9Encoder>(size);
    return make_encoder(GetParam(), {.size = size, .rate = DataRate::kbps(800)});
  }
  std::unique_ptr<PictureDecoder> decoder(PictureDecoder::Limits limits = kLimits) const {
    return make_decoder(GetParam(), limits);
  }
};

TEST_P(Coding, PicturesComeOutAsTheyWentIn) {
  const auto in = encoder();
  const auto out = decoder();
  for (int i = 0; i < 20; ++i) {
    const Picture picture = scene(kSmall, i);
    const EncodedPicture encoded =
        in->encode(picture.view(), static_cast<unsigned>(i) * 3'000, false);
    ASSERT_FALSE(encoded.data.empty());
    EXPECT_EQ(encoded.key, i == 0);
    const auto decoded = out->decode(encoded.data);
    ASSERT_TRUE(decoded) << to_string(decoded.error());
    ASSERT_EQ(decoded->size, kSmall);
    EXPECT_GT(psnr(*decoded, picture.view()), 28) << i;
    EXPECT_TRUE(is_near(mean(*decoded, {.width = 160, .height = 96}),
                        mean(picture.view(), {.width = 160, .height = 96}), 4));
  }
}

TEST_P(Coding, AKeyFrameComesWhenAskedFor) {
  const auto in = encoder();
  for (int i = 0; i < 30; ++i) {
    const EncodedPicture encoded =
        in->encode(scene(kSmall, i).view(), static_cast<unsigned>(i) * 3'000, i == 13);
    EXPECT_EQ(encoded.key, i == 0 || i == 13) << i;
    EXPECT_TRUE(!encoded.key || encoded.temporal_layer == 0);
    if (i != 13) continue;
    EXPECT_TRUE(decoder()->decode(encoded.data));  // It needs none before it.
  }
}

TEST_P(Coding, NeedsAKeyFrameToBeginWith) {
  const auto in = encoder();
  (void)in->encode(scene(kSmall, 0).view(), 0, false);
  const auto second = in->encode(scene(kSmall, 1).view(), 3'000, false);
  const auto decoded = decoder()->decode(second.data);
  EXPECT_TRUE(!decoded || decoded->size.empty());
}

TEST_P(Coding, RefusesWhatIsTooLargeByItsHeader) {
  const auto encoded = encoder()->encode(scene(kSmall, 0).view(), 0, false);
  const auto narrow = decoder({.largest = {159, 1'000}, .most_pixels = 1 << 20});
  EXPECT_EQ(narrow->decode(encoded.data).error(), DecodeError::kTooLarge);
  const auto few = decoder({.largest = {1'000, 1'000}, .most_pixels = 160 * 96 - 1});
  EXPECT_EQ(few->decode(encoded.data).error(), DecodeError::kTooLarge);
  EXPECT_TRUE(decoder({.largest = kSmall, .most_pixels = 160 * 96})->decode(encoded.data));
}

TEST_P(Coding, TakesAnotherSizeInTheMiddle) {
  const auto out = decoder();
  std::uint64_t time = 0;
  for (const Size size : {kSmall, Size{320, 180}, Size{64, 48}, Size{162, 98}}) {
    const auto in = encoder(size);
    for (int i = 0; i < 3; ++i) {
      const auto decoded =
          out->decode(in->encode(scene(size, i).view(), time += 3'000, false).data);
      ASSERT_TRUE(decoded) << to_string(decoded.error());
      EXPECT_EQ(decoded->size, size);
    }
  }
}

// Whatever a frame is, there is a picture or an error, and a key frame helps.
TEST_P(Coding, CorruptFramesDoNoHarm) {
  std::mt19937 random(7);
  const auto in = encoder();
  auto out = decoder();
  for (int i = 0; i < 200; ++i) {
    const auto whole =
        in->encode(scene(kSmall, i).view(), static_cast<unsigned>(i) * 3'000, i % 10 == 0);
    auto data = whole.data;
    if (i % 10 != 9) {
      for (int n = 0; n < 5; ++n)
        data[random() % data.size()] = static_cast<std::uint8_t>(random());
      if (i % 3 == 0) data.resize(random() % data.size());
    }
    if (const auto decoded = out->decode(data)) {
      if (!decoded->size.empty())
        (void)mean(*decoded,
                   {.width = decoded->size.width & ~1, .height = decoded->size.height & ~1});
    } else {
      out = decoder();
    }
  }
  const auto key = in->encode(scene(kSmall, 0).view(), 1'000'000, true);
  out = decoder();
  EXPECT_TRUE(out->decode(key.data));
  EXPECT_EQ(out->decode({}).error(), DecodeError::kCorrupt);
}

class Encoding : public Coding {};

TEST_P(Encoding, KeepsToItsRate) {
  const Size size{320, 180};
  for (const int rate : {100, 400}) {
    const auto in = make_encoder(GetParam(), {.size = size, .rate = DataRate::kbps(1'000)});
    in->set_rate(DataRate::kbps(rate), 30);
    std::size_t bytes = 0;
    for (int i = 0; i < 150; ++i) {
      const auto encoded =
          in->encode(scene(size, i).view(), static_cast<unsigned>(i) * 3'000, false);
      if (i >= 30) bytes += encoded.data.size();
    }
    const double kbps = static_cast<double>(bytes) * 8 / 4.0 / 1'000;
    EXPECT_LT(kbps, rate * 1.3);
  }
}

std::string name_of(const testing::TestParamInfo<Format>& test) {
  if (test.param == Format::kVp8) return "Vp8";
  return test.param == Format::kVp9 ? "Vp9" : "H264";
}

INSTANTIATE_TEST_SUITE_P(Formats, Coding,
                         testing::Values(Format::kVp8, Format::kVp9, Format::kH264), name_of);
INSTANTIATE_TEST_SUITE_P(Formats, Encoding, testing::Values(Format::kVp8, Format::kH264), name_of);

TEST(Vp8Coding, EverySecondFrameCanBeLeftOut) {
  const auto in = make_encoder(Format::kVp8, {.size = kSmall, .rate = DataRate::kbps(800)});
  const auto all = make_decoder(Format::kVp8, kLimits);
  const auto half = make_decoder(Format::kVp8, kLimits);
  for (int i = 0; i < 40; ++i) {
    const Picture picture = scene(kSmall, i);
    const auto encoded = in->encode(picture.view(), static_cast<unsigned>(i) * 3'000, i == 21);
    EXPECT_EQ(encoded.temporal_layer, i < 21 ? i % 2 : (i - 21) % 2) << i;
    ASSERT_TRUE(all->decode(encoded.data));
    if (encoded.temporal_layer != 0) continue;
    const auto decoded = half->decode(encoded.data);
    ASSERT_TRUE(decoded);
    EXPECT_GT(psnr(*decoded, picture.view()), 28) << i;
  }
}

// Of several frames in one chunk of VP9 each is looked at, and one without an index is one.
TEST(Vp9Coding, ALargeFrameCannotHideBehindASmallOne) {
  const auto small = TestVp9Encoder(kSmall).encode(scene(kSmall, 0).view(), 0, true).data;
  const Size large_size{320, 192};
  const auto large = TestVp9Encoder(large_size).encode(scene(large_size, 0).view(), 0, true).data;
  auto chunk = small;
  chunk.insert(chunk.end(), large.begin(), large.end());
  const PictureDecoder::Limits narrow{.largest = kSmall};
  const auto decoder = make_decoder(Format::kVp9, kLimits);
  const auto first_alone = decoder->decode(chunk);
  ASSERT_TRUE(first_alone);
  EXPECT_EQ(first_alone->size, kSmall);
  const std::size_t sizes[] = {small.size(), large.size()};
  codec::append_vp9_index(chunk, sizes);
  EXPECT_EQ(make_decoder(Format::kVp9, narrow)->decode(chunk).error(), DecodeError::kTooLarge);
  const auto both = decoder->decode(chunk);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->size, large_size);
}

TEST(Codecs, HasNoneForWhatIsNoPictureOrNotOurs) {
  EXPECT_EQ(make_decoder(Format::kOpus, kLimits), nullptr);
  EXPECT_EQ(make_decoder(Format::kAv1, kLimits), nullptr);
  EXPECT_EQ(make_decoder(Format::kUnknown, kLimits), nullptr);
  EXPECT_EQ(make_encoder(Format::kOpus, {}), nullptr);
}

}  // namespace
}  // namespace parley::mcu

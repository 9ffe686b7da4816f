#include "sdp/codec.h"

#include <gtest/gtest.h>

namespace parley::sdp {
namespace {

using Kind = H264Profile::Kind;

Codec h264(std::string profile, std::string mode = "1") {
  return {.payload_type = 102,
          .name = "H264",
          .clock_rate = 90'000,
          .parameters = {{"packetization-mode", std::move(mode)},
                         {"profile-level-id", std::move(profile)}}};
}

TEST(H264Profile, ReadsTheProfilesThatBrowsersOffer) {
  EXPECT_EQ(H264Profile::parse("42e01f"), (H264Profile{Kind::kConstrainedBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("42E01F"), (H264Profile{Kind::kConstrainedBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("42001f"), (H264Profile{Kind::kBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("4d001f"), (H264Profile{Kind::kMain, 31}));
  EXPECT_EQ(H264Profile::parse("4d801f"), (H264Profile{Kind::kConstrainedBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("58c01f"), (H264Profile{Kind::kConstrainedBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("58801f"), (H264Profile{Kind::kBaseline, 31}));
  EXPECT_EQ(H264Profile::parse("640c1f"), (H264Profile{Kind::kConstrainedHigh, 31}));
  EXPECT_EQ(H264Profile::parse("640034"), (H264Profile{Kind::kHigh, 52}));
  EXPECT_EQ(H264Profile::parse("f4001f"), (H264Profile{Kind::kHigh444, 31}));
  EXPECT_EQ(H264Profile::parse("42f00b"), (H264Profile{Kind::kConstrainedBaseline, 9}));
  EXPECT_EQ(H264Profile::parse("42e00b"), (H264Profile{Kind::kConstrainedBaseline, 11}));
}

TEST(H264Profile, RefusesWhatIsNone) {
  for (const char* text : {"", "42e01", "42e01f0", "42e01x", "zz", "0x42e0", "6e001f", "640fff"}) {
    EXPECT_FALSE(H264Profile::parse(text)) << text;
  }
}

TEST(H264Profile, WritesWhatItReads) {
  for (const char* text :
       {"42e01f", "42001f", "4d001f", "640c1f", "64001f", "f4001f", "42f00b", "42100b", "4d100b"}) {
    ASSERT_TRUE(H264Profile::parse(text)) << text;
    EXPECT_EQ(H264Profile::parse(text)->to_string(), text);
  }
}

TEST(IsSameFormat, LooksAtNameClockAndChannels) {
  const Codec opus{.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2};
  Codec other = opus;
  other.payload_type = 109;
  other.name = "OPUS";
  other.parameters = {{"stereo", "1"}};
  EXPECT_TRUE(is_same_format(opus, other));
  other.channels = 1;
  EXPECT_FALSE(is_same_format(opus, other));
  other.channels = 2;
  other.clock_rate = 16'000;
  EXPECT_FALSE(is_same_format(opus, other));
  EXPECT_FALSE(is_same_format(Codec{}, Codec{}));  // Nobody knows what these are.
}

TEST(IsSameFormat, TellsH264ByProfileAndModeAndNotByLevel) {
  EXPECT_TRUE(is_same_format(h264("42e01f"), h264("42e034")));
  EXPECT_TRUE(is_same_format(h264("42e01f"), h264("42F01f")));
  EXPECT_FALSE(is_same_format(h264("42e01f"), h264("42001f")));
  EXPECT_FALSE(is_same_format(h264("42e01f"), h264("42e01f", "0")));
  EXPECT_TRUE(is_same_format(h264("aabbcc"), h264("AABBCC")));
  EXPECT_FALSE(is_same_format(h264("aabbcc"), h264("aabbcd")));
  Codec bare = h264("42e01f", "0");
  bare.parameters.clear();
  EXPECT_TRUE(is_same_format(bare, h264("42e01f", "0")));
}

TEST(IsSameFormat, TellsVp9AndAv1ByTheirProfiles) {
  for (const auto& [name, parameter] :
       {std::pair{"VP9", "profile-id"}, std::pair{"AV1", "profile"}}) {
    Codec zero{.name = name, .clock_rate = 90'000, .parameters = {{parameter, "0"}}};
    Codec two{.name = name, .clock_rate = 90'000, .parameters = {{parameter, "2"}}};
    const Codec bare{.name = name, .clock_rate = 90'000};
    EXPECT_TRUE(is_same_format(bare, zero));
    EXPECT_FALSE(is_same_format(bare, two));
  }
}

TEST(Codec, KnowsWhatItRepeats) {
  const Codec rtx{.name = "RTX", .parameters = {{"rtx-time", "9"}, {"apt", "96"}}};
  EXPECT_EQ(rtx.apt(), 96);
  EXPECT_FALSE(rtx.red_payload_type());
  EXPECT_FALSE((Codec{.name = "VP8", .parameters = {{"apt", "96"}}}).apt());
  EXPECT_FALSE((Codec{.name = "rtx", .parameters = {{"apt", "x"}}}).apt());
  const Codec red{.name = "red", .parameters = {{"111/112", ""}}};
  EXPECT_EQ(red.red_payload_type(), 111);
  EXPECT_FALSE((Codec{.name = "red"}).red_payload_type());
  const std::vector<Codec> codecs = {{.payload_type = 96, .name = "VP8"}, rtx};
  EXPECT_EQ(find_rtx(codecs, 96), &codecs[1]);
  EXPECT_EQ(find_rtx(codecs, 97), nullptr);
  EXPECT_EQ(find_codec(codecs, 96), &codecs[0]);
  EXPECT_EQ(find_codec(codecs, 97), nullptr);
}

TEST(Codec, TellsMediaFromItsCompany) {
  for (const char* name : {"rtx", "RED", "ulpfec", "flexfec-03", "CN", "telephone-event"}) {
    EXPECT_FALSE((Codec{.name = name}).is_media()) << name;
  }
  EXPECT_TRUE((Codec{.name = "VP8"}).is_media());
}

}  // namespace
}  // namespace parley::sdp

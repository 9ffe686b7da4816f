#include "peer/negotiation/payload_types.h"

#include <gtest/gtest.h>

#include <string>

#include "peer/negotiation/media_defaults.h"

namespace parley::peer {
namespace {

sdp::Codec codec(std::uint8_t type, std::string name) {
  return {.payload_type = type, .name = std::move(name), .clock_rate = 90'000};
}

sdp::Codec rtx(std::uint8_t type, std::uint8_t apt) {
  auto made = codec(type, "rtx");
  made.parameters = {{"apt", std::to_string(apt)}};
  return made;
}

TEST(PayloadTypes, AreTheDefaultOnesWhileNobodyHasTakenThem) {
  PayloadTypes types;
  EXPECT_EQ(types.assign(default_video_codecs()), default_video_codecs());
  EXPECT_EQ(types.assign(default_audio_codecs()), default_audio_codecs());
}

TEST(PayloadTypes, StayWhatTheyWere) {
  PayloadTypes types;
  types.learn(std::vector{codec(96, "H265"), codec(120, "VP8"), rtx(121, 120)});
  const auto assigned = types.assign(std::vector{codec(96, "VP8"), rtx(97, 96), codec(98, "AV1")});
  ASSERT_EQ(assigned.size(), 3u);
  EXPECT_EQ(assigned[0].payload_type, 120);
  EXPECT_EQ(assigned[1].payload_type, 121);
  EXPECT_EQ(assigned[1].apt(), 120);
  EXPECT_EQ(assigned[2].payload_type, 98);
}

TEST(PayloadTypes, TakeAnotherWhereTheirsIsTaken) {
  PayloadTypes types;
  types.learn(std::vector{codec(96, "H265"), codec(97, "H266")});
  const auto assigned = types.assign(std::vector{codec(96, "VP8"), rtx(97, 96)});
  ASSERT_EQ(assigned.size(), 2u);
  EXPECT_EQ(assigned[0].payload_type, 98);
  EXPECT_EQ(assigned[1].payload_type, 99);
  EXPECT_EQ(assigned[1].apt(), 98);
  EXPECT_EQ(types.assign(std::vector{codec(96, "VP8"), rtx(97, 96)}), assigned);
}

TEST(PayloadTypes, LeaveOutWhatFindsNone) {
  PayloadTypes types;
  for (std::uint8_t type = 35; type < 128; ++type) {
    types.learn(std::vector{codec(type, "other" + std::to_string(type))});
  }
  EXPECT_TRUE(types.assign(std::vector{codec(96, "VP8"), rtx(97, 96)}).empty());
}

}  // namespace
}  // namespace parley::peer

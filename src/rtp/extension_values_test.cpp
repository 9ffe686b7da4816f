#include "rtp/extension_values.h"

#include <gtest/gtest.h>

#include <vector>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

const std::vector<std::uint8_t> kZeros(32, 0);

// Which sizes of a value `read` takes.
template <class Read>
std::vector<std::size_t> sizes_taken(Read read) {
  std::vector<std::size_t> taken;
  for (std::size_t size = 0; size <= kZeros.size(); ++size) {
    if (read(Bytes(kZeros).first(size)).has_value()) taken.push_back(size);
  }
  return taken;
}

using Sizes = std::vector<std::size_t>;

TEST(ExtensionValues, HaveTheSizesOfTheirSpecifications) {
  EXPECT_EQ(sizes_taken(read_audio_level), (Sizes{1, 2}));
  EXPECT_EQ(sizes_taken(read_transport_sequence_number), (Sizes{2}));
  EXPECT_EQ(sizes_taken(read_absolute_send_time), (Sizes{3}));
  EXPECT_EQ(sizes_taken(read_playout_delay), (Sizes{3}));
  EXPECT_EQ(sizes_taken(read_video_orientation), (Sizes{1}));
  EXPECT_EQ(sizes_taken(read_absolute_capture_time), (Sizes{8, 16}));
}

TEST(ExtensionValues, AudioLevelTellsVoiceAndLoudness) {
  const std::vector<std::uint8_t> loud_voice = {0x80 | 30};
  EXPECT_EQ(read_audio_level(loud_voice), (AudioLevel{.voice = true, .minus_dbov = 30}));
  EXPECT_EQ(encode(AudioLevel{.voice = true, .minus_dbov = 30})[0], loud_voice[0]);
  EXPECT_EQ(encode(AudioLevel{.voice = false, .minus_dbov = 200})[0], 127);
}

TEST(ExtensionValues, TransportSequenceNumberIsBigEndian) {
  EXPECT_EQ(read_transport_sequence_number(encode_transport_sequence_number(0xABCD)), 0xABCD);
  EXPECT_EQ(encode_transport_sequence_number(0xABCD)[0], 0xAB);
}

TEST(ExtensionValues, AbsoluteSendTimeIsASixthOfAMinuteWithAnEighteenBitFraction) {
  EXPECT_EQ(AbsoluteSendTime::of(Time(1s)).value, 1u << 18);
  EXPECT_EQ(AbsoluteSendTime::of(Time(64s)).value, 0u);
  EXPECT_EQ(AbsoluteSendTime::of(Time(64s + 500ms)).value, 1u << 17);
  const auto time = AbsoluteSendTime::of(Time(12s + 345ms));
  EXPECT_EQ(read_absolute_send_time(encode(time)), time);
}

TEST(ExtensionValues, AbsoluteSendTimeTellsDistancesOverItsWrap) {
  const auto before = AbsoluteSendTime::of(Time(63s + 750ms));
  const auto after = AbsoluteSendTime::of(Time(64s + 250ms));
  EXPECT_EQ(after.since(before), 500ms);
  EXPECT_EQ(before.since(after), -500ms);
}

TEST(ExtensionValues, PlayoutDelayCountsTensOfMilliseconds) {
  const PlayoutDelay delay{.min = 100ms, .max = 2s};
  EXPECT_EQ(read_playout_delay(encode(delay)), delay);
  EXPECT_EQ(encode(delay), (std::array<std::uint8_t, 3>{0x00, 0xA0, 0xC8}));
  const PlayoutDelay longest{.min = 0ms, .max = 40'950ms};
  EXPECT_EQ(read_playout_delay(encode(PlayoutDelay{.min = -1s, .max = 1h})), longest);
}

TEST(ExtensionValues, PlayoutDelayRefusesAMinimumAboveTheMaximum) {
  const std::vector<std::uint8_t> reversed = {0x00, 0x20, 0x01};
  EXPECT_FALSE(read_playout_delay(reversed).has_value());
}

TEST(ExtensionValues, VideoOrientationTurnsClockwise) {
  const std::vector<std::uint8_t> value = {0x0F};
  const VideoOrientation all{.back_camera = true, .flipped = true, .degrees = 270};
  EXPECT_EQ(read_video_orientation(value), all);
  EXPECT_EQ(encode(all)[0], 0x0F);
  EXPECT_EQ(encode(VideoOrientation{.degrees = 90})[0], 0x01);
}

TEST(ExtensionValues, AbsoluteCaptureTimeMayCarryAClockOffset) {
  std::vector<std::uint8_t> value = {0, 0, 0, 1, 0x80, 0, 0, 0};
  EXPECT_EQ(read_absolute_capture_time(value),
            (AbsoluteCaptureTime{.captured = {0x1'8000'0000}, .clock_offset = {}}));
  value.insert(value.end(), 8, 0xFF);
  EXPECT_EQ(read_absolute_capture_time(value)->clock_offset, -1);
}

}  // namespace
}  // namespace parley::rtp

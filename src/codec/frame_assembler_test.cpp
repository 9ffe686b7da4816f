#include "codec/frame_assembler.h"

#include <gtest/gtest.h>

namespace parley::codec {
namespace {

using Frame = FrameAssembler::Frame;
using Buffer = std::vector<std::uint8_t>;

const Buffer kPart(10, 7);

struct Packet {
  std::uint64_t timestamp = 0;
  bool marker = false;
  bool lost_before = false;
  bool starts = false;
};

std::optional<Frame> add(FrameAssembler& assembler, const Packet& packet) {
  return assembler.add(packet.timestamp, packet.marker, packet.lost_before, packet.starts, kPart);
}

TEST(FrameAssembler, GivesAFrameWithItsLastPacket) {
  FrameAssembler assembler;
  EXPECT_FALSE(add(assembler, {.timestamp = 1, .starts = true}).has_value());
  EXPECT_FALSE(add(assembler, {.timestamp = 1}).has_value());
  EXPECT_EQ(add(assembler, {.timestamp = 1, .marker = true}),
            (Frame{.timestamp = 1, .payloads = {kPart, kPart, kPart}}));
  EXPECT_EQ(add(assembler, {.timestamp = 2, .marker = true, .starts = true}),
            (Frame{.timestamp = 2, .payloads = {kPart}}));
}

TEST(FrameAssembler, LosesAFrameWithAGapAndSaysSoWithTheNext) {
  FrameAssembler assembler;
  add(assembler, {.timestamp = 1, .starts = true});
  EXPECT_FALSE(add(assembler, {.timestamp = 1, .marker = true, .lost_before = true}).has_value());
  EXPECT_EQ(assembler.frames_lost(), 1u);
  EXPECT_TRUE(add(assembler, {.timestamp = 2, .marker = true, .starts = true})->lost_before);
  EXPECT_FALSE(add(assembler, {.timestamp = 3, .marker = true, .starts = true})->lost_before);
}

TEST(FrameAssembler, LosesAFrameWithoutItsStart) {
  FrameAssembler assembler;
  EXPECT_FALSE(add(assembler, {.timestamp = 1, .marker = true}).has_value());
  EXPECT_EQ(assembler.frames_lost(), 1u);
}

TEST(FrameAssembler, LosesAFrameWithoutItsEnd) {
  FrameAssembler assembler;
  add(assembler, {.timestamp = 1, .starts = true});
  const auto next =
      add(assembler, {.timestamp = 2, .marker = true, .lost_before = true, .starts = true});
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->payloads.size(), 1u);
  EXPECT_TRUE(next->lost_before);
  EXPECT_EQ(assembler.frames_lost(), 1u);
}

TEST(FrameAssembler, TakesAWholeFrameBetweenTwoGaps) {
  FrameAssembler assembler;
  const auto frame =
      add(assembler, {.timestamp = 1, .marker = true, .lost_before = true, .starts = true});
  EXPECT_TRUE(frame.value().lost_before);
}

TEST(FrameAssembler, RefusesAFrameWithoutEnd) {
  FrameAssembler assembler;
  const Buffer large(1 << 20, 1);
  for (int i = 0; i < 5; ++i) assembler.add(1, false, false, i == 0, large);
  EXPECT_FALSE(assembler.add(1, true, false, false, large).has_value());
  EXPECT_EQ(assembler.frames_lost(), 1u);
}

}  // namespace
}  // namespace parley::codec

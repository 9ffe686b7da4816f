#include "codec/opus.h"

#include <gtest/gtest.h>

#include <array>

namespace parley::codec {
namespace {

using namespace std::chrono_literals;
using Buffer = std::vector<std::uint8_t>;

std::uint8_t toc(int config, int code) {
  return static_cast<std::uint8_t>(config << 3 | code);
}

TEST(Opus, TellsTheDurationByItsConfiguration) {
  EXPECT_EQ(OpusToc::parse(Buffer{toc(3, 0)})->frame, 60ms);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(12, 0)})->frame, 10ms);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(16, 0)})->frame, 2'500us);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(31, 0)})->timestamp_units(), 960u);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(0, 0)})->mode, OpusToc::Mode::kSilk);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(15, 0)})->mode, OpusToc::Mode::kHybrid);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(16, 0)})->mode, OpusToc::Mode::kCelt);
}

TEST(Opus, CountsItsFrames) {
  EXPECT_EQ(OpusToc::parse(Buffer{toc(1, 0)})->frames, 1);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(1, 1)})->frames, 2);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(1, 2)})->duration(), 40ms);
  EXPECT_EQ(OpusToc::parse(Buffer{toc(1, 3), 6})->duration(), 120ms);
}

TEST(Opus, TellsStereo) {
  EXPECT_FALSE(OpusToc::parse(Buffer{toc(1, 0)})->stereo);
  EXPECT_TRUE(OpusToc::parse(Buffer{static_cast<std::uint8_t>(toc(1, 0) | 0x04)})->stereo);
}

TEST(Opus, RefusesWhatNoDecoderTakes) {
  EXPECT_FALSE(OpusToc::parse({}).has_value());
  EXPECT_FALSE(OpusToc::parse(Buffer{toc(1, 3)}).has_value());
  EXPECT_FALSE(OpusToc::parse(Buffer{toc(1, 3), 0}).has_value());
  EXPECT_FALSE(OpusToc::parse(Buffer{toc(1, 3), 7}).has_value());  // 140 ms.
}

TEST(Opus, TellsSilenceThatIsNotSent) {
  EXPECT_TRUE(is_opus_dtx(Buffer{toc(1, 0)}));
  EXPECT_FALSE(is_opus_dtx(Buffer(3, 0)));
}

TEST(Red, ReadsWhatItWrites) {
  const std::array<RedBlock, 3> blocks = {RedBlock{111, 1'920, as_bytes("older")},
                                          RedBlock{111, 960, as_bytes("")},
                                          RedBlock{111, 0, as_bytes("newest")}};
  ByteWriter writer;
  write_red(writer, blocks);
  EXPECT_EQ(writer.size(), 4u + 4u + 1u + 11u);
  const auto read = parse_red(writer.view()).value();
  ASSERT_EQ(read.size(), blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(read[i].payload_type, 111);
    EXPECT_EQ(read[i].timestamp_offset, blocks[i].timestamp_offset);
    EXPECT_EQ(as_text(read[i].payload), as_text(blocks[i].payload));
  }
}

TEST(Red, RejectsTruncatedHeadersAndBlocks) {
  const std::array<RedBlock, 2> blocks = {RedBlock{111, 960, as_bytes("older")},
                                          RedBlock{111, 0, {}}};
  ByteWriter writer;
  write_red(writer, blocks);
  for (std::size_t size = 0; size < writer.size(); ++size) {
    EXPECT_FALSE(parse_red(writer.view().first(size)).has_value()) << size;
  }
}

TEST(Red, RejectsMoreBlocksThanAnyoneSends) {
  Buffer endless;
  for (std::size_t i = 0; i < kMaxRedBlocks; ++i) endless.insert(endless.end(), {0xEF, 0, 0, 0});
  endless.push_back(0x6F);
  EXPECT_FALSE(parse_red(endless).has_value());
}

}  // namespace
}  // namespace parley::codec

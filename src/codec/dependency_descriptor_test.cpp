#include "codec/dependency_descriptor.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

namespace parley::codec {
namespace {

using Buffer = std::vector<std::uint8_t>;
using enum Indication;

// Bits as text, spaces ignored, padded with zeros to a whole octet.
Buffer bits(std::string_view text) {
  Buffer bytes;
  std::size_t count = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    if (count++ % 8 == 0) bytes.push_back(0);
    if (c == '1') bytes.back() |= static_cast<std::uint8_t>(0x80 >> ((count - 1) % 8));
  }
  return bytes;
}

// L1T2 with one chain: three templates (key, base, upper), two decode targets, 640x360.
const Buffer kKeyFrame = bits(
    "1 1 000101 0000000000000111"  // Starts and ends; template 5; frame 7.
    "1 0 0 0 0"                    // With a structure.
    "000101 00001"                 // Template ids from 5; two decode targets.
    "00 01 11"                     // Layers: (0,0), the same, temporal + 1, no more.
    "10 10  10 11  00 01"          // Indications: S S, S R, - D.
    "0  1 0001 0  1 0000 0"        // Frame differences: none, 2, 1.
    "10 "                          // Chains: one (of 0 to 2: "10").
    ""                             // Both targets are protected by it: ns(1) takes no bits.
    "0000 0010 0001"               // Chain differences: 0, 2, 1.
    "1 0000001001111111 0000000101100111");

TEST(BitReader, ReadsValuesBelowABound) {
  // AV1 specification, 4.10.7, for n = 5: 00 01 10 110 111.
  const Buffer bytes = bits("00 01 10 110 111");
  BitReader reader(bytes);
  for (std::uint32_t value = 0; value < 5; ++value) EXPECT_EQ(reader.below(5), value);
  EXPECT_EQ(reader.below(1), 0u);
  EXPECT_TRUE(reader.ok());
}

TEST(DependencyReader, ReadsTheStructureOfAKeyFrame) {
  DependencyReader reader;
  const auto frame = reader.read(kKeyFrame).value();
  EXPECT_TRUE(frame.starts_frame && frame.ends_frame && frame.has_structure);
  EXPECT_EQ(frame.frame_number, 7);
  EXPECT_EQ(frame.indications, (std::vector{kSwitch, kSwitch}));
  EXPECT_TRUE(frame.frame_differences.empty());
  const DependencyStructure& structure = reader.structure().value();
  EXPECT_EQ(structure.template_id_offset, 5);
  EXPECT_EQ(structure.decode_targets, 2);
  EXPECT_EQ(structure.chains, 1);
  EXPECT_EQ(structure.protected_by, (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(structure.resolutions, (std::vector{PictureSize{640, 360}}));
  ASSERT_EQ(structure.templates.size(), 3u);
  EXPECT_EQ(structure.templates[1],
            (DependencyStructure::Template{.spatial = 0,
                                           .temporal = 0,
                                           .indications = {kSwitch, kRequired},
                                           .frame_differences = {2},
                                           .chain_differences = {2}}));
  EXPECT_EQ(structure.templates[2].temporal, 1);
}

TEST(DependencyReader, LeansOnTheStructureThatCameBefore) {
  DependencyReader reader;
  const Buffer upper = bits("1 0 000111 0000000000001000");
  EXPECT_FALSE(reader.read(upper).has_value());
  reader.read(kKeyFrame);
  const auto frame = reader.read(upper).value();
  EXPECT_TRUE(frame.starts_frame);
  EXPECT_FALSE(frame.ends_frame);
  EXPECT_EQ(frame.temporal, 1);
  EXPECT_EQ(frame.indications, (std::vector{kNotPresent, kDiscardable}));
  EXPECT_EQ(frame.frame_differences, std::vector<std::uint16_t>{1});
  EXPECT_EQ(frame.chain_differences, std::vector<std::uint8_t>{1});
  EXPECT_FALSE(frame.has_structure);
}

TEST(DependencyReader, LetsAFrameSayWhatItsTemplateDoesNot) {
  DependencyReader reader;
  reader.read(kKeyFrame);
  const auto frame = reader
                         .read(bits("1 1 000110 0000000000001001"
                                    "0 1 1 1 1"               // Everything of its own.
                                    "01"                      // Only the lowest target is active.
                                    "11 01"                   // R D.
                                    "10 00010000 01 0010 00"  // 17 and 3 back.
                                    "11111111"))              // The chain: 255 back.
                         .value();
  EXPECT_EQ(frame.active_decode_targets, 0b01u);
  EXPECT_EQ(frame.indications, (std::vector{kRequired, kDiscardable}));
  EXPECT_EQ(frame.frame_differences, (std::vector<std::uint16_t>{17, 3}));
  EXPECT_EQ(frame.chain_differences, std::vector<std::uint8_t>{255});
}

TEST(DependencyReader, RefusesATemplateThatIsNotThere) {
  DependencyReader reader;
  reader.read(kKeyFrame);
  EXPECT_FALSE(reader.read(bits("1 1 001000 0000000000001001")).has_value());
  EXPECT_FALSE(reader.read(bits("1 1 000100 0000000000001001")).has_value());
}

TEST(DependencyReader, RejectsEveryTruncation) {
  for (std::size_t size = 0; size < kKeyFrame.size(); ++size) {
    DependencyReader reader;
    EXPECT_FALSE(reader.read(Bytes(kKeyFrame).first(size)).has_value()) << size;
    EXPECT_FALSE(reader.structure().has_value()) << size;
  }
}

TEST(DependencyReader, KeepsTheStructureOverAMalformedOne) {
  DependencyReader reader;
  reader.read(kKeyFrame);
  EXPECT_FALSE(reader.read(Bytes(kKeyFrame).first(10)).has_value());
  EXPECT_EQ(reader.structure()->templates.size(), 3u);
}

TEST(DependencyReader, TakesABoundedNumberOfTemplates) {
  Buffer endless = bits("1 1 000000 0000000000000000 1 0 0 0 0 000000 00000");
  endless.resize(1'000, 0x00);  // "The same layer" for ever.
  DependencyReader reader;
  EXPECT_FALSE(reader.read(endless).has_value());
}

TEST(DependencyReader, HoldsWhateverComes) {
  std::mt19937 random{1};
  DependencyReader reader;
  for (int run = 0; run < 20'000; ++run) {
    Buffer bytes = kKeyFrame;
    for (int i = 0; i < 3; ++i)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto frame = reader.read(bytes);
    if (frame) {
      EXPECT_EQ(frame->indications.size(), reader.structure()->decode_targets);
    }
  }
}

}  // namespace
}  // namespace parley::codec

#include "mcu/audio/sound_input.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codec/opus.h"
#include "rtp/extension_values.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

constexpr std::uint8_t kOpus = 111, kRed = 63, kLevelId = 4;

std::vector<sdp::Codec> codecs() {
  return {{.payload_type = kRed, .name = "red", .clock_rate = 48'000, .channels = 2},
          {.payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2},
          {.payload_type = 13, .name = "CN", .clock_rate = 8'000}};
}

struct Publisher {
  std::vector<std::string> read(std::uint8_t type, std::uint16_t seq, Bytes payload,
                                std::optional<std::uint8_t> level = std::nullopt) {
    rtp::PacketWriter writer(
        {.payload_type = rtp::PayloadType{type}, .sequence_number = seq, .timestamp = seq * 960u});
    if (level) writer.add_extension(kLevelId, rtp::encode(rtp::AudioLevel{.minus_dbov = *level}));
    writer.set_payload(payload);
    const auto bytes = writer.take();
    std::vector<std::string> all;
    for (const Voice::Packet& packet : input.read(*rtp::PacketView::parse(bytes))) {
      first = first.value_or(packet.seq.value);
      std::string text = std::to_string(packet.seq.value - *first) + " ";
      text += as_text(packet.payload.bytes());
      if (packet.level) text += " " + std::to_string(*packet.level);
      EXPECT_EQ(static_cast<std::uint32_t>(packet.timestamp) % 960, 0u);
      last_timestamp = packet.timestamp;
      all.push_back(text);
    }
    return all;
  }
  std::vector<std::string> read_red(std::uint16_t seq, std::vector<std::string_view> blocks) {
    std::vector<codec::RedBlock> red;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      red.push_back({.payload_type = kOpus,
                     .timestamp_offset = static_cast<std::uint16_t>((blocks.size() - 1 - i) * 960),
                     .payload = as_bytes(blocks[i])});
    }
    ByteWriter writer;
    codec::write_red(writer, red);
    return read(kRed, seq, writer.view(), 30);
  }

  SoundInput input = SoundInput(codecs(), extensions());
  std::optional<std::uint64_t> first;
  std::uint64_t last_timestamp = 0;

  static rtp::ExtensionMap extensions() {
    rtp::ExtensionMap map;
    map.set(rtp::Extension::kAudioLevel, kLevelId);
    return map;
  }
};

using Texts = std::vector<std::string>;

TEST(SoundInput, GivesOpusAsItIsWithItsLevel) {
  Publisher publisher;
  EXPECT_EQ(publisher.read(kOpus, 65'535, as_bytes("a"), 20), (Texts{"0 a 20"}));
  const std::uint64_t before = publisher.last_timestamp;
  EXPECT_EQ(publisher.read(kOpus, 0, as_bytes("b")), (Texts{"1 b"}));
  // 65,536 packets, as the test's timestamps begin anew with the sequence number.
  EXPECT_EQ(publisher.last_timestamp, before - 65'535 * 960);
}

TEST(SoundInput, TakesRedApartAndTheOlderBlocksOnlyForWhatIsMissing) {
  Publisher publisher;
  EXPECT_EQ(publisher.read_red(10, {"x", "a"}), (Texts{"0 a 30"})) << "the first of all";
  EXPECT_EQ(publisher.read_red(11, {"a", "b"}), (Texts{"1 b 30"}));
  EXPECT_EQ(publisher.read_red(13, {"b", "c", "d"}), (Texts{"2 c 30", "3 d 30"}));
  EXPECT_EQ(publisher.read_red(12, {"b", "c"}), (Texts{"2 c 30"})) << "late";
  EXPECT_EQ(publisher.read_red(20, {"k"}), (Texts{"10 k 30"}));
}

TEST(SoundInput, LeavesOutWhatItCannotDecode) {
  Publisher publisher;
  EXPECT_EQ(publisher.read(13, 1, as_bytes("noise")), Texts{});
  EXPECT_EQ(publisher.read(96, 2, as_bytes("?")), Texts{});
  EXPECT_EQ(publisher.read(kRed, 3, Bytes{}), Texts{});
  ByteWriter writer;
  const codec::RedBlock other{.payload_type = 13, .payload = as_bytes("noise")};
  codec::write_red(writer, std::span(&other, 1));
  EXPECT_EQ(publisher.read(kRed, 4, writer.view()), Texts{});
  const std::uint8_t cut[] = {0x80 | kOpus, 0x0F, 0x00};
  EXPECT_EQ(publisher.read(kRed, 5, cut), Texts{});
}

TEST(SoundInput, OfAPublicationWithoutOpusComesNothing) {
  SoundInput input({}, {});
  rtp::PacketWriter writer({.payload_type = rtp::PayloadType{111}});
  writer.set_payload(as_bytes("a"));
  const auto bytes = writer.take();
  EXPECT_TRUE(input.read(*rtp::PacketView::parse(bytes)).empty());
}

}  // namespace
}  // namespace parley::mcu

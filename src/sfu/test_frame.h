#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codec/vp8.h"
#include "sfu/identifiers.h"

// For tests of this folder: pictures and sound that say whose they are, and which.
namespace parley::sfu {

struct TestFrame {
  std::uint32_t number = 0;  // Of its encoding.
  ParticipantId by = {};     // Below 256.
  Source source = Source::kCamera;
  std::uint8_t encoding = 0;

  friend bool operator==(const TestFrame&, const TestFrame&) = default;
};

inline constexpr std::array<codec::PictureSize, 3> kTestSizes = {
    {{320, 180}, {640, 360}, {1280, 720}}};

// Something that VP8's payload format takes for a frame, key frames with their size.
inline std::vector<std::uint8_t> make_picture(const TestFrame& of, bool key, std::size_t size) {
  std::vector<std::uint8_t> frame(std::max<std::size_t>(size, 24));
  for (std::size_t i = 17; i < frame.size(); ++i) {
    frame[i] = static_cast<std::uint8_t>(of.number * 31 + i * 7);
  }
  const codec::PictureSize picture = kTestSizes[of.encoding];
  const std::uint8_t head[] = {static_cast<std::uint8_t>(key ? 0x10 : 0x11),
                               0x02,
                               0x00,
                               0x9D,
                               0x01,
                               0x2A,
                               static_cast<std::uint8_t>(picture.width & 0xff),
                               static_cast<std::uint8_t>(picture.width >> 8),
                               static_cast<std::uint8_t>(picture.height & 0xff),
                               static_cast<std::uint8_t>(picture.height >> 8),
                               static_cast<std::uint8_t>(of.number),
                               static_cast<std::uint8_t>(of.number >> 8),
                               static_cast<std::uint8_t>(of.number >> 16),
                               static_cast<std::uint8_t>(of.number >> 24),
                               static_cast<std::uint8_t>(of.by.value),
                               of.encoding,
                               static_cast<std::uint8_t>(of.source)};
  std::ranges::copy(head, frame.begin());
  return frame;
}

inline std::optional<TestFrame> read_picture(Bytes frame) {
  if (frame.size() < 24) return std::nullopt;
  return TestFrame{.number = static_cast<std::uint32_t>(frame[10]) | frame[11] << 8u |
                             frame[12] << 16u | static_cast<std::uint32_t>(frame[13]) << 24u,
                   .by = {frame[14]},
                   .source = static_cast<Source>(frame[16]),
                   .encoding = frame[15]};
}

// 20 ms of sound, and whose.
struct TestSound {
  std::uint32_t number = 0;
  ParticipantId by = {};
  Source source = Source::kMicrophone;
};

// An Opus packet, as far as its first byte tells.
inline std::vector<std::uint8_t> make_sound(const TestSound& sound) {
  ByteWriter writer;
  writer.u8(0x78);
  writer.u32(sound.number);
  writer.u32(static_cast<std::uint32_t>(sound.by.value));
  writer.u8(std::to_underlying(sound.source));
  return writer.take();
}

inline std::optional<TestSound> read_sound(Bytes bytes) {
  ByteReader reader(bytes);
  reader.u8();
  const std::uint32_t number = reader.u32();
  const ParticipantId by{reader.u32()};
  const auto source = static_cast<Source>(reader.u8());
  if (!reader.ok() || reader.remaining() > 0) return std::nullopt;
  return TestSound{.number = number, .by = by, .source = source};
}

}  // namespace parley::sfu

#include "codec/frame_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "codec/packetizer.h"
#include "codec/vp8.h"
#include "codec/vp9.h"
#include "codec/vp9_frame.h"

namespace parley::codec {
namespace {

using Frame = std::vector<std::uint8_t>;

// Frames as each format has them; the first of each pair is a key frame.
Frame vp8(bool key) {
  Frame frame(3'000, 0x55);
  frame[0] = key ? 0x10 : 0x11;
  return frame;
}
Frame vp9() {
  return Frame(3'000, 0x82);
}
Frame h264(bool key) {
  Frame frame;
  const auto add_nal_unit = [&](std::uint8_t header, std::size_t size) {
    frame.insert(frame.end(), {0, 0, 0, 1, header});
    frame.insert(frame.end(), size, 0x77);
  };
  if (key) {
    add_nal_unit(0x67, 10);
    add_nal_unit(0x68, 4);
  }
  add_nal_unit(key ? 0x65 : 0x41, 3'000);
  return frame;
}
Frame av1(bool key) {
  Frame unit = {0x12, 0x00};                                         // A temporal delimiter.
  if (key) unit.insert(unit.end(), {0x0A, 0x03, 0x01, 0x02, 0x03});  // A sequence header.
  unit.insert(unit.end(), {0x32, 0xB8, 0x17});                       // A frame of 3,000 bytes.
  unit.insert(unit.end(), 3'000, 0x44);
  return unit;
}

// What travels: a FrameBuilder::Packet borrows its payload.
struct Sent {
  std::uint64_t timestamp = 0;
  bool marker = false;
  std::vector<std::uint8_t> payload = {};
};

struct Stream {
  Format format;
  Packetizer packetizer{100};
  FrameBuilder builder{format};
  std::uint64_t timestamp = 1'000;

  std::vector<Sent> packets_of(const Frame& frame, bool key) {
    std::vector<Sent> packets;
    const auto payloads = packetizer.packetize(format, frame, key, 1'000);
    EXPECT_TRUE(payloads);
    timestamp += 3'000;
    for (const auto& payload : payloads.value_or(std::vector<Payload>{})) {
      packets.push_back(
          {.timestamp = timestamp, .marker = payload.last_of_frame, .payload = payload.bytes});
    }
    return packets;
  }
  // `lost`: the packet with this index does not come.
  std::optional<FrameBuilder::Frame> pass(const Frame& frame, bool key, std::size_t lost = 99) {
    std::optional<FrameBuilder::Frame> built;
    auto packets = packets_of(frame, key);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (i == lost) {
        lost_before = true;
        continue;
      }
      if (auto done = builder.add({.timestamp = packets[i].timestamp,
                                   .marker = packets[i].marker,
                                   .lost_before = std::exchange(lost_before, false),
                                   .payload = packets[i].payload})) {
        built = std::move(done);
      }
    }
    return built;
  }
  bool lost_before = true;
};

void expect_round_trip(Format format, const Frame& key, const Frame& delta) {
  Stream stream{.format = format};
  const auto first = stream.pass(key, true);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->data, key);
  EXPECT_TRUE(first->key);
  EXPECT_FALSE(first->lost_before);
  const auto second = stream.pass(delta, false);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->data, delta);
  EXPECT_FALSE(second->key);
  EXPECT_FALSE(second->lost_before);
  EXPECT_EQ(second->timestamp - first->timestamp, 3'000u);

  // Whichever packet of a frame is lost, the frame is; and what leans on it is marked.
  for (std::size_t lost = 0; lost < stream.packets_of(delta, false).size(); ++lost) {
    Stream lossy{.format = format};
    ASSERT_TRUE(lossy.pass(key, true));
    EXPECT_FALSE(lossy.pass(delta, false, lost)) << "packet " << lost;
    lossy.pass(delta, false);  // H.264 and AV1 cannot tell that nothing of this one was lost.
    const auto after = lossy.pass(delta, false);
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->lost_before);
    EXPECT_GT(lossy.builder.frames_lost(), 0u);
    const auto healed = lossy.pass(key, true);
    ASSERT_TRUE(healed);
    EXPECT_FALSE(healed->lost_before);
    EXPECT_FALSE(lossy.pass(delta, false)->lost_before);
  }
}

TEST(FrameBuilder, PutsVp8Together) {
  expect_round_trip(Format::kVp8, vp8(true), vp8(false));
}
TEST(FrameBuilder, PutsVp9Together) {
  expect_round_trip(Format::kVp9, vp9(), vp9());
}
TEST(FrameBuilder, PutsH264Together) {
  expect_round_trip(Format::kH264, h264(true), h264(false));
}
TEST(FrameBuilder, PutsAv1Together) {
  expect_round_trip(Format::kAv1, av1(true), av1(false));
}

TEST(FrameBuilder, AStreamThatBeginsInTheMiddleIsMarked) {
  Stream stream{.format = Format::kVp8};
  const auto frame = stream.pass(vp8(false), false);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->lost_before);
}

TEST(FrameBuilder, TakesEachPacketOfSoundForAFrame) {
  FrameBuilder builder(Format::kOpus);
  const Frame packet = {1, 2, 3};
  const auto frame = builder.add({.timestamp = 960, .lost_before = true, .payload = packet});
  EXPECT_EQ(frame, (FrameBuilder::Frame{
                       .timestamp = 960, .key = true, .lost_before = true, .data = {1, 2, 3}}));
}

TEST(FrameBuilder, PaddingIsNoFrame) {
  FrameBuilder builder(Format::kOpus);
  EXPECT_FALSE(builder.add({.timestamp = 960}));
}

TEST(FrameBuilder, DropsWhatIsNoFrameOfItsFormat) {
  FrameBuilder builder(Format::kH264);
  EXPECT_FALSE(builder.add({.marker = true, .payload = Frame{0x1F, 1, 2}}));
  FrameBuilder unknown(Format::kUnknown);
  EXPECT_FALSE(unknown.add({.marker = true, .payload = Frame{1}}));
  EXPECT_EQ(unknown.frames_lost(), 1u);
}

TEST(FrameBuilder, JoinsTheLayersOfAPictureOfVp9) {
  FrameBuilder builder(Format::kVp9);
  std::optional<FrameBuilder::Frame> built;
  bool lost_before = true;
  for (std::uint8_t layer = 0; layer < 2; ++layer) {
    Vp9Descriptor descriptor{.picture_id = std::uint16_t{7}};
    descriptor.layer = {.spatial = layer, .depends_on_lower_spatial = layer > 0};
    for (const auto& payload : packetize_vp9(Frame(1'500, static_cast<std::uint8_t>(0x80 + layer)),
                                             1'000, descriptor, layer == 1)) {
      EXPECT_FALSE(built);
      built = builder.add({.timestamp = 3'000,
                           .marker = payload.last_of_frame,
                           .lost_before = std::exchange(lost_before, false),
                           .payload = payload.bytes});
    }
  }
  ASSERT_TRUE(built);
  EXPECT_TRUE(built->key);
  const auto frames = split_vp9_superframe(built->data);
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->size(), 2u);
  EXPECT_EQ((*frames)[1].size(), 1'500u);
  EXPECT_EQ((*frames)[1].front(), 0x81);
}

TEST(Packetizer, RefusesWhatItCannotCut) {
  Packetizer packetizer(1);
  EXPECT_FALSE(packetizer.packetize(Format::kVp8, {}, true, 1'000));
  const std::uint8_t nothing[] = {1, 2, 3};
  EXPECT_FALSE(packetizer.packetize(Format::kUnknown, nothing, true, 1'000));
  EXPECT_FALSE(packetizer.packetize(Format::kH264, {}, true, 1'000));
  const std::uint8_t broken[] = {0x32, 0x7F, 1};
  EXPECT_FALSE(packetizer.packetize(Format::kAv1, broken, true, 1'000));
}

TEST(Packetizer, TellsTheTemporalLayersOfVp8) {
  Packetizer packetizer(0x7FFF);
  std::vector<Vp8Descriptor> told;
  for (const int layer : {0, 1, 0, 1}) {
    const auto payloads = packetizer.packetize(Format::kVp8, vp8(layer == 0), layer == 0, 1'000,
                                               static_cast<std::uint8_t>(layer));
    ASSERT_TRUE(payloads);
    for (const Payload& payload : *payloads) {
      told.push_back(Vp8Descriptor::parse(payload.bytes).value());
      EXPECT_EQ(told.back().temporal->layer, layer);
      EXPECT_EQ(told.back().temporal->sync, layer == 1);
      EXPECT_EQ(told.back().non_reference, layer == 1);
    }
  }
  EXPECT_EQ(told.front().picture_id, 0x7FFF);
  EXPECT_EQ(told.back().picture_id, 2);
  EXPECT_EQ(told.front().tl0_picture_index, 1);
  EXPECT_EQ(told.back().tl0_picture_index, 2);
  const auto plain = packetizer.packetize(Format::kVp8, vp8(true), true, 1'000);
  EXPECT_FALSE(Vp8Descriptor::parse(plain->front().bytes)->temporal);
}

TEST(StartsKeyFrame, IsTheFirstPacketOfAKeyFrameAlone) {
  const auto starts = [](Format format, const Frame& frame, bool key) {
    Stream stream{format};
    std::vector<bool> each;
    for (const Sent& packet : stream.packets_of(frame, key)) {
      each.push_back(starts_key_frame(format, packet.payload));
    }
    EXPECT_GT(each.size(), 2u);
    const bool first = each.front();
    each.erase(each.begin());
    EXPECT_EQ(std::ranges::count(each, true), 0);
    return first;
  };
  EXPECT_TRUE(starts(Format::kVp8, vp8(true), true));
  EXPECT_FALSE(starts(Format::kVp8, vp8(false), false));
  EXPECT_TRUE(starts(Format::kVp9, vp9(), true));
  EXPECT_FALSE(starts(Format::kVp9, vp9(), false));
  EXPECT_TRUE(starts(Format::kH264, h264(true), true));
  EXPECT_FALSE(starts(Format::kH264, h264(false), false));
  EXPECT_TRUE(starts(Format::kAv1, av1(true), true));
  EXPECT_FALSE(starts(Format::kAv1, av1(false), false));
  EXPECT_FALSE(starts_key_frame(Format::kVp8, {}));
  EXPECT_FALSE(starts_key_frame(Format::kOpus, Frame(10, 0)));
}

}  // namespace
}  // namespace parley::codec

#include "mcu/video/input_stream.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "codec/vp8.h"
#include "mcu/video/test_camera.h"
#include "mcu/video/test_codecs.h"
#include "mcu/video/test_pictures.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kBlue{.y = 80, .u = 210, .v = 100};
constexpr Duration kInterval{33'333};

// A camera's packets into a stream, and what is seen.
struct Viewer {
  explicit Viewer(const InputStream::Config& config = {}) : stream(config, codecs) {}

  void send(const std::vector<SentPacket>& packets, std::size_t lost = 999) {
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (i != lost) stream.insert(now, packets[i].as_packet());
    }
  }
  bool tick() {
    now += kInterval;
    return stream.advance(now, now + kInterval / 2);
  }
  bool sees(Color color) const {
    const PictureView* const picture = stream.picture();
    if (picture == nullptr) return false;
    const Color seen =
        mean(*picture, {.width = picture->size.width & ~1, .height = picture->size.height & ~1});
    return std::abs(seen.u - color.u) < 20 && std::abs(seen.v - color.v) < 20;
  }
  std::size_t requests() {
    std::size_t count = 0;
    while (stream.poll_key_frame_request(now)) ++count;
    return count;
  }

  Codecs codecs = {};
  InputStream stream;
  Time now = kStart;
};

TEST(InputStream, ShowsWhatACameraSends) {
  for (const codec::Format format :
       {codec::Format::kVp8, codec::Format::kVp9, codec::Format::kH264}) {
    Viewer viewer;
    TestCamera camera({.format = format, .color = kRed});
    EXPECT_EQ(viewer.stream.picture(), nullptr);
    for (int i = 0; i < 10; ++i) {
      viewer.send(camera.next());
      EXPECT_TRUE(viewer.tick()) << i;
      EXPECT_TRUE(viewer.sees(kRed));
    }
    EXPECT_FALSE(viewer.tick());  // The last stays.
    EXPECT_TRUE(viewer.sees(kRed));
    EXPECT_EQ(viewer.stream.counters().decoded, 10u);
    EXPECT_EQ(viewer.stream.picture_changed(), viewer.now - kInterval);
  }
}

TEST(InputStream, BeginsWithAKeyFrameAndAsksForIt) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  camera.next();  // The key frame, which was before us.
  viewer.send(camera.next());
  EXPECT_EQ(viewer.stream.poll_key_frame_request(viewer.now), 0);
  EXPECT_FALSE(viewer.stream.poll_key_frame_request(viewer.now));
  EXPECT_FALSE(viewer.tick());
  EXPECT_EQ(viewer.stream.picture(), nullptr);
  camera.request_key_frame();
  viewer.send(camera.next());
  EXPECT_TRUE(viewer.tick());
  EXPECT_TRUE(viewer.sees(kRed));
  viewer.now += 1min;
  EXPECT_EQ(viewer.requests(), 0u);
}

TEST(InputStream, AsksEverMoreSeldomWhereNoKeyFrameComes) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  camera.next();
  std::size_t requests = 0;
  for (int i = 0; i < 30 * 60; ++i) {
    viewer.send(camera.next());
    viewer.tick();
    requests += viewer.requests();
  }
  EXPECT_GE(requests, 15u);
  EXPECT_LE(requests, 20u);
  EXPECT_EQ(viewer.stream.picture(), nullptr);
  EXPECT_EQ(viewer.stream.counters().decoded, 0u);
  EXPECT_EQ(viewer.stream.waiting(), 0u);
}

TEST(InputStream, KeepsThePictureUntilALossIsRepaired) {
  Viewer viewer({.patience = 50ms});
  TestCamera camera({.size = {320, 180}, .color = kRed});
  viewer.send(camera.next());
  viewer.tick();
  EXPECT_EQ(viewer.requests(), 0u);
  viewer.send(camera.next(), 0);
  viewer.tick();
  camera.set_color(kBlue);
  for (int i = 0; i < 4; ++i) {
    viewer.send(camera.next());
    viewer.tick();
  }
  EXPECT_TRUE(viewer.sees(kRed));
  EXPECT_EQ(viewer.requests(), 1u);
  EXPECT_GT(viewer.stream.counters().skipped, 0u);
  camera.request_key_frame();
  viewer.send(camera.next());
  EXPECT_TRUE(viewer.tick());
  EXPECT_TRUE(viewer.sees(kBlue));
  EXPECT_EQ(viewer.stream.counters().corrupt, 0u);
}

TEST(InputStream, WaitsForWhatIsSentAgain) {
  Viewer viewer({.patience = 100ms});
  TestCamera camera({.size = {320, 180}, .color = kRed});
  viewer.send(camera.next());
  viewer.tick();
  const auto late = camera.next();
  ASSERT_GE(late.size(), 1u);
  viewer.send(late, 0);
  viewer.tick();
  viewer.send(camera.next());
  EXPECT_FALSE(viewer.tick());
  viewer.stream.insert(viewer.now, late[0].as_packet());
  EXPECT_TRUE(viewer.tick());
  EXPECT_EQ(viewer.stream.counters().decoded, 3u);
  EXPECT_EQ(viewer.requests(), 0u);
}

TEST(InputStream, TakesAnotherSizeAndAnotherCodecInTheMiddle) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  viewer.send(camera.next());
  viewer.tick();
  EXPECT_EQ(viewer.stream.picture()->size, (Size{64, 48}));
  camera.resize({160, 90});
  viewer.send(camera.next());
  EXPECT_TRUE(viewer.tick());
  EXPECT_EQ(viewer.stream.picture()->size, (Size{160, 90}));
  TestCamera other({.format = codec::Format::kH264, .color = kBlue});
  other.skip(2);
  viewer.send(other.next());
  EXPECT_TRUE(viewer.tick());
  EXPECT_TRUE(viewer.sees(kBlue));
}

TEST(InputStream, GoesOverToTheEncodingThatIsChosenAtItsKeyFrame) {
  Viewer viewer;
  TestCamera small({.size = {64, 48}, .encoding = 0, .color = kRed});
  TestCamera large({.size = {320, 180}, .encoding = 1, .color = kBlue, .first_timestamp = 77});
  large.next();
  const auto both = [&] {
    viewer.send(small.next());
    viewer.send(large.next());
    viewer.tick();
  };
  both();
  EXPECT_TRUE(viewer.sees(kRed));
  EXPECT_GT(viewer.stream.counters().other_encoding, 0u);
  viewer.stream.choose(1);
  EXPECT_EQ(viewer.stream.poll_key_frame_request(viewer.now), 1);
  both();
  both();
  EXPECT_TRUE(viewer.sees(kRed));  // Until there is something to show instead.
  large.request_key_frame();
  both();
  EXPECT_TRUE(viewer.sees(kBlue));
  EXPECT_EQ(viewer.stream.picture()->size, (Size{320, 180}));
  EXPECT_EQ(viewer.stream.counters().switches, 1u);
  both();
  EXPECT_TRUE(viewer.sees(kBlue));
  viewer.stream.choose(0);
  viewer.stream.choose(1);  // They have changed their mind.
  small.request_key_frame();
  both();
  EXPECT_TRUE(viewer.sees(kBlue));
}

TEST(InputStream, ShowsAPictureWhenItIsDue) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  const std::uint64_t first = camera.timestamp();
  viewer.stream.set_pace(0, {.timestamp = first, .due = kStart + 200ms});
  std::map<std::uint64_t, Time> shown;
  for (std::uint64_t i = 0; i < 20; ++i) {
    viewer.send(camera.next());
    const std::uint64_t before = viewer.stream.counters().decoded;
    viewer.tick();
    if (viewer.stream.counters().decoded > before) shown[before] = viewer.now;
  }
  ASSERT_GE(shown.size(), 10u);
  for (const auto& [number, at] : shown) {
    const Time due = kStart + 200ms + number * kInterval;
    EXPECT_LE(std::chrono::abs(at - due), 17ms) << number;
  }
  // They come 200 ms early, so sound could be heard so much sooner, less half a picture.
  EXPECT_NEAR(static_cast<double>(viewer.stream.lateness()->count()), -183e3, 10e3);
}

TEST(InputStream, SaysHowLatePicturesAre) {
  Viewer viewer;
  EXPECT_FALSE(viewer.stream.lateness());
  TestCamera camera({.color = kRed});
  viewer.stream.set_pace(0, {.timestamp = camera.timestamp(), .due = kStart - 120ms});
  for (int i = 0; i < 30; ++i) {
    viewer.send(camera.next());
    EXPECT_TRUE(viewer.tick()) << "what is late is shown at once";
  }
  EXPECT_NEAR(static_cast<double>(viewer.stream.lateness()->count()), 137e3, 10e3);
}

TEST(InputStream, WaitsNoLongerThanItMayWhateverThePaceSays) {
  Viewer viewer({.max_wait = 300ms});
  TestCamera camera({.color = kRed});
  viewer.stream.set_pace(0, {.timestamp = 0, .due = kStart + 24h});
  viewer.send(camera.next());
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(viewer.tick());
  viewer.tick();
  EXPECT_TRUE(viewer.tick() || viewer.sees(kRed));
}

// Pictures come in threes, 100 ms late at most: each is shown for as long as it took.
TEST(InputStream, EvensOutWhatComesUnevenly) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  int changes = 0;
  for (int i = 0; i < 300; ++i) {
    if (i % 3 == 0) {
      for (int n = 0; n < 3; ++n) viewer.send(camera.next());
    }
    const bool changed = viewer.tick();
    if (i >= 150) changes += changed ? 1 : 0;
  }
  EXPECT_GT(changes, 140);
}

TEST(InputStream, DecodesNothingWhileItIsNotShown) {
  Viewer viewer;
  TestCamera camera({.color = kRed});
  viewer.send(camera.next());
  viewer.tick();
  viewer.stream.set_shown(false);
  EXPECT_EQ(viewer.stream.picture(), nullptr);
  for (int i = 0; i < 5; ++i) {
    viewer.send(camera.next());
    EXPECT_FALSE(viewer.tick());
  }
  EXPECT_EQ(viewer.requests(), 0u);
  EXPECT_EQ(viewer.stream.counters().decoded, 1u);
  EXPECT_GE(viewer.stream.counters().not_shown, 5u);
  viewer.stream.set_shown(true);
  EXPECT_EQ(viewer.requests(), 1u);
  camera.request_key_frame();
  viewer.send(camera.next());
  viewer.tick();
  EXPECT_TRUE(viewer.sees(kRed));
}

TEST(InputStream, RefusesWhatIsTooLargeAndGoesOnWithWhatIsNot) {
  Viewer viewer({.limits = {.largest = {100, 100}}});
  TestCamera camera({.size = {320, 180}, .color = kRed});
  viewer.send(camera.next());
  EXPECT_FALSE(viewer.tick());
  EXPECT_EQ(viewer.stream.counters().too_large, 1u);
  EXPECT_EQ(viewer.stream.picture(), nullptr);
  EXPECT_EQ(viewer.requests(), 1u);
  camera.resize({64, 48});
  viewer.send(camera.next());
  viewer.tick();
  EXPECT_TRUE(viewer.sees(kRed));
}

TEST(InputStream, EightThousandPointsAreTooMany) {
  Viewer viewer;
  codec::Packetizer packetizer(1);
  const auto payloads = packetizer.packetize(
      codec::Format::kVp8, TestCodecs::frame(true, {7'680, 4'320}, 1), true, 1'000);
  for (const auto& payload : *payloads) {
    viewer.stream.insert(viewer.now, {.format = codec::Format::kVp8,
                                      .seq = {100},
                                      .timestamp = 1,
                                      .marker = true,
                                      .payload = payload.bytes});
  }
  EXPECT_FALSE(viewer.tick());
  EXPECT_EQ(viewer.stream.counters().too_large, 1u);
}

TEST(InputStream, WhatCannotBeDecodedIsNotShown) {
  Viewer viewer;
  const std::uint8_t unit[] = {0x18, 0x0A, 0x0B, 0, 0, 0};  // AV1, which browsers may send.
  viewer.stream.insert(
      viewer.now,
      {.format = codec::Format::kAv1, .seq = {1}, .timestamp = 1, .marker = true, .payload = unit});
  viewer.tick();
  EXPECT_EQ(viewer.stream.picture(), nullptr);
  viewer.stream.insert(viewer.now, {.seq = {2}, .marker = true, .payload = unit});
  viewer.tick();
  EXPECT_EQ(viewer.stream.picture(), nullptr);
}

// Each byte of a key frame and of what follows may be another.
TEST(InputStream, CorruptFramesCostThePictureAndAKeyFrameBringsItBack) {
  std::mt19937 random(3);
  Viewer viewer;
  TestCamera camera({.color = kRed});
  for (int round = 0; round < 60; ++round) {
    camera.request_key_frame();
    for (int i = 0; i < 3; ++i) {
      auto packets = camera.next();
      for (SentPacket& packet : packets) {
        for (int n = 0; n < 3; ++n) {
          packet.payload[4 + random() % (packet.payload.size() - 4)] =
              static_cast<std::uint8_t>(random());
        }
      }
      viewer.send(packets);
      viewer.tick();
      if (const PictureView* const picture = viewer.stream.picture()) {
        (void)mean(*picture,
                   {.width = picture->size.width & ~1, .height = picture->size.height & ~1});
      }
    }
  }
  camera.request_key_frame();
  viewer.send(camera.next());
  viewer.tick();
  EXPECT_TRUE(viewer.sees(kRed));
}

TEST(InputStream, KeepsNoMoreThanItMay) {
  Viewer viewer({.max_wait = 10s, .max_frames = 10});
  TestCamera camera({.color = kRed});
  viewer.stream.set_pace(0, {.timestamp = camera.timestamp(), .due = kStart + 5s});
  for (int i = 0; i < 100; ++i) {
    viewer.send(camera.next());
    ASSERT_LE(viewer.stream.waiting(), 10u);
  }
  EXPECT_GE(viewer.stream.counters().overflowed, 80u);
}

// A burst after a stall is decoded bit by bit, so that other pictures have their time.
TEST(InputStream, DecodesOnlySoManyAtOnce) {
  Viewer viewer({.max_decodes = 4});
  TestCamera camera({.color = kRed});
  viewer.stream.set_pace(0, {.timestamp = camera.timestamp(), .due = kStart - 10s});
  for (int i = 0; i < 10; ++i) viewer.send(camera.next());
  viewer.tick();
  EXPECT_EQ(viewer.stream.counters().decoded, 4u);
  viewer.tick();
  viewer.tick();
  EXPECT_EQ(viewer.stream.counters().decoded, 10u);
}

// A frame that only others lean on (VP8's alternate reference) comes between two that are shown.
TEST(InputStream, AHiddenFrameLeavesThePicture) {
  TestCodecs codecs;
  InputStream stream({.max_decodes = 1}, codecs);
  std::uint64_t seq = 10;
  Time now = kStart;
  const auto send = [&](bool key, bool hidden, std::uint8_t color) {
    auto frame = TestCodecs::frame(key, {16, 16}, color);
    if (hidden) frame[0] &= 0xEF;
    for (const auto& payload : codec::packetize_vp8(frame, 1'000, {})) {
      stream.insert(now, {.format = codec::Format::kVp8,
                          .seq = {seq},
                          .timestamp = seq * 3'000,
                          .marker = true,
                          .payload = payload.bytes});
    }
    ++seq;
    now += kInterval;
    return stream.advance(now, now + kInterval / 2);
  };
  EXPECT_TRUE(send(true, false, 50));
  EXPECT_FALSE(send(false, true, 60));
  ASSERT_NE(stream.picture(), nullptr);
  EXPECT_EQ(*stream.picture()->y, 50);
  EXPECT_TRUE(send(false, false, 70));
  EXPECT_EQ(*stream.picture()->y, 70);
  EXPECT_EQ(codecs.decoded, 3u);
}

}  // namespace
}  // namespace parley::mcu

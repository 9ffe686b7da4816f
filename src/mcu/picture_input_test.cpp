#include "mcu/picture_input.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "mcu/test_order.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kVp8 = 96;
constexpr Time kStart{1h};

sfu::relay::Track track(std::size_t encodings, sfu::Source source = sfu::Source::kCamera) {
  sfu::relay::Track track{.source = source,
                          .codecs = {{.payload_type = kVp8, .name = "VP8", .clock_rate = 90'000},
                                     {.payload_type = 97, .name = "rtx", .clock_rate = 90'000}}};
  track.encodings.resize(encodings);
  return track;
}

struct Camera {
  explicit Camera(std::size_t encodings, sfu::Source source = sfu::Source::kCamera)
      : input(track(encodings, source), {1}) {}

  bool send(std::uint8_t encoding, Time now, std::uint32_t timestamp = 0,
            std::uint8_t type = kVp8) {
    rtp::PacketWriter writer({.payload_type = rtp::PayloadType{type},
                              .timestamp = timestamp,
                              .ssrc = rtp::Ssrc{100u + encoding}});
    const auto bytes = writer.take();
    const auto read = input.read(now, *rtp::PacketView::parse(bytes), encoding);
    if (read) last = read->timestamp;
    return read.has_value();
  }

  PictureInput input;
  std::uint64_t last = 0;
};

TEST(PictureInput, NeedsWhatFitsItsPlaceAndTheSmallestOfACamera) {
  Camera camera(3);
  EXPECT_EQ(camera.input.needed(), 0u) << "it is not shown";
  camera.input.want({1'280, 720});
  EXPECT_EQ(camera.input.needed(), 0b101u);
  camera.input.want({640, 360});
  EXPECT_EQ(camera.input.needed(), 0b011u);
  camera.input.want({640, 362});
  EXPECT_EQ(camera.input.needed(), 0b101u);
  camera.input.want({200, 120});
  EXPECT_EQ(camera.input.needed(), 0b001u);
  Camera screen(2, sfu::Source::kScreen);
  screen.input.want({1'280, 720});
  EXPECT_EQ(screen.input.needed(), 0b10u);
}

TEST(PictureInput, ShowsOfWhatComesTheBest) {
  Camera camera(3);
  camera.input.want({1'280, 720});
  EXPECT_EQ(camera.input.best(kStart), 0);
  EXPECT_TRUE(camera.send(0, kStart));
  EXPECT_EQ(camera.input.best(kStart), 0);
  EXPECT_TRUE(camera.send(2, kStart));
  EXPECT_EQ(camera.input.best(kStart), 2);
  EXPECT_TRUE(camera.send(1, kStart + 2s));
  EXPECT_EQ(camera.input.best(kStart + 3s), 1) << "the largest comes no more";
  camera.input.want({160, 90});
  EXPECT_EQ(camera.input.best(kStart + 4s), 1) << "something large is better than nothing";
}

TEST(PictureInput, KnowsThatTheLargestWasOfferedFirst) {
  const sfu::EncodingOrder order = largest_first();
  Camera camera(3);
  camera.input.want({640, 360});
  camera.input.set_order(order);
  EXPECT_EQ(camera.input.needed(), 0b110u);
  camera.input.want({200, 120});
  EXPECT_EQ(camera.input.needed(), 0b100u);
  EXPECT_EQ(camera.input.best(kStart), 2) << "nothing has come";
  EXPECT_TRUE(camera.send(0, kStart));
  EXPECT_EQ(camera.input.best(kStart), 0) << "something large is better than nothing";
  EXPECT_TRUE(camera.send(2, kStart));
  EXPECT_EQ(camera.input.best(kStart), 2);
  camera.input.want({1'280, 720});
  EXPECT_EQ(camera.input.best(kStart), 0);
}

TEST(PictureInput, LeavesOutWhatItCannotDecode) {
  Camera camera(1);
  EXPECT_FALSE(camera.send(1, kStart));
  EXPECT_FALSE(camera.send(0, kStart, 0, 97));
  EXPECT_FALSE(camera.send(0, kStart, 0, 99));
  EXPECT_FALSE(camera.input.ssrc(0));
  EXPECT_TRUE(camera.send(0, kStart));
  EXPECT_EQ(camera.input.ssrc(0), rtp::Ssrc{100});
  EXPECT_FALSE(camera.input.ssrc(1));
}

TEST(PictureInput, KnowsWhatWasCapturedAtAMomentOfTheSendersClock) {
  Camera camera(2);
  EXPECT_TRUE(camera.send(1, kStart, 90'000));
  const rtp::NtpTime told = rtp::NtpTime::of(kStart);
  EXPECT_FALSE(camera.input.timestamp_at(1, told));
  camera.input.handle_report({.encoding = 1, .ntp = told, .timestamp = 90'000});
  EXPECT_EQ(camera.input.timestamp_at(1, told), camera.last);
  EXPECT_NEAR(static_cast<double>(*camera.input.timestamp_at(1, rtp::NtpTime::of(kStart + 500ms)) -
                                  camera.last),
              45'000, 2);
  EXPECT_NEAR(static_cast<double>(camera.last -
                                  *camera.input.timestamp_at(1, rtp::NtpTime::of(kStart - 100ms))),
              9'000, 2);
  EXPECT_FALSE(camera.input.timestamp_at(0, told));
  EXPECT_FALSE(camera.input.timestamp_at(7, told));
}

}  // namespace
}  // namespace parley::mcu

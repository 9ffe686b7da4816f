#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "mcu/video/test_video_meeting.h"

// What a stranger's camera may send: it costs their own cell, which becomes a card, and nothing
// else.
namespace parley::mcu {
namespace {

using codec::Format;

constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kGreen{.y = 120, .u = 70, .v = 70};
constexpr PersonId kAda{1}, kEve{2};
constexpr InputId kEvesCamera{kEve, Source::kCamera};
constexpr std::array kFormats{Format::kVp8, Format::kVp9, Format::kH264};
// Longer than a cell keeps a picture of which no next one comes.
constexpr std::size_t kLong = 200;

bool shows(Color seen, Color color) {
  return std::abs(seen.u - color.u) < 20 && std::abs(seen.v - color.v) < 20;
}

// Ada's camera does what it should; Eve's sends what the test says, and hears no request.
class BadInput : public testing::Test {
 protected:
  void SetUp() override {
    meeting_.come(kAda.value, "Ada", kRed);
    meeting_.mixer.set_person(meeting_.now, {.id = kEve, .name = "Eve", .has_camera = true});
  }
  void TearDown() override { expect_the_rest_is_well(); }

  void send(const std::vector<SentPacket>& packets) {
    for (const SentPacket& packet : packets) {
      meeting_.mixer.handle_input(meeting_.now,
                                  {.from = kEvesCamera, .packet = packet.as_packet()});
    }
    run();
  }
  void send(std::size_t pictures) {
    for (std::size_t n = 0; n < pictures; ++n) send(eve_.next());
  }
  void run() {
    meeting_.run(1);
    ++pictures_;
  }

  bool eve_is_seen() const { return shows(meeting_.color_of(kEve.value), kGreen); }
  std::size_t requests() { return std::exchange(meeting_.key_frame_requests[kEvesCamera], 0); }
  InputStream::Counters counters() const {
    return meeting_.mixer.input_counters(kEvesCamera).value();
  }
  void expect_the_rest_is_well() {
    EXPECT_TRUE(shows(meeting_.color_of(kAda.value), kRed));
    EXPECT_EQ(meeting_.frames.size(), pictures_);
    EXPECT_EQ(meeting_.key_frame_requests[(InputId{kAda, Source::kCamera})], 0u);
  }

  VideoMeeting meeting_;
  TestCamera eve_{{.color = kGreen}};
  std::size_t pictures_ = 0;
};

TEST_F(BadInput, AStreamWithoutAKeyFrameIsACardWhateverItsFormat) {
  for (const Format format : kFormats) {
    SCOPED_TRACE(static_cast<int>(format));
    eve_.switch_to(format);
    eve_.next();  // It is the key frame.
    send(kLong);
    EXPECT_FALSE(eve_is_seen());
    EXPECT_GT(requests(), 1u);
    eve_.request_key_frame();
    send(2);
    EXPECT_TRUE(eve_is_seen());
  }
}

TEST_F(BadInput, EachCodecMayFollowEachOther) {
  for (const Format from : kFormats) {
    for (const Format to : kFormats) {
      eve_.switch_to(from);
      send(3);
      eve_.switch_to(to);
      const std::uint64_t before = counters().decoded;
      send(3);
      EXPECT_TRUE(eve_is_seen());
      EXPECT_GE(counters().decoded, before + 2);
    }
  }
  EXPECT_EQ(requests(), 0u);
  EXPECT_EQ(counters().corrupt + counters().unsupported + counters().skipped, 0u);
}

TEST_F(BadInput, PicturesMayHaveAnotherSizeAtAnyTime) {
  for (const Format format : kFormats) {
    eve_.switch_to(format);
    for (const Size size : {Size{160, 90}, Size{48, 64}, Size{320, 180}, Size{16, 16}}) {
      eve_.resize(size);
      send(2);
      EXPECT_TRUE(eve_is_seen()) << size.width;
    }
  }
  EXPECT_EQ(counters().corrupt + counters().too_large, 0u);
}

// Its header says so; the rest of the frame is none, and not looked at.
TEST_F(BadInput, APictureOfEightThousandPointsInTheMiddleIsACardUntilTheyAreFewer) {
  send(3);
  EXPECT_TRUE(eve_is_seen());
  eve_.request_key_frame();
  auto packets = eve_.next();
  auto& payload = packets.front().payload;
  const std::array<std::uint8_t, 3> start{0x9D, 0x01, 0x2A};  // RFC 6386, 9.1.
  const auto found = std::ranges::search(payload, start);
  ASSERT_FALSE(found.empty());
  std::ranges::copy(std::array<std::uint8_t, 4>{7'680 & 0xFF, 7'680 >> 8, 4'320 & 0xFF, 4'320 >> 8},
                    found.end());
  send(packets);
  send(kLong);  // These lean on it.
  EXPECT_EQ(counters().too_large, 1u);
  EXPECT_FALSE(eve_is_seen());
  EXPECT_GT(requests(), 1u);
  eve_.request_key_frame();
  send(2);
  EXPECT_TRUE(eve_is_seen());
}

// Anything may be in them behind what tells how they are put together.
TEST_F(BadInput, CorruptFramesOfEachFormatAreOverWithTheNextKeyFrame) {
  std::mt19937 random(5);
  for (const Format format : kFormats) {
    SCOPED_TRACE(static_cast<int>(format));
    eve_.switch_to(format);
    for (int n = 0; n < 60; ++n) {
      if (n % 10 == 0) eve_.request_key_frame();
      auto packets = eve_.next();
      for (SentPacket& packet : packets) {
        for (std::size_t i = 4; i < packet.payload.size(); i += 1 + random() % 20) {
          packet.payload[i] = static_cast<std::uint8_t>(random());
        }
      }
      send(packets);
    }
    expect_the_rest_is_well();
    eve_.request_key_frame();
    send(3);
    EXPECT_TRUE(eve_is_seen());
  }
  EXPECT_GT(counters().corrupt + counters().frames_lost + counters().too_large, 0u);
}

}  // namespace
}  // namespace parley::mcu

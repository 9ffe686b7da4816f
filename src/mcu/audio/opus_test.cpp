#include "mcu/audio/opus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "mcu/audio/test_sound.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

AudioFrame frame_of(const std::vector<float>& sound, std::size_t number) {
  AudioFrame frame;
  std::copy_n(sound.begin() + static_cast<std::ptrdiff_t>(number * kFrameSamples), frame.size(),
              frame.begin());
  return frame;
}

TEST(VoiceDecoder, DecodesWhatWasSaid) {
  TestSpeaker speaker(speech(1, 100 * kFrameSamples), 64'000);
  VoiceDecoder decoder;
  std::vector<float> heard;
  while (speaker.has_more()) EXPECT_TRUE(decoder.decode(speaker.next().payload.bytes(), heard));
  ASSERT_EQ(heard.size(), speaker.sound().size());
  const std::size_t delay = delay_of(heard, speaker.sound(), 1'000);
  EXPECT_GT(segmental_snr(heard, speaker.sound(), delay), 6);
}

TEST(VoiceDecoder, RefusesWhatIsNoPacket) {
  VoiceDecoder decoder;
  std::vector<float> heard;
  EXPECT_FALSE(decoder.decode({}, heard));
  EXPECT_FALSE(decoder.decode(as_bytes("\xff"), heard));      // A number of frames is missing.
  EXPECT_FALSE(decoder.decode(as_bytes("\xfb\x3f"), heard));  // 63 frames of 20 ms.
  EXPECT_TRUE(heard.empty());
}

// Each fifth packet is lost: what was to be heard, and is not.
TEST(VoiceDecoder, RecoversALostPacketFromTheNext) {
  const auto missed = [](bool redundancy) {
    TestSpeaker speaker(speech(2, 101 * kFrameSamples), 24'000);
    VoiceDecoder decoder, whole;
    std::vector<float> heard, all;
    while (speaker.has_more()) {
      Voice::Packet packet = speaker.next();
      EXPECT_TRUE(whole.decode(packet.payload.bytes(), all));
      if (packet.seq.value % 5 == 0 && speaker.has_more()) {
        packet = speaker.next();
        EXPECT_TRUE(whole.decode(packet.payload.bytes(), all));
        decoder.recover(redundancy ? packet.payload.bytes() : Bytes(), kFrameSamples, heard);
      }
      EXPECT_TRUE(decoder.decode(packet.payload.bytes(), heard));
    }
    EXPECT_EQ(heard.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] -= heard[i];
    return energy(all);
  };
  EXPECT_LT(missed(true), missed(false) / 2);
}

TEST(VoiceDecoder, ConcealsEverMoreQuietly) {
  TestSpeaker speaker(tone(300, 20 * kFrameSamples));
  VoiceDecoder decoder;
  std::vector<float> heard;
  while (speaker.has_more()) (void)decoder.decode(speaker.next().payload.bytes(), heard);
  const double loud = energy(std::span(heard).last(kFrameSamples));
  decoder.conceal(kFrameSamples, heard);
  EXPECT_GT(energy(std::span(heard).last(kFrameSamples)), loud / 4);
  for (int n = 0; n < 20; ++n) decoder.conceal(kFrameSamples, heard);
  EXPECT_LT(energy(std::span(heard).last(kFrameSamples)), loud / 100);
}

// Two encoders of the same sound: from the 50th frame on a decoder hears the other.
TEST(MixEncoder, LetsADecoderGoOnFromAnothersPackets) {
  std::vector<float> sound = tone(440, 100 * kFrameSamples);
  const std::vector<float> other_tone = tone(1'230, sound.size(), 0.1);
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] += other_tone[i];
  MixEncoder one({}), other({});
  VoiceDecoder decoder, undisturbed;
  std::vector<float> heard, expected;
  for (std::size_t n = 0; n < 100; ++n) {
    const auto packet = one.encode(frame_of(sound, n));
    EXPECT_TRUE(undisturbed.decode(packet, expected));
    if (n < 50) {
      EXPECT_TRUE(decoder.decode(packet, heard));
      if (n == 49) (void)other.encode(frame_of(sound, n));
    } else {
      EXPECT_TRUE(decoder.decode(other.encode(frame_of(sound, n), n == 50), heard));
    }
  }
  const auto likeness = [&](std::size_t n) {
    const auto frame = [n](const std::vector<float>& of) {
      return std::span(of).subspan(n * kFrameSamples, kFrameSamples);
    };
    return segmental_snr(frame(heard), frame(expected), 0);
  };
  EXPECT_EQ(likeness(49), 60);
  EXPECT_GT(likeness(50), 12);  // Two frames overlap that were encoded each by itself.
  for (std::size_t n = 51; n < 60; ++n) EXPECT_GT(likeness(n), 30) << n;
}

TEST(MixEncoder, KeepsToItsRate) {
  const std::vector<float> sound = speech(4, 200 * kFrameSamples);
  MixEncoder encoder({.bits_per_second = 64'000});
  std::size_t bytes = 0;
  for (std::size_t n = 0; n < 200; ++n) bytes += encoder.encode(frame_of(sound, n)).size();
  EXPECT_NEAR(static_cast<double>(bytes) * 8 / 4, 64'000, 12'000);
}

}  // namespace
}  // namespace parley::mcu

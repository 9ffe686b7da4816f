#include "mcu/audio/voice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "mcu/audio/test_sound.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// What a decoder makes of all that the speaker says, with nothing in between.
std::vector<float> decoded(const std::vector<float>& sound, int bits_per_second = 32'000) {
  TestSpeaker speaker(sound, bits_per_second);
  VoiceDecoder decoder;
  std::vector<float> heard;
  while (speaker.has_more()) (void)decoder.decode(speaker.next().payload.bytes(), heard);
  return heard;
}

// A network that brings each packet when a test says, and a mixer that takes a frame each 20 ms.
struct Listener {
  Voice voice{Voice::Config{}};
  std::multimap<Time, Voice::Packet> on_its_way = {};
  std::vector<float> heard = {};  // Silence as zeros.
  std::vector<bool> was_heard = {};
  Time now = kStart;

  // So many, one each 20 ms, over a network that takes 5 ms.
  void send(TestSpeaker& speaker, int packets) {
    for (int n = 0; n < packets; ++n) send(kStart + 5ms + n * 20ms, speaker.next());
  }
  void send(Time arrives, Voice::Packet packet) { on_its_way.emplace(arrives, std::move(packet)); }

  void listen(std::size_t frames) {
    for (std::size_t n = 0; n < frames; ++n) {
      now += kFrameDuration;
      while (!on_its_way.empty() && on_its_way.begin()->first <= now) {
        auto next = on_its_way.extract(on_its_way.begin());
        voice.insert(next.key(), std::move(next.mapped()));
      }
      AudioFrame frame = {};
      was_heard.push_back(voice.play(now, frame));
      heard.insert(heard.end(), frame.begin(), frame.end());
    }
  }
};

TEST(Voice, IsHeardAsItWasDecoded) {
  const std::vector<float> sound = speech(1, 200 * kFrameSamples);
  TestSpeaker speaker(sound);
  Listener listener;
  listener.send(speaker, 200);
  listener.listen(201);
  const std::vector<float> expected = decoded(sound);
  const std::size_t delay = delay_of(listener.heard, expected, 3 * kFrameSamples);
  EXPECT_GT(segmental_snr(listener.heard, expected, delay), 50);
  EXPECT_EQ(listener.voice.counters().concealed, 0u);
}

// Whenever in a frame of ours their packets come, but for where what waits would be stretched.
TEST(Voice, TellsWhenItIsHeard) {
  const std::vector<float> sound = speech(9, 100 * kFrameSamples);
  const std::vector<float> expected = decoded(sound);
  for (const auto after : {0ms, 4ms, 9ms, 19ms}) {
    SCOPED_TRACE(after.count());
    TestSpeaker speaker(sound);
    Listener listener;
    const Time first = kStart + 5ms + after;
    std::uint64_t timestamp = 0;
    for (int n = 0; n < 100; ++n) {
      Voice::Packet packet = speaker.next();
      if (n == 0) timestamp = packet.timestamp;
      listener.send(first + n * 20ms, std::move(packet));
    }
    listener.listen(90);
    const std::size_t delay = delay_of(listener.heard, expected, 3 * kFrameSamples);
    const Time heard = kStart + 20ms + Duration(static_cast<std::int64_t>(delay) * 1'000 / 48);
    EXPECT_LE(heard - first, 40ms);
    EXPECT_LT(std::chrono::abs(*listener.voice.due(timestamp) - heard), 1ms);
  }
}

TEST(Voice, IsNotDecodedWhileItIsSilent) {
  std::vector<float> sound = speech(2, 300 * kFrameSamples);
  std::fill(sound.begin() + 100 * kFrameSamples, sound.begin() + 200 * kFrameSamples, 0.0F);
  TestSpeaker speaker(sound);
  Listener listener;
  listener.send(speaker, 300);
  listener.listen(302);
  const Voice::Counters counters = listener.voice.counters();
  EXPECT_NEAR(static_cast<double>(counters.skipped), 70, 10);  // Two seconds, less 600 ms.
  EXPECT_FALSE(listener.was_heard[190]);
  EXPECT_TRUE(listener.was_heard[205]);
  // It fades out, and in: nothing jumps.
  for (std::size_t i = 1; i < listener.heard.size(); ++i) {
    ASSERT_LT(std::abs(listener.heard[i] - listener.heard[i - 1]), 0.2F) << i;
  }
}

TEST(Voice, OfWhomNoLevelIsToldIsHeard) {
  TestSpeaker speaker(speech(3, 20 * kFrameSamples));
  Listener listener;
  for (int n = 0; n < 20; ++n) {
    Voice::Packet packet = speaker.next();
    packet.level.reset();
    listener.send(kStart + 5ms + n * 20ms, std::move(packet));
  }
  listener.listen(20);
  EXPECT_TRUE(listener.was_heard[10]);
}

TEST(Voice, MakesUpForALostPacketByTheOneAfterIt) {
  const std::vector<float> sound = speech(4, 300 * kFrameSamples);
  TestSpeaker speaker(sound);
  Listener listener;
  for (int n = 0; n < 300; ++n) {
    Voice::Packet packet = speaker.next();
    // Once in a while one comes late, so that the buffer waits and knows the next one in time.
    if (n % 10 != 7)
      listener.send(kStart + 5ms + n * 20ms + (n % 20 == 3 ? 45ms : 0ms), std::move(packet));
  }
  listener.listen(150);
  const Voice::Counters before = listener.voice.counters();
  listener.listen(150);
  const Voice::Counters after = listener.voice.counters();
  EXPECT_GE(after.recovered - before.recovered, 13u);  // Of 15.
  EXPECT_LE(after.concealed - before.concealed, 3u);
  EXPECT_TRUE(std::ranges::all_of(listener.was_heard.begin() + 10, listener.was_heard.end(),
                                  std::identity{}));
}

// The packets after those that are lost come so late that a guess was heard already: nobody hears
// it a second time, so the voice does not come ever later.
TEST(Voice, MakesUpForEachLossOnce) {
  const std::vector<float> sound = speech(8, 400 * kFrameSamples);
  TestSpeaker speaker(sound);
  Listener listener;
  for (int n = 0; n < 400; ++n) {
    Voice::Packet packet = speaker.next();
    const auto late = n % 5 == 3 ? 45ms : 0ms;
    if (n % 5 != 2) listener.send(kStart + 5ms + n * 20ms + late, std::move(packet));
  }
  listener.listen(400);
  EXPECT_GT(listener.voice.counters().concealed, 60u);  // Of 80.
  const std::size_t from = 340 * kFrameSamples;
  const std::size_t delay = delay_of(std::span(listener.heard).subspan(from),
                                     std::span(sound).subspan(from), 20 * kFrameSamples);
  EXPECT_LT(delay, 6 * kFrameSamples);
}

TEST(Voice, IsMadeUpForAWhileWhereNothingComes) {
  TestSpeaker speaker(tone(300, 50 * kFrameSamples, 0.5));
  Listener listener;
  listener.send(speaker, 50);
  listener.listen(70);
  EXPECT_EQ(listener.voice.counters().concealed, 5u);
  const auto silence =
      std::ranges::find(listener.was_heard.begin() + 10, listener.was_heard.end(), false);
  ASSERT_LT(silence, listener.was_heard.end() - 5);
  const auto last = static_cast<std::size_t>(silence - listener.was_heard.begin()) * kFrameSamples;
  EXPECT_LT(std::abs(listener.heard[last - 1]), 0.001F);  // It is faded out.
  EXPECT_EQ(listener.heard.back(), 0.0F);
}

// Bursts and gaps, as of a radio link: after a while it waits long enough for all.
TEST(Voice, WaitsAsLongAsTheNetworkMakesNecessary) {
  std::mt19937 random(6);
  TestSpeaker speaker(speech(6, 900 * kFrameSamples));
  Listener listener;
  for (int n = 0; n < 900; ++n) {
    const auto late = std::chrono::milliseconds(random() % 80);
    listener.send(kStart + n * 20ms + late, speaker.next());
  }
  listener.listen(450);
  const auto before = listener.voice.counters();
  listener.listen(400);
  const auto after = listener.voice.counters();
  EXPECT_LT(after.concealed - before.concealed, 12u);  // 3%.
}

TEST(Voice, FollowsAClockThatDrifts) {
  for (const int ppm : {600, -600}) {
    SCOPED_TRACE(ppm);
    TestSpeaker speaker(tone(500, 1'500 * kFrameSamples));
    Listener listener;
    for (int n = 0; n < 1'500; ++n) {
      const auto late = Duration(static_cast<std::int64_t>(n) * 20'000 * -ppm / 1'000'000);
      listener.send(kStart + 5ms + n * 20ms + late, speaker.next());
    }
    listener.listen(1'490);
    EXPECT_EQ(listener.voice.counters().concealed, 0u);
    EXPECT_EQ(listener.voice.counters().jitter.late, 0u);
    EXPECT_TRUE(listener.was_heard.back());
  }
}

TEST(Voice, CountsWhatIsNoOpusAndGoesOn) {
  TestSpeaker speaker(speech(7, 40 * kFrameSamples));
  Listener listener;
  for (int n = 0; n < 40; ++n) {
    Voice::Packet packet = speaker.next();
    if (n % 10 == 5) packet.payload = SharedBytes(Bytes());
    listener.send(kStart + 5ms + n * 20ms, std::move(packet));
  }
  listener.listen(40);
  EXPECT_EQ(listener.voice.counters().refused, 4u);
  EXPECT_TRUE(listener.was_heard.back());
}

}  // namespace
}  // namespace parley::mcu

#include "mcu/audio/audio_mixer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "mcu/audio/test_sound.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr PersonId kAda{1}, kBob{2}, kEve{3}, kZoe{9};

// People who speak into a mixer and hear what it sends them: their own mix, or the one for
// everyone.
struct Meeting {
  explicit Meeting(const AudioMixer::Config& config = {}) : mixer(config) {}

  void speak(PersonId who, std::vector<float> sound) {
    mixer.add(now, {who});
    mixer.set_listening(who, true);
    speakers.emplace(who, TestSpeaker(std::move(sound)));
  }
  void listen(PersonId who) { ears[who]; }

  void run(std::size_t frames) {
    for (std::size_t n = 0; n < frames; ++n) {
      for (auto& [who, speaker] : speakers) {
        if (speaker.has_more()) mixer.handle_input(now, {.from = {who}, .packet = speaker.next()});
      }
      now += kFrameDuration;
      mixer.handle_timeout(now);
      hear();
    }
  }

  void hear() {
    std::map<std::optional<PersonId>, SharedBytes> mixes;
    drain(mixer, [&](AudioMixer::Output output) {
      if (const auto* const ended = std::get_if<AudioMixer::OwnMixEnded>(&output)) {
        own_mixes_ended.push_back(ended->of);
        return;
      }
      auto& mixed = std::get<AudioMixer::Mixed>(output);
      timestamps.push_back(mixed.timestamp);
      mixes[mixed.without] = std::move(mixed.packet);
    });
    most_mixes = std::max(most_mixes, mixes.size());
    for (auto& [who, ear] : ears) {
      const auto own = mixes.find(who);
      const SharedBytes& packet = own == mixes.end() ? mixes[std::nullopt] : own->second;
      if (packet.empty()) continue;
      EXPECT_TRUE(ear.decoder.decode(packet.bytes(), ear.heard));
    }
  }

  // The last second of what that person heard.
  std::span<const float> last_second(PersonId who) const {
    return std::span(ears.at(who).heard).last(kSampleRate);
  }

  struct Ear {
    VoiceDecoder decoder = {};
    std::vector<float> heard = {};
  };

  AudioMixer mixer;
  std::map<PersonId, TestSpeaker> speakers = {};
  std::map<PersonId, Ear> ears = {};
  std::vector<std::uint64_t> timestamps = {};
  std::vector<PersonId> own_mixes_ended = {};
  std::size_t most_mixes = 0;
  Time now = kStart;
};

TEST(AudioMixer, LetsEachHearAllButThemselves) {
  Meeting meeting;
  const std::map<PersonId, double> tones = {{kAda, 440}, {kBob, 1'000}, {kEve, 2'300}};
  for (const auto& [who, hertz] : tones) {
    meeting.speak(who, tone(hertz, 150 * kFrameSamples, 0.2));
    meeting.listen(who);
  }
  meeting.listen(kZoe);
  meeting.run(150);
  for (const auto& [listener, own] : tones) {
    for (const auto& [speaker, hertz] : tones) {
      SCOPED_TRACE(testing::Message() << listener.value << " hears " << speaker.value);
      const double heard = amplitude_of(hertz, meeting.last_second(listener));
      if (listener == speaker) {
        EXPECT_LT(heard, 0.002);
      } else {
        EXPECT_NEAR(heard, 0.2, 0.04);
      }
      EXPECT_NEAR(amplitude_of(hertz, meeting.last_second(kZoe)), 0.2, 0.04);
    }
  }
  EXPECT_EQ(meeting.most_mixes, 4u);
}

TEST(AudioMixer, EncodesOnceForAllWhoAreSilent) {
  Meeting meeting;
  for (std::uint64_t n = 1; n <= 50; ++n) {
    meeting.speak(PersonId{n},
                  n == 7 ? speech(1, 40 * kFrameSamples) : std::vector<float>(40 * kFrameSamples));
  }
  meeting.run(40);
  EXPECT_EQ(meeting.most_mixes, 2u);
  EXPECT_EQ(meeting.mixer.speaking(), 1u);
  EXPECT_TRUE(meeting.mixer.has_own_mix(PersonId{7}));
  EXPECT_EQ(meeting.mixer.voice_counters({{8}})->decoded, 0u);
}

TEST(AudioMixer, MakesNoMixForWhoHearsNothingOfIt) {
  Meeting meeting;
  meeting.speak(kAda, tone(440, 100 * kFrameSamples, 0.2));
  meeting.speak(kBob, tone(1'000, 100 * kFrameSamples, 0.2));
  meeting.mixer.set_listening(kAda, false);
  meeting.run(50);
  EXPECT_EQ(meeting.most_mixes, 2u);
  EXPECT_FALSE(meeting.mixer.has_own_mix(kAda));
  EXPECT_TRUE(meeting.mixer.has_own_mix(kBob));
  meeting.mixer.set_listening(kBob, false);
  meeting.run(1);
  EXPECT_EQ(meeting.own_mixes_ended, std::vector{kBob});
}

TEST(AudioMixer, LeavesOutAllVoicesOfTheirOwn) {
  Meeting meeting;
  meeting.speak(kAda, tone(440, 100 * kFrameSamples, 0.2));
  meeting.listen(kAda);
  meeting.speak(kBob, tone(1'000, 100 * kFrameSamples, 0.2));
  meeting.mixer.add(meeting.now, {.of = kAda, .number = 1});  // What she shows sounds, too.
  TestSpeaker film(tone(2'300, 100 * kFrameSamples, 0.2));
  for (int n = 0; n < 100; ++n) {
    meeting.mixer.handle_input(meeting.now,
                               {.from = {.of = kAda, .number = 1}, .packet = film.next()});
    meeting.run(1);
  }
  const auto heard = meeting.last_second(kAda);
  EXPECT_LT(amplitude_of(440, heard), 0.002);
  EXPECT_LT(amplitude_of(2'300, heard), 0.002);
  EXPECT_NEAR(amplitude_of(1'000, heard), 0.2, 0.04);
}

TEST(AudioMixer, SendsAFrameEach20MillisecondsEvenIfNobodySpeaks) {
  Meeting meeting;
  EXPECT_EQ(meeting.mixer.next_deadline(), kNever);
  meeting.mixer.add(meeting.now, {kAda});
  meeting.run(100);
  ASSERT_EQ(meeting.timestamps.size(), 100u);
  for (std::size_t n = 0; n < 100; ++n) EXPECT_EQ(meeting.timestamps[n], n * kFrameSamples);
  EXPECT_EQ(meeting.mixer.next_deadline(), meeting.now + kFrameDuration);
}

TEST(AudioMixer, MakesUpForAnOwnerWhoCameALittleLateAndSkipsWhatIsTooLate) {
  AudioMixer mixer;
  mixer.add(kStart, {kAda});
  mixer.handle_timeout(kStart + 65ms);
  EXPECT_EQ(mixer.counters().frames, 3u);
  mixer.handle_timeout(kStart + 65ms + 1s);
  EXPECT_EQ(mixer.counters().frames, 3u + 6u);
  EXPECT_EQ(mixer.counters().left_out, 44u);
  std::uint64_t last = 0;
  while (const auto output = mixer.poll_output()) {
    last = std::get<AudioMixer::Mixed>(*output).timestamp;
  }
  EXPECT_EQ(last, 52 * kFrameSamples);  // As if none had been left out.
  EXPECT_GT(mixer.next_deadline(), kStart + 65ms + 1s);
}

// One voice: what encoding it a second time costs.
TEST(AudioMixer, KeepsAVoiceAlmostAsGoodAsItCame) {
  for (const std::uint32_t seed : {1u, 2u}) {
    SCOPED_TRACE(seed);
    const std::vector<float> sound = speech(seed, 250 * kFrameSamples);
    Meeting meeting;
    meeting.speak(kAda, sound);
    meeting.listen(kBob);
    meeting.run(250);
    TestSpeaker alone(sound);
    VoiceDecoder decoder;
    std::vector<float> once;
    while (alone.has_more()) (void)decoder.decode(alone.next().payload.bytes(), once);

    const std::vector<float>& twice = meeting.ears.at(kBob).heard;
    const double once_snr = segmental_snr(once, sound, delay_of(once, sound, 2'000));
    const double twice_snr = segmental_snr(twice, sound, delay_of(twice, sound, 4'000));
    EXPECT_GT(once_snr, 4);
    EXPECT_GT(twice_snr, once_snr - 1) << "dB, where once are " << once_snr;
  }
}

TEST(AudioMixer, KeepsManyLoudVoicesWithinWhatASampleHolds) {
  Meeting meeting;
  for (std::uint64_t n = 1; n <= 5; ++n) {
    meeting.speak(PersonId{n}, tone(300.0 * static_cast<double>(n), 80 * kFrameSamples, 0.8));
  }
  meeting.listen(kZoe);
  meeting.run(80);
  const auto heard = meeting.last_second(kZoe);
  EXPECT_LT(*std::ranges::max_element(heard), 1.0F);
  for (int n = 1; n <= 5; ++n) EXPECT_GT(amplitude_of(300.0 * n, heard), 0.1);
}

// Bob listens while Eve hums. He says something, for which he gets a mix of his own, and goes back.
TEST(AudioMixer, TakesAListenerToTheirOwnMixAndBackWithoutAClick) {
  Meeting meeting({.own_mix_lingers = 500ms});
  meeting.speak(kEve, tone(440, 400 * kFrameSamples, 0.3));
  std::vector<float> word(400 * kFrameSamples);
  const std::vector<float> said = tone(700, 50 * kFrameSamples, 0.2);
  std::ranges::copy(said, word.begin() + 100 * kFrameSamples);
  meeting.speak(kBob, word);
  meeting.listen(kBob);
  meeting.listen(kZoe);  // Who never says anything.
  std::size_t back = 0;  // The first frame that both hear again.
  for (std::size_t n = 0; n < 400; ++n) {
    meeting.run(1);
    if (meeting.mixer.has_own_mix(kBob)) back = n + 1;
  }
  ASSERT_GT(back, 150u);
  ASSERT_LT(back, 350u);
  EXPECT_EQ(meeting.own_mixes_ended, std::vector{kBob});
  EXPECT_EQ(meeting.most_mixes, 3u);
  const std::vector<float>& heard = meeting.ears.at(kBob).heard;
  // He hears Eve's tone alone, always as loud, and nowhere does it break.
  float steepest = 0;
  for (std::size_t i = 50 * kFrameSamples + 2; i < heard.size(); ++i) {
    steepest = std::max(steepest, std::abs(heard[i] - 2 * heard[i - 1] + heard[i - 2]));
  }
  EXPECT_LT(steepest, 0.3F * 0.00332F * 6);  // The tone's own second difference, and coding noise.
  for (std::size_t n = 50; n + 5 < 400; n += 5) {
    const auto part = std::span(heard).subspan(n * kFrameSamples, 5 * kFrameSamples);
    ASSERT_NEAR(amplitude_of(440, part), 0.3, 0.05) << n;
  }
  const auto likeness = [&](std::size_t n) {
    const std::size_t at = n * kFrameSamples;
    return segmental_snr(std::span(heard).subspan(at, kFrameSamples),
                         std::span(meeting.ears.at(kZoe).heard).subspan(at, kFrameSamples), 0);
  };
  EXPECT_GT(likeness(back), 10) << "two overlap that were encoded each by itself";
  for (std::size_t n = back + 1; n < back + 5; ++n) EXPECT_GT(likeness(n), 30) << n;
  EXPECT_LT(amplitude_of(700, std::span(heard).subspan(110 * kFrameSamples, 30 * kFrameSamples)),
            0.01);
}

TEST(AudioMixer, MixesNoMoreThanCanBeUnderstood) {
  Meeting meeting({.max_speaking = 2});
  for (std::uint64_t n = 1; n <= 3; ++n) {
    meeting.speak(PersonId{n}, tone(500.0 * static_cast<double>(n), 100 * kFrameSamples, 0.2));
  }
  meeting.listen(kZoe);
  meeting.run(60);
  EXPECT_EQ(meeting.mixer.speaking(), 2u);
  EXPECT_GT(meeting.mixer.counters().not_mixed, 50u);
  meeting.mixer.remove({{1}});  // A place becomes free.
  meeting.speakers.erase(PersonId{1});
  meeting.run(10);
  EXPECT_EQ(meeting.mixer.speaking(), 2u);
  EXPECT_TRUE(meeting.mixer.has_own_mix(PersonId{3}));
}

// One leaves in the middle of a word; the place is taken by one who has been speaking all the time.
TEST(AudioMixer, LetsVoicesComeAndGoWithoutAClick) {
  Meeting meeting({.max_speaking = 1});
  for (const PersonId who : {kAda, kBob}) {
    meeting.speak(who, tone(440, 100 * kFrameSamples, 0.3));
  }
  meeting.listen(kZoe);
  meeting.run(50);
  meeting.mixer.remove({kAda});
  EXPECT_FALSE(meeting.mixer.voice_counters({kAda}));
  meeting.run(50);
  EXPECT_EQ(meeting.mixer.speaking(), 1u);
  const std::vector<float>& heard = meeting.ears.at(kZoe).heard;
  for (std::size_t i = 20 * kFrameSamples; i < heard.size(); ++i) {
    ASSERT_LT(std::abs(heard[i] - heard[i - 1]), 0.3F * 0.0576F * 1.5F) << i;
  }
}

TEST(AudioMixer, DropsWhatIsOfNobody) {
  AudioMixer mixer;
  mixer.handle_input(kStart, {.from = {kAda}, .packet = {}});
  EXPECT_EQ(mixer.counters().unknown, 1u);
  mixer.add(kStart, {kAda});
  mixer.remove({kAda});
  mixer.handle_input(kStart, {.from = {kAda}, .packet = {}});
  EXPECT_EQ(mixer.counters().unknown, 2u);
  EXPECT_FALSE(mixer.voice_counters({kAda}));
}

// Eight people over links that lose, delay and repeat, with clocks that drift, who come, talk and
// leave: each 20 ms there is a frame, and each mix is one that a decoder takes.
class BusyMeeting : public testing::TestWithParam<std::uint32_t> {};

TEST_P(BusyMeeting, GoesOnAtItsPace) {
  std::mt19937 random(GetParam());
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  struct Person {
    TestSpeaker speaker;
    Time next = {};
    double pace = 1;  // Of their clock.
  };
  const auto words = [&] {
    std::vector<float> sound = speech(below(1'000), (50 + below(200)) * kFrameSamples);
    sound.resize(sound.size() + below(150) * kFrameSamples);
    return sound;
  };
  AudioMixer mixer;
  std::map<PersonId, Person> people;
  std::multimap<Time, AudioMixer::Input> on_their_way;
  std::map<std::optional<PersonId>, VoiceDecoder> ears;
  std::vector<float> heard;
  std::uint64_t frames = 0;
  Time now = kStart;
  const auto come = [&](PersonId who) {
    mixer.add(now, {who});
    mixer.set_listening(who, true);
    const double pace = 1 + (static_cast<double>(below(401)) - 200) * 1e-6;
    people.insert_or_assign(who,
                            Person{.speaker = TestSpeaker(words()), .next = now, .pace = pace});
  };
  for (std::uint64_t n = 1; n <= 8; ++n) come(PersonId{n});
  for (const Time end = now + 8s; now < end; now += 5ms) {
    for (auto& [who, person] : people) {
      for (; person.next <= now && person.speaker.has_more();
           person.next += Duration(static_cast<std::int64_t>(20'000 / person.pace))) {
        const AudioMixer::Input input{.from = {who}, .packet = person.speaker.next()};
        for (std::uint32_t copies = below(20) == 0   ? 0
                                    : below(50) == 0 ? 2
                                                     : 1;
             copies > 0; --copies) {
          on_their_way.emplace(now + std::chrono::milliseconds(20 + below(60)), input);
        }
      }
    }
    while (!on_their_way.empty() && on_their_way.begin()->first <= now) {
      auto next = on_their_way.extract(on_their_way.begin());
      mixer.handle_input(next.key(), std::move(next.mapped()));
    }
    if (below(100) == 0) {
      const PersonId who{1 + below(8)};
      mixer.remove({who});
      people.erase(who);
      if (below(2) == 0) come(who);
    }
    if (mixer.next_deadline() <= now) mixer.handle_timeout(now);
    const auto hear = [&](const AudioMixer::Mixed& mixed) {
      heard.clear();
      ASSERT_TRUE(ears[mixed.without].decode(mixed.packet.bytes(), heard));
      ASSERT_EQ(heard.size(), kFrameSamples);
      ASSERT_LT(*std::ranges::max_element(heard), 1.3F);
      if (mixed.without) return;
      ASSERT_EQ(mixed.timestamp, frames * kFrameSamples);
      ++frames;
    };
    drain(mixer, [&](AudioMixer::Output output) {
      std::visit(overloaded{hear, [&](AudioMixer::OwnMixEnded ended) { ears.erase(ended.of); }},
                 std::move(output));
    });
  }
  EXPECT_NEAR(static_cast<double>(frames), 400, 2);
  EXPECT_GT(mixer.counters().encoded, frames);
  EXPECT_EQ(mixer.counters().left_out, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BusyMeeting, testing::Range(1u, 4u));

}  // namespace
}  // namespace parley::mcu

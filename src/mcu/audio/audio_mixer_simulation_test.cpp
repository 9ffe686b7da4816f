#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/test_sanitized.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/test_sound.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// Opus takes most of the time of an hour. Where each access to memory is checked as well, what is
// ours has gone through all its states after minutes.
constexpr Duration kSpan = kIsSanitized ? Duration(6min) : Duration(1h);

// What one says, recorded once: it is said again and again.
using Tape = std::vector<Voice::Packet>;

Tape record(std::vector<float> sound) {
  TestSpeaker speaker(std::move(sound), 24'000);
  Tape tape;
  while (speaker.has_more()) tape.push_back(speaker.next());
  return tape;
}

// Somebody behind a link that loses, delays and repeats, with a clock that drifts. Now and then
// they talk; in between comes silence.
struct Person {
  const Tape* says = nullptr;
  Duration interval = {};  // Of 20 ms by their clock, in nanoseconds by ours.
  Time next = {};
  Duration rest = {};  // Of what does not fit into `next`, in nanoseconds.
  std::uint64_t sent = 0;
  std::uint64_t talks_until = 0;  // Of `sent`.

  std::uint64_t timestamp() const { return (std::uint64_t{1} << 32) + sent * kFrameSamples; }
};

class Simulation {
 public:
  explicit Simulation(std::uint32_t seed) : random_(seed), mixer_(config()) {
    for (std::uint32_t voice = 0; voice < 4; ++voice) {
      tapes_.push_back(record(speech(voice, 100 * kFrameSamples)));
    }
    silence_ = record(std::vector<float>(2 * kFrameSamples)).back();
  }

  // What costs least of Opus.
  static AudioMixer::Config config() {
    return {.encoder = {.bits_per_second = 64'000, .complexity = 0}, .max_speaking = 3};
  }

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  // `pace` of their clock, in millionths more than ours has.
  void come(std::uint64_t who, std::int64_t pace, bool listens) {
    mixer_.add(now_, {{who}});
    mixer_.set_listening({who}, listens);
    people_[{who}] = {.says = &tapes_[who % tapes_.size()],
                      .interval = Duration(20'000'000 - 20 * pace),
                      .next = now_};
  }
  void come_by_chance(std::uint64_t who) {
    come(who, static_cast<std::int64_t>(below(401)) - 200, false);
  }
  void leave(std::uint64_t who) {
    count(who);
    mixer_.remove({{who}});
    people_.erase({who});
  }

  void step(Duration time) {
    now_ += time;
    for (auto& [who, person] : people_) {
      while (person.next <= now_) send(who, person);
    }
    while (!on_their_way_.empty() && on_their_way_.begin()->first <= now_) {
      auto arrived = on_their_way_.extract(on_their_way_.begin());
      mixer_.handle_input(arrived.key(), std::move(arrived.mapped()));
    }
    while (mixer_.next_deadline() <= now_) {
      ASSERT_EQ(mixer_.next_deadline(), kStart + (frames_ + 1) * kFrameDuration);
      mixer_.handle_timeout(mixer_.next_deadline());
      take();
    }
  }

  // How much later than it is sent a person is heard.
  Duration delay_of(std::uint64_t who) const {
    const Person& person = people_.at({who});
    return mixer_.due({{who}}, person.timestamp()).value() - person.next;
  }
  // What was made of all the packets of all, those who have left included.
  Voice::Counters counters() {
    for (const auto& [who, person] : std::exchange(people_, {})) count(who.value);
    return sum_;
  }

  Time now() const { return now_; }
  const AudioMixer& mixer() const { return mixer_; }
  std::uint64_t frames() const { return frames_; }
  std::size_t own_mixes() const { return own_mixes_; }

 private:
  void send(PersonId who, Person& person) {
    if (person.sent >= person.talks_until && below(600) == 0) {
      person.talks_until = person.sent + 20 + below(400);
    }
    Voice::Packet packet = person.sent < person.talks_until
                               ? (*person.says)[person.sent % person.says->size()]
                               : silence_;
    packet.seq = {65'536 + person.sent};
    packet.timestamp = person.timestamp();
    const std::uint32_t copies = below(100) < 3 ? 0 : below(100) == 0 ? 2 : 1;
    for (std::uint32_t n = 0; n < copies; ++n) {
      on_their_way_.emplace(person.next + std::chrono::milliseconds(20 + below(60)),
                            AudioMixer::Input{.from = {who}, .packet = packet});
    }
    ++person.sent;
    person.rest += person.interval;
    person.next += person.rest / 1'000;
    person.rest %= 1'000;
  }

  // One for everyone each 20 ms, and each other from its first to its end.
  void take() {
    bool is_there = false;
    drain(mixer_, [&](AudioMixer::Output output) {
      std::visit(overloaded{[&](const AudioMixer::Mixed& mixed) {
                              EXPECT_EQ(mixed.timestamp, frames_ * kFrameSamples);
                              EXPECT_FALSE(mixed.packet.empty());
                              if (!mixed.without) {
                                is_there = true;
                              } else if (own_.try_emplace(*mixed.without, frames_).second) {
                                ++own_mixes_;
                              } else {
                                EXPECT_EQ(own_[*mixed.without] + 1, frames_);
                              }
                              if (mixed.without) own_[*mixed.without] = frames_;
                            },
                            [&](const AudioMixer::OwnMixEnded& ended) { own_.erase(ended.of); }},
                 output);
    });
    EXPECT_TRUE(is_there);
    for (const auto& [who, last] : own_) EXPECT_EQ(last, frames_);
    ++frames_;
  }

  void count(std::uint64_t who) {
    const Voice::Counters counters = mixer_.voice_counters({{who}}).value();
    sum_.decoded += counters.decoded;
    sum_.skipped += counters.skipped;
    sum_.refused += counters.refused;
    sum_.recovered += counters.recovered;
    sum_.concealed += counters.concealed;
  }

  std::mt19937 random_;
  AudioMixer mixer_;
  std::vector<Tape> tapes_ = {};
  Voice::Packet silence_ = {};
  Time now_ = kStart;
  std::map<PersonId, Person> people_ = {};
  std::multimap<Time, AudioMixer::Input> on_their_way_ = {};
  std::map<PersonId, std::uint64_t> own_ = {};  // By who hears it: its last frame.
  std::size_t own_mixes_ = 0;
  std::uint64_t frames_ = 0;
  Voice::Counters sum_ = {};
};

// Two stay for all of it, whose clocks go the furthest apart; others come and leave.
TEST(AudioMixerSimulation, KeepsItsPaceForAnHourAndItsMemoryFlat) {
  Simulation simulation(1);
  simulation.come(1, 200, true);
  simulation.come(2, -200, true);
  std::uint64_t oldest = 3;
  std::uint64_t next_person = 3;
  for (; next_person <= 4; ++next_person) simulation.come_by_chance(next_person);
  std::size_t most_at_first = 0;
  std::size_t most_at_last = 0;
  for (Time next_look = kStart + 10s; simulation.now() < kStart + kSpan;) {
    simulation.step(5ms);
    if (simulation.below(6'000) == 0) {
      simulation.leave(oldest++);
      simulation.come_by_chance(next_person++);
    }
    if (simulation.now() < next_look) continue;
    next_look += 1s;
    for (const std::uint64_t who : {1u, 2u}) {
      ASSERT_GT(simulation.delay_of(who), 60ms);
      ASSERT_LT(simulation.delay_of(who), 180ms);
    }
    std::size_t& most = simulation.now() < kStart + kSpan / 3 ? most_at_first : most_at_last;
    most = std::max(most, mallinfo2().uordblks);
  }
  EXPECT_EQ(simulation.frames(), static_cast<std::uint64_t>(kSpan / kFrameDuration));
  EXPECT_EQ(simulation.mixer().counters().left_out, 0u);
  EXPECT_GT(simulation.own_mixes(), static_cast<std::size_t>(kSpan / 30s));
  EXPECT_LT(most_at_last, most_at_first + (std::size_t{1} << 17));

  // Of a hundred packets three are lost, and nearly each of these is told by the next.
  const Voice::Counters counters = simulation.counters();
  const auto decoded = static_cast<double>(counters.decoded);
  EXPECT_GT(decoded, static_cast<double>(simulation.frames()) / 2);
  EXPECT_GT(static_cast<double>(counters.recovered), 0.02 * decoded);
  EXPECT_LT(static_cast<double>(counters.recovered), 0.04 * decoded);
  EXPECT_LT(static_cast<double>(counters.concealed), 0.004 * decoded);
  EXPECT_EQ(counters.refused, 0u);
}

}  // namespace
}  // namespace parley::mcu

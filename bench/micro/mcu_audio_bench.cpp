// A meeting's sound, mixed: a hundred people, of whom some speak. The counter is the share of a
// core that it takes while it happens.
#include <benchmark/benchmark.h>

#include <ctime>

#include <vector>

#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kFrames = 250;  // 5 s.
constexpr std::uint64_t kPeople = 100;

std::vector<std::vector<Voice::Packet>> say(std::size_t speakers) {
  std::vector<std::vector<Voice::Packet>> said;
  for (std::size_t who = 0; who < speakers; ++who) {
    TestSpeaker speaker(speech(static_cast<std::uint32_t>(who), kFrames * kFrameSamples));
    said.emplace_back();
    while (speaker.has_more()) {
      said.back().push_back(speaker.next());
      said.back().back().level = 20;
    }
  }
  return said;
}

double cpu_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void mix(benchmark::State& state) {
  const auto speakers = static_cast<std::size_t>(state.range(0));
  const auto said = say(speakers);
  double spent = 0;
  std::size_t frames = 0;
  for (auto _ : state) {
    AudioMixer mixer;
    Time now{std::chrono::hours{1}};
    for (std::uint64_t who = 0; who < kPeople; ++who) {
      mixer.add(now, {{who}});
      mixer.set_listening({who}, true);
    }
    const double before = cpu_seconds();
    for (std::size_t n = 0; n < kFrames; ++n) {
      for (std::uint64_t who = 0; who < kPeople; ++who) {
        Voice::Packet packet = said[who % speakers][n];
        if (who >= speakers) packet.level = 127;
        mixer.handle_input(now, {.from = {{who}}, .packet = std::move(packet)});
      }
      now += kFrameDuration;
      mixer.handle_timeout(now);
      while (mixer.poll_output()) {
      }
    }
    spent += cpu_seconds() - before;
    frames += kFrames;
  }
  state.counters["of_a_core"] = spent / (static_cast<double>(frames) * 0.02);
}
BENCHMARK(mix)->Name("a hundred, of whom speak")->Arg(1)->Arg(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::mcu

BENCHMARK_MAIN();

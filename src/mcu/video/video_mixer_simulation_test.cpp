#include <gtest/gtest.h>
#include <malloc.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "codec/vp8.h"
#include "mcu/video/test_codecs.h"
#include "mcu/video/video_mixer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// A camera behind a link that loses, delays and repeats, with a clock that drifts.
struct Camera {
  Time next = {};  // By our clock.
  Duration interval = 100ms;
  double pace = 1;  // Of its clock.
  std::uint64_t seq = 65'536;
  std::uint64_t frames = 0;
  std::uint64_t first_timestamp = std::uint64_t{1} << 32;
  bool key = true;
  bool sends_keys = true;
  Size size = {16, 16};

  std::uint64_t timestamp() const {
    return first_timestamp + frames * static_cast<std::uint64_t>(interval.count()) * 9 / 100;
  }
  std::vector<std::uint8_t> frame() {
    const bool is_key = std::exchange(key, false) && sends_keys;
    return TestCodecs::frame(is_key, size, static_cast<std::uint8_t>(frames % 200 + 20));
  }
  void advance() {
    ++frames;
    ++seq;
    next += Duration(static_cast<std::int64_t>(static_cast<double>(interval.count()) / pace));
  }
};

struct OnItsWay {
  InputId from = {};
  std::uint64_t seq = 0;
  std::uint64_t timestamp = 0;
  std::vector<std::uint8_t> payload = {};
};

class Simulation {
 public:
  explicit Simulation(std::uint32_t seed) : random_(seed), mixer_(config(), codecs_, fonts_) {
    mixer_.set_needed(0, true);
  }

  static VideoMixer::Config config() {
    VideoMixer::Config config;
    config.layout = {.canvas = {64, 36}, .gap = 2};
    config.qualities = {{}};
    return config;
  }

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  void come(std::uint64_t who) {
    const InputId id{{who}, Source::kCamera};
    Camera camera{.next = now_};
    camera.pace = 1 + (static_cast<double>(below(401)) - 200) * 1e-6;
    camera.sends_keys = who % 5 != 4;
    if (who % 5 == 3) camera.size = {7'680, 4'320};
    cameras_.insert_or_assign(id, camera);
    mixer_.set_person(now_, {.id = {who}, .name = std::to_string(who), .has_camera = true});
  }
  void leave(std::uint64_t who) {
    cameras_.erase({{who}, Source::kCamera});
    mixer_.remove_person({who});
  }

  void step(Duration time) {
    now_ += time;
    for (auto& [id, camera] : cameras_) {
      for (; camera.next <= now_; camera.advance()) send(id, camera);
    }
    while (!on_their_way_.empty() && on_their_way_.begin()->first <= now_) {
      const auto arrived = on_their_way_.extract(on_their_way_.begin());
      const OnItsWay& packet = arrived.mapped();
      mixer_.handle_input(now_, {.from = packet.from,
                                 .packet = {.format = codec::Format::kVp8,
                                            .seq = {packet.seq},
                                            .timestamp = packet.timestamp,
                                            .marker = true,
                                            .payload = packet.payload}});
      take();
    }
    while (mixer_.next_deadline() <= now_) {
      mixer_.handle_timeout(now_);
      take();
    }
  }

  Time now() const { return now_; }
  VideoMixer& mixer() { return mixer_; }
  TestCodecs& codecs() { return codecs_; }
  std::map<InputId, Camera>& cameras() { return cameras_; }
  std::uint64_t frames() const { return frames_; }
  std::uint32_t loss = 30;  // Of a thousand.

 private:
  void send(InputId id, Camera& camera) {
    const auto payloads = codec::packetize_vp8(camera.frame(), 1'000, {});
    const std::uint32_t copies = below(1'000) < loss ? 0 : below(100) == 0 ? 2 : 1;
    for (std::uint32_t n = 0; n < copies; ++n) {
      on_their_way_.emplace(now_ + std::chrono::milliseconds(20 + below(60)),
                            OnItsWay{.from = id,
                                     .seq = camera.seq,
                                     .timestamp = camera.timestamp(),
                                     .payload = payloads[0].bytes});
    }
  }

  void take() {
    drain(mixer_, [&](const VideoMixer::Output& output) {
      std::visit(overloaded{[&](const VideoMixer::Encoded& encoded) {
                              EXPECT_GE(encoded.captured - last_, Duration(33'333));
                              EXPECT_LE(encoded.captured - last_,
                                        Duration(33'334) * (frames_ == 0 ? 1'000'000 : 1));
                              last_ = encoded.captured;
                              ++frames_;
                            },
                            [&](const VideoMixer::NeedsKeyFrame& needs) {
                              const auto camera = cameras_.find(needs.input);
                              if (camera != cameras_.end()) camera->second.key = true;
                            },
                            [](const VideoMixer::WantsSize&) {}},
                 output);
    });
  }

  std::mt19937 random_;
  Fonts fonts_;
  TestCodecs codecs_ = {};
  VideoMixer mixer_;
  Time now_ = kStart;
  Time last_ = kStart - 1s;
  std::map<InputId, Camera> cameras_ = {};
  std::multimap<Time, OnItsWay> on_their_way_ = {};
  std::uint64_t frames_ = 0;
};

// People come, speak, change their camera's size and leave, over links that lose and delay, with
// clocks that drift; one never sends a key frame, and one sends far too large pictures.
TEST(VideoMixerSimulation, KeepsItsPaceForAnHourAndItsMemoryFlat) {
  Simulation simulation(1);
  for (std::uint64_t who = 1; who <= 4; ++who) simulation.come(who);
  std::size_t after_ten_minutes = 0;
  std::uint64_t next_person = 5;
  std::uint64_t oldest = 1;
  while (simulation.now() < kStart + 1h) {
    simulation.step(11ms);
    if (simulation.below(1'000) == 0) {
      simulation.leave(oldest++);
      simulation.come(next_person++);
    }
    if (simulation.below(300) == 0) {
      const std::uint64_t who = oldest + simulation.below(4);
      simulation.mixer().set_person(simulation.now(), {.id = {who},
                                                       .name = "x",
                                                       .muted = simulation.below(2) == 0,
                                                       .speaks = simulation.below(2) == 0,
                                                       .has_camera = true});
    }
    if (simulation.below(2'000) == 0) {
      const auto mode = static_cast<LayoutMode>(simulation.below(3));
      simulation.mixer().set_mode(mode);
    }
    if (simulation.below(3'000) == 0) {
      for (auto& [id, camera] : simulation.cameras()) {
        if (camera.size.width > 100) continue;
        camera.size = {static_cast<int>(16 + 2 * simulation.below(8)), 16};
        camera.key = true;
      }
    }
    if (after_ten_minutes == 0 && simulation.now() > kStart + 10min) {
      after_ten_minutes = mallinfo2().uordblks;
    }
  }
  EXPECT_NEAR(static_cast<double>(simulation.frames()), 3'600 * 30, 5);
  EXPECT_EQ(simulation.mixer().counters().left_out, 0u);
  EXPECT_EQ(simulation.codecs().pictures_before_key, 0u);
  EXPECT_GT(simulation.codecs().decoded, 30'000u);
  EXPECT_LT(mallinfo2().uordblks, after_ten_minutes + (std::size_t{1} << 18));
}

// Reports tell how a camera's clock goes, and sound is heard 150 ms after it was said.
TEST(VideoMixerSimulation, KeepsInStepWithTheSoundWhileClocksDrift) {
  for (const double drift : {-200e-6, 0.0, 200e-6}) {
    Simulation simulation(2);
    simulation.loss = 0;
    simulation.come(1);
    Camera& camera = simulation.cameras().begin()->second;
    camera.interval = Duration(33'333);
    camera.pace = 1 + drift;
    const InputId id = simulation.cameras().begin()->first;
    std::map<std::uint8_t, Time> captured;  // By the colour of the frame.
    std::size_t compared = 0;
    Time next_report = kStart;
    while (simulation.now() < kStart + 5min) {
      captured[static_cast<std::uint8_t>(camera.frames % 200 + 20)] = camera.next;
      if (simulation.now() >= next_report) {
        next_report += 1s;
        simulation.mixer().set_pace(id, 0,
                                    {.timestamp = camera.timestamp(), .due = camera.next + 150ms});
      }
      const std::uint64_t before = simulation.frames();
      simulation.step(3ms);
      if (simulation.frames() == before || simulation.now() < kStart + 2s) continue;
      const std::uint8_t seen = simulation.mixer().picture().view().y[18 * 64 + 32];
      const auto frame = captured.find(seen);
      ASSERT_NE(frame, captured.end());
      const Duration late = simulation.now() - (frame->second + 150ms);
      ASSERT_LE(std::chrono::abs(late), 40ms) << late.count();
      ++compared;
    }
    EXPECT_GT(compared, 8'000u);
    EXPECT_LT(simulation.mixer().lateness(id)->count(), 0);  // They come in time.
  }
}

}  // namespace
}  // namespace parley::mcu

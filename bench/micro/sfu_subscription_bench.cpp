// What one receiver costs where a packet is forwarded: the decision, and its new numbers. Two
// hundred slots show one publication, and lie where memory has put them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "sfu/subscription.h"
#include "sfu/test_packets.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSlots = 200;
constexpr rtp::PayloadType kVp8{96};
const std::vector<sdp::Codec> kCodecs = {{.payload_type = 96, .name = "VP8", .clock_rate = 90'000}};

struct Room {
  PacketPool pool;
  Publication publication{{.encodings = {{.rid = "q"}, {.rid = "h"}}, .codecs = kCodecs}, pool};
  std::vector<std::unique_ptr<Subscription>> slots;
  Time now{1h};

  Room() {
    std::vector<std::unique_ptr<char[]>> between;
    std::mt19937 random(1);
    for (std::size_t i = 0; i < kSlots; ++i) {
      between.push_back(std::make_unique<char[]>(random() % 20'000));
      slots.push_back(std::make_unique<Subscription>(Subscription::Config{.codecs = kCodecs}));
      slots.back()->show(&publication);
    }
    std::ranges::shuffle(slots, random);
  }

  void set_target(LayerTarget target) {
    for (auto& slot : slots) slot->set_target(target);
  }
  void forward(const PacketRef& packet) {
    for (auto& slot : slots) benchmark::DoNotOptimize(slot->forward(now, packet));
  }
};

// Frames of eight packets, of three temporal layers in turn; every slot gets up to `temporal`.
void forward(benchmark::State& state, bool switched, std::uint8_t temporal) {
  Room room;
  TestPackets small(room.pool, kVp8, 0);
  TestPackets large(room.pool, kVp8, 1);
  const FrameInfo key{
      .starts_frame = true, .key_frame = true, .picture_id = 100, .tl0_picture_index = 5};
  room.set_target({.encoding = 0, .temporal = 2});
  if (switched) room.forward(small.packet(room.now, key, true));
  room.set_target({.encoding = 1, .temporal = temporal});
  room.forward(large.packet(room.now, key, true));

  static constexpr std::uint8_t kLayers[] = {2, 1, 2, 0};
  FrameInfo frame{.picture_id = 100, .tl0_picture_index = 5};
  std::size_t packets = 0;
  PacketRef packet;
  for (auto _ : state) {
    const std::size_t at = packets++ % 8;
    if (at == 0) {
      large.next_picture();
      room.now += 33'333us;
      frame.temporal = kLayers[packets / 8 % 4];
      frame.picture_id = static_cast<std::uint16_t>((*frame.picture_id + 1) & 0x7FFF);
      if (frame.temporal == 0) ++*frame.tl0_picture_index;
    }
    frame.starts_frame = at == 0;
    frame.ends_frame = at == 7;
    packet = large.packet(room.now, frame, at == 7);
    room.forward(packet);
  }
  state.counters["each"] =
      benchmark::Counter(static_cast<double>(packets * kSlots),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(forward, unchanged, false, std::uint8_t{2});
BENCHMARK_CAPTURE(forward, switched, true, std::uint8_t{2});
BENCHMARK_CAPTURE(forward, of_which_three_in_four_are_not_wanted, true, std::uint8_t{0});

}  // namespace
}  // namespace parley::sfu

BENCHMARK_MAIN();

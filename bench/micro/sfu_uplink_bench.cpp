// What it costs to take a packet of a participant of the SFU: parsed, numbered, kept once, its
// frame read, its arrival noted. Feedback is written as often as it is due, and is all that
// allocates.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "sfu/test_publisher.h"
#include "sfu/uplink.h"

namespace {

std::int64_t allocations = 0;

}  // namespace

// Not inlined: GCC would take malloc() and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}

namespace parley::sfu {
namespace {

std::vector<Uplink::Section> sections() {
  Uplink::Section microphone{.source = Source::kMicrophone};
  microphone.agreement.mid = "0";
  microphone.agreement.reduced_size = true;
  microphone.agreement.receive_codecs = test_audio_codecs();
  microphone.agreement.receive_extensions = test_extensions();
  Uplink::Section camera{.source = Source::kCamera};
  camera.agreement = microphone.agreement;
  camera.agreement.mid = "1";
  camera.agreement.receive_codecs = test_video_codecs();
  camera.agreement.receive_rids = {"q", "h", "f"};
  return {microphone, camera};
}

// Patches the numbers of a packet that is sent again and again.
void put(std::vector<std::uint8_t>& packet, std::size_t at, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) {
    packet[at + static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
  }
}

constexpr std::size_t kExtensions = 12 + 4;  // Where a packet's first extension element begins.

void run(benchmark::State& state, TestStream stream, std::size_t payload, int packets_a_frame,
         std::uint32_t units_a_frame) {
  PacketPool pool;
  SeededRandom random(1);
  Uplink uplink({}, {1}, sections(), pool, random);
  stream.transport_sequence_number = 0;
  stream.sequence_number = 0;
  Time now{std::chrono::hours{1}};
  const bool video = stream.payload_type == kVp8;
  const auto first =
      video ? stream.frame({.key = true, .size = payload})[0] : stream.sound(payload);
  (void)uplink.handle_rtp(now, first);
  stream.mid = stream.rid = "";  // As browsers do once they know that it has been understood.
  auto frame = stream.frame({.packets = 2, .size = payload});
  std::vector<std::uint8_t> packet = video ? frame[0] : stream.sound(payload);
  std::uint64_t sequence = 100;
  std::uint64_t arrived = 0;
  const auto step = [&] {
    ++sequence;
    put(packet, 2, sequence, 2);
    put(packet, 4, sequence / static_cast<std::uint64_t>(packets_a_frame) * units_a_frame, 4);
    put(packet, kExtensions + 1, sequence, 2);
    arrived += uplink.handle_rtp(now, packet).has_value();
    now += std::chrono::microseconds{3'800};
    if (sequence % 8 != 0 || now < uplink.next_deadline()) return;  // A batch of packets at once.
    while (auto datagram = uplink.poll_rtcp(now)) benchmark::DoNotOptimize(datagram->data());
  };
  for (int i = 0; i < 5'000; ++i) step();
  arrived = 0;
  const std::int64_t before = allocations;
  for (auto _ : state) step();
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations - before),
                                                     benchmark::Counter::kAvgIterations);
  if (arrived != static_cast<std::uint64_t>(state.iterations()))
    state.SkipWithError("packets lost");
}

void video(benchmark::State& state) {
  run(state, {.ssrc = rtp::Ssrc{1}, .mid = "1", .rid = "f"}, 1'150, 8, 3'000);
}
BENCHMARK(video);

void sound(benchmark::State& state) {
  run(state, {.ssrc = rtp::Ssrc{2}, .payload_type = kOpus, .mid = "0"}, 80, 1, 960);
}
BENCHMARK(sound);

// A hundred cameras in turn, as a worker has them: their state does not stay in the cache.
void hundred_cameras(benchmark::State& state) {
  constexpr std::size_t kCameras = 100;
  PacketPool pool;
  SeededRandom random(1);
  std::vector<std::unique_ptr<Uplink>> uplinks;
  Time now{std::chrono::hours{1}};
  TestStream stream{.ssrc = rtp::Ssrc{1}, .sequence_number = 0, .mid = "1", .rid = "f"};
  stream.transport_sequence_number = 0;
  const auto first = stream.frame({.key = true, .size = 1'150})[0];
  for (std::size_t i = 0; i < kCameras; ++i) {
    uplinks.push_back(
        std::make_unique<Uplink>(Uplink::Config{}, ParticipantId{i + 1}, sections(), pool, random));
    (void)uplinks.back()->handle_rtp(now, first);
  }
  stream.mid = stream.rid = "";
  std::vector<std::uint8_t> packet = stream.frame({.packets = 2, .size = 1'150})[0];
  std::uint64_t sequence = 100;
  std::size_t turn = 0;
  const auto step = [&] {
    if (turn == 0) {
      ++sequence;
      put(packet, 2, sequence, 2);
      put(packet, 4, sequence / 8 * 3'000, 4);
      put(packet, kExtensions + 1, sequence, 2);
    }
    Uplink& uplink = *uplinks[turn];
    benchmark::DoNotOptimize(uplink.handle_rtp(now, packet));
    now += std::chrono::microseconds{38};
    if (now >= uplink.next_deadline()) {
      while (auto datagram = uplink.poll_rtcp(now)) benchmark::DoNotOptimize(datagram->data());
    }
    turn = (turn + 1) % kCameras;
  };
  for (int i = 0; i < 50'000; ++i) step();
  const std::int64_t before = allocations;
  for (auto _ : state) step();
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations - before),
                                                     benchmark::Counter::kAvgIterations);
}
BENCHMARK(hundred_cameras);

}  // namespace
}  // namespace parley::sfu

BENCHMARK_MAIN();

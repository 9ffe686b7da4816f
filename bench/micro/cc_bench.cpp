// What congestion control costs a packet: pacing, numbering, and its share of the feedback.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "cc/pacer.h"
#include "cc/send_controller.h"
#include "rtp/arrival_log.h"

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr DataSize kPacket = DataSize::bytes(1'200);

// In and out of the pacer, eight streams, one packet after the other.
void pace(benchmark::State& state) {
  Pacer<std::uint64_t> pacer;
  Time now{1h};
  pacer.set_rates(now, DataRate::mbps(100), DataRate());
  std::uint64_t packet = 0;
  for (auto _ : state) {
    pacer.push(now, Priority::kVideo, rtp::Ssrc{static_cast<std::uint32_t>(packet % 8)}, kPacket,
               packet);
    ++packet;
    benchmark::DoNotOptimize(pacer.poll(now));
    now += 100us;
  }
}
BENCHMARK(pace);

// The same with a queue of that many packets.
void pace_from_a_queue(benchmark::State& state) {
  Pacer<std::uint64_t> pacer;
  Time now{1h};
  pacer.set_rates(now, DataRate::mbps(100), DataRate());
  std::uint64_t packet = 0;
  const auto push = [&] {
    pacer.push(now, Priority::kVideo, rtp::Ssrc{static_cast<std::uint32_t>(packet % 8)}, kPacket,
               packet);
    ++packet;
  };
  for (std::int64_t i = 0; i < state.range(0); ++i) push();
  for (auto _ : state) {
    push();
    benchmark::DoNotOptimize(pacer.poll(now));
    now += 100us;
  }
}
BENCHMARK(pace_from_a_queue)->Arg(100)->Arg(1'000);

// A report of that many packets, from the wire format's value to the new target; time is a
// packet's.
void handle_feedback(benchmark::State& state) {
  const auto packets = state.range(0);
  SendController controller;
  rtp::SentLog sent;
  rtp::ArrivalLog arrived;
  Time now{1h};
  controller.start(now);
  for (auto _ : state) {
    state.PauseTiming();
    for (std::int64_t i = 0; i < packets; ++i) {
      arrived.handle_packet(now + 20ms, sent.add(now, 1'200));
      controller.handle_sent(now, kPacket);
      now += Duration{50'000 / packets};
    }
    now += 50ms;
    std::vector<rtp::rtcp::TransportFeedback> messages;
    while (const auto message = arrived.poll(now)) messages.push_back(*message);
    state.ResumeTiming();
    for (const auto& message : messages) {
      const auto results = sent.handle_feedback(message);
      controller.handle_input(now, {results});
    }
    while (const auto output = controller.poll_output()) benchmark::DoNotOptimize(*output);
  }
  state.counters["a_packet"] = benchmark::Counter(
      static_cast<double>(packets),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(handle_feedback)->Arg(10)->Arg(50)->Arg(200);

// All of it: push, poll, number, tell the controller; and a report for every fiftieth packet.
void whole_path(benchmark::State& state) {
  SendController controller;
  Pacer<std::uint64_t> pacer;
  rtp::SentLog sent;
  rtp::ArrivalLog arrived;
  Time now{1h};
  controller.start(now);
  pacer.set_rates(now, DataRate::mbps(100), DataRate());
  for (auto _ : state) {
    pacer.push(now, Priority::kVideo, rtp::Ssrc{1}, kPacket, 0);
    while (pacer.poll(now)) {
      const std::uint16_t number = sent.add(now, 1'200);
      controller.handle_sent(now, kPacket);
      arrived.handle_packet(now + 20ms, number);  // The receiver's half is in it too.
    }
    while (const auto feedback = arrived.poll(now)) {
      const auto results = sent.handle_feedback(*feedback);
      controller.handle_input(now, {results});
    }
    while (const auto output = controller.poll_output()) benchmark::DoNotOptimize(*output);
    now += 1ms;
  }
}
BENCHMARK(whole_path);

}  // namespace
}  // namespace parley::cc

BENCHMARK_MAIN();

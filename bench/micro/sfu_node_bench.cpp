// What a node costs: a packet of 1,200 bytes from one publisher to each of many receivers, with all
// of its way from datagram to datagram; a receiver's join; a receiver's memory. Receivers have real
// transports, on the same thread, whose time is not counted.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <time.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include "sfu/test_raw_room.h"
#include "sfu/test_raw_source.h"

namespace {

// Live heap, as malloc rounds it up; OpenSSL's apart.
std::int64_t ours = 0;
std::int64_t openssl = 0;

std::int64_t size_of(void* block) {
  return static_cast<std::int64_t>(malloc_usable_size(block));
}
void* openssl_malloc(std::size_t size, const char*, int) {
  void* const block = std::malloc(size);
  openssl += size_of(block);
  return block;
}
void openssl_free(void* block, const char*, int) {
  openssl -= size_of(block);
  std::free(block);
}
void* openssl_realloc(void* block, std::size_t size, const char*, int) {
  openssl -= size_of(block);
  void* const grown = std::realloc(block, size);
  openssl += size_of(grown);
  return grown;
}

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  ours += size_of(block);
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  ours -= size_of(block);
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

// Of the processor, so that what else runs on the machine does not count.
std::chrono::nanoseconds cpu_now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Node::Config config() {
  Node::Config config;
  config.participant.downlink.limits = {.start = DataRate::mbps(20), .max = DataRate::mbps(20)};
  return config;
}

// Processor time of the node alone.
class Meter {
 public:
  explicit Meter(RawRoom& room) : room_(room) {
    room.watch = [this](bool entering) {
      entering ? begin_ = cpu_now() : spent += cpu_now() - begin_;
    };
  }
  ~Meter() { room_.watch = {}; }

  std::chrono::nanoseconds spent{};

 private:
  RawRoom& room_;
  std::chrono::nanoseconds begin_{};
};

// Packets at once, and how many receivers; 200 packets a second in either case.
void forward(benchmark::State& state) {
  const auto burst = static_cast<std::size_t>(state.range(0));
  RawRoom room(1, config());
  room.join({.camera = 1, .video_slots = 0});
  for (std::int64_t i = 0; i < state.range(1); ++i) room.join({.tells_arrivals = true});
  room.run(200ms);
  PARLEY_ASSERT(room.are_connected());
  RawSource source(room, 8);
  Meter meter(room);
  std::chrono::nanoseconds in{};
  std::chrono::nanoseconds out{};
  const net::Path path{.local = RawRoom::server(), .remote = room.clients[0]->address};
  const auto begin = room.node.counters().forwarded;
  const auto runs = room.runs;
  for (auto _ : state) {
    for (std::size_t i = 0; i < burst; ++i) {
      std::vector<std::uint8_t> datagram = source.next();
      const auto before = cpu_now();
      room.node.handle_input(room.now, {path, datagram});
      in += cpu_now() - before;
    }
    const auto before = meter.spent;
    room.flush();
    out += meter.spent - before;
    room.run(5ms * burst);
  }
  const auto forwarded = static_cast<double>(room.node.counters().forwarded - begin);
  const auto each = [&](std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / forwarded;
  };
  state.counters["in_ns"] = each(in);
  state.counters["out_ns"] = each(out);
  state.counters["feedback_ns"] = each(meter.spent - out);
  state.counters["run"] = forwarded / static_cast<double>(room.runs - runs);
  state.counters["forwarded"] = forwarded;
}
BENCHMARK(forward)->Args({1, 200})->Args({8, 200})->Iterations(300)->Unit(benchmark::kMillisecond);

// A receiver of one voice and one picture, and one of a whole gallery.
void join(benchmark::State& state) {
  const RawClient::Options options{.audio_slots = 3,
                                   .video_slots = static_cast<std::size_t>(state.range(0))};
  RawRoom room(1, config());
  room.join({.camera = 1, .video_slots = 0});
  room.join(options);
  room.run(200ms);
  room.clients.pop_back();
  Meter meter(room);
  const std::int64_t ours_before = ours;
  const std::int64_t openssl_before = openssl;
  std::size_t joined = 0;
  for (auto _ : state) {
    room.join(options);
    room.run(50ms);
    ++joined;
  }
  state.counters["cpu_us"] =
      static_cast<double>(meter.spent.count()) / 1e3 / static_cast<double>(joined);
  while (room.clients.size() > 1) room.clients.pop_back();
  const auto each = [&](std::int64_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(joined) / 1'024;
  };
  state.counters["KiB"] = each(ours - ours_before);
  state.counters["openssl_KiB"] = each(openssl - openssl_before);
}
BENCHMARK(join)->Arg(1)->Arg(25)->Iterations(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::sfu

int main(int argc, char** argv) {
  CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}

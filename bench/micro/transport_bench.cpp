// What a transport that has nothing to do costs: its memory, ours and OpenSSL's apart; and what it
// costs to get there and to carry a packet.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "peer/test_call.h"
#include "peer/transport.h"
#include "rtp/packet_writer.h"

namespace {

// Live heap, as malloc rounds it up.
struct Heap {
  std::int64_t ours = 0;
  std::int64_t openssl = 0;
};
Heap heap;

void* count(void* block, std::int64_t& live) {
  live += static_cast<std::int64_t>(malloc_usable_size(block));
  return block;
}

void* openssl_malloc(std::size_t size, const char*, int) {
  return count(std::malloc(size), heap.openssl);
}

void openssl_free(void* block, const char*, int) {
  heap.openssl -= static_cast<std::int64_t>(malloc_usable_size(block));
  std::free(block);
}

void* openssl_realloc(void* block, std::size_t size, const char*, int) {
  heap.openssl -= static_cast<std::int64_t>(malloc_usable_size(block));
  return count(std::realloc(block, size), heap.openssl);
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return count(block, heap.ours);
}
void operator delete(void* block) noexcept {
  heap.ours -= static_cast<std::int64_t>(malloc_usable_size(block));
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

namespace parley::peer {
namespace {

using namespace std::chrono_literals;

std::vector<std::uint8_t> rtp_packet(std::uint16_t sequence_number) {
  static const std::vector<std::uint8_t> kPayload(1'188);
  rtp::PacketWriter writer({.payload_type = rtp::PayloadType{96},
                            .sequence_number = sequence_number,
                            .ssrc = rtp::Ssrc{42}});
  writer.set_payload(kPayload);
  return writer.take();
}

// A server's end that has been connected and silent for a minute, in bytes. It has sent and
// received one stream; what is counted is what its destruction frees, and the object itself.
void idle_memory(benchmark::State& state) {
  Heap freed;
  for (auto _ : state) {
    TestCall call({.link = {.latency = 1ms}, .lite = true});
    call.connect();
    call.run_until_connected();
    for (TestSide* side : {&call.ada, &call.bob}) {
      side->transport.send_rtp(rtp_packet(1));
      call.take_outputs(*side);
    }
    call.run(60s);
    const Heap before = heap;
    { const Transport ended = std::move(call.bob.transport); }
    freed = {.ours = before.ours - heap.ours, .openssl = before.openssl - heap.openssl};
  }
  state.counters["ours"] = static_cast<double>(freed.ours) + sizeof(Transport);
  state.counters["openssl"] = static_cast<double>(freed.openssl);
}
BENCHMARK(idle_memory)->Iterations(3);

// Both ends of a call, from nothing to keys on both sides.
void connect_two(benchmark::State& state) {
  for (auto _ : state) {
    TestCall call({.link = {.latency = 1ms}, .lite = true});
    call.connect();
    if (!call.run_until_connected()) state.SkipWithError("not connected");
  }
}
BENCHMARK(connect_two)->Unit(benchmark::kMillisecond);

// One 1,200-byte packet: protected, through a link without delay, unprotected.
void carry_a_packet(benchmark::State& state) {
  TestCall call({.link = {}, .lite = true});
  call.connect();
  call.run_until_connected();
  std::uint16_t sequence_number = 0;
  for (auto _ : state) {
    call.ada.transport.send_rtp(rtp_packet(++sequence_number));
    call.take_outputs(call.ada);
    call.run(0us);
    call.bob.rtp.clear();
  }
}
BENCHMARK(carry_a_packet);

}  // namespace
}  // namespace parley::peer

int main(int argc, char** argv) {
  CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}

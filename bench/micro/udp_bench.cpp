// What a datagram costs the processor on its way through a pair of our sockets on loopback, both
// ends and the kernel between them: with and without runs (GSO and GRO).
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "base/assert.h"
#include "io/event_loop.h"
#include "io/udp.h"

namespace parley::io {
namespace {

constexpr std::size_t kSize = 1200;

struct Sink final : UdpSocket::Handler {
  void on_datagrams(std::span<const ReceivedDatagram> datagrams) override {
    received += datagrams.size();
  }
  std::size_t received = 0;
};

std::unique_ptr<UdpSocket> open(EventLoop& loop, UdpSocket::Handler& handler, bool in_runs) {
  const auto any = net::SocketAddress::parse("127.0.0.1:0").value();
  auto socket = UdpSocket::open(loop, any, handler, {.in_runs = in_runs});
  PARLEY_ASSERT(socket.has_value());
  return *std::move(socket);
}

// A batch a turn. The first argument: whether runs are allowed; the second: how many datagrams in a
// row go to one receiver, as when a video frame is sent.
void udp(benchmark::State& state) {
  const bool in_runs = state.range(0) != 0;
  const auto in_a_row = static_cast<std::size_t>(state.range(1));
  EventLoop loop;
  Sink sink;
  const auto sender = open(loop, sink, in_runs);
  std::vector<std::unique_ptr<UdpSocket>> receivers;
  for (std::size_t i = 0; i < UdpSocket::kBatch / in_a_row; ++i) {
    receivers.push_back(open(loop, sink, in_runs));
  }
  const std::vector<std::uint8_t> payload(kSize, 0x55);
  std::size_t sent = 0;
  for (auto _ : state) {
    for (const auto& receiver : receivers) {
      const UdpPath path{.remote = receiver->address()};
      for (std::size_t i = 0; i < in_a_row; ++i) sender->send(path, payload);
    }
    sent += UdpSocket::kBatch;
    for (int turns = 0; sink.received < sent && turns < 1000; ++turns) {
      loop.run_turn(std::chrono::milliseconds{1});
    }
    PARLEY_ASSERT(sink.received == sent);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(sent));  // A second of CPU time.
}

BENCHMARK(udp)->ArgNames({"in_runs", "in_a_row"})->ArgsProduct({{0, 1}, {1, 4, 16, 64}});

}  // namespace
}  // namespace parley::io

BENCHMARK_MAIN();

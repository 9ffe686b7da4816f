// What a datagram costs the processor on its way through a pair of our sockets on loopback, both
// ends and the kernel between them: with and without runs (GSO and GRO), copied by send() or out of
// a batch of the caller's.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/assert.h"
#include "io/event_loop.h"
#include "io/udp.h"
#include "net/datagram_batch.h"

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

// As many as a batch holds go out, so many in a row to one receiver, as when a video frame is sent.
struct Traffic {
  Traffic(bool in_runs, std::size_t run) : in_a_row(run), sender(open(loop, sink, in_runs)) {
    for (std::size_t i = 0; i < UdpSocket::kBatch / in_a_row; ++i) {
      receivers.push_back(open(loop, sink, in_runs));
      receiver_addresses.push_back(receivers.back()->address());
    }
  }

  // Until all of a batch has come.
  void arrive() {
    sent += UdpSocket::kBatch;
    for (int turns = 0; sink.received < sent && turns < 1000; ++turns) {
      loop.run_turn(std::chrono::milliseconds{1});
    }
    PARLEY_ASSERT(sink.received == sent);
  }

  const std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(kSize, 0x55);
  std::size_t in_a_row;
  EventLoop loop;
  Sink sink;
  std::unique_ptr<UdpSocket> sender;
  std::vector<std::unique_ptr<UdpSocket>> receivers;
  std::vector<net::SocketAddress> receiver_addresses;
  std::size_t sent = 0;
};

// The first argument: whether runs are allowed; the second: how many in a row.
void udp_send(benchmark::State& state) {
  Traffic traffic(state.range(0) != 0, static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    for (const net::SocketAddress& receiver : traffic.receiver_addresses) {
      const UdpPath path{.remote = receiver};
      for (std::size_t i = 0; i < traffic.in_a_row; ++i) {
        traffic.sender->send(path, traffic.payload);
      }
    }
    traffic.arrive();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(traffic.sent));  // A second of CPU time.
}

// The same, written to where it leaves from.
void udp_send_batch(benchmark::State& state) {
  Traffic traffic(state.range(0) != 0, static_cast<std::size_t>(state.range(1)));
  net::DatagramBatch batch;
  for (auto _ : state) {
    for (const net::SocketAddress& receiver : traffic.receiver_addresses) {
      const net::Path path{.remote = receiver};
      for (std::size_t i = 0; i < traffic.in_a_row; ++i) {
        std::ranges::copy(traffic.payload, batch.add(path, kSize).begin());
      }
    }
    traffic.sender->send_batch(batch);
    batch.clear();
    traffic.arrive();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(traffic.sent));
}

BENCHMARK(udp_send)->ArgNames({"in_runs", "in_a_row"})->ArgsProduct({{0, 1}, {1, 4, 8, 64}});
BENCHMARK(udp_send_batch)->ArgNames({"in_runs", "in_a_row"})->ArgsProduct({{0, 1}, {1, 4, 8, 64}});

}  // namespace
}  // namespace parley::io

BENCHMARK_MAIN();

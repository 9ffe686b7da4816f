// Data channels between two peers in one process: what a byte costs both ends together, here and by
// libusrsctp. Packets go from queue to queue; nothing is lost and nothing takes time.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "base/random.h"
#include "sctp/data_channels.h"
#include "sctp/packet/crc32c.h"
#include "sim/usrsctp_peer.h"

namespace parley::sctp {
namespace {

constexpr std::size_t kWindow = 1'024 * 1'024;  // Bytes that wait to be sent, at most.

class OurPair {
 public:
  explicit OurPair(bool zero_checksum) {
    DataChannels::Config config;
    config.association.zero_checksum = zero_checksum;
    a_ = std::make_unique<DataChannels>(random_, config);
    b_ = std::make_unique<DataChannels>(random_, config);
    channel_ = a_->open(now_, {.label = "bench"}).value();
    a_->start(now_, true);
    b_->start(now_, false);
    for (int i = 0; i < 20; ++i) exchange();
  }

  bool send(std::size_t size) {
    if (a_->buffered_amount(channel_) + size > kWindow) return false;
    return a_->send(now_, channel_, DataChannels::Kind::kBinary, std::vector<std::uint8_t>(size))
        .has_value();
  }

  // Lets each end answer one packet of the other, as they would arrive.
  void exchange() {
    now_ += std::chrono::microseconds{10};
    for (DataChannels* const end : {a_.get(), b_.get()}) {
      if (end->next_deadline() <= now_) end->handle_timeout(now_);
    }
    drain(*a_, to_b_);
    while (!to_b_.empty()) {
      b_->handle_input(now_, {.payload = to_b_.front()});
      to_b_.pop_front();
      drain(*b_, to_a_);
    }
    while (!to_a_.empty()) {
      a_->handle_input(now_, {.payload = to_a_.front()});
      to_a_.pop_front();
      drain(*a_, to_b_);
    }
  }

  std::uint64_t received_messages = 0;
  std::uint64_t received_bytes = 0;

 private:
  void drain(DataChannels& end, std::deque<std::vector<std::uint8_t>>& packets) {
    while (auto output = end.poll_output()) {
      if (auto* const transmit = std::get_if<DataChannels::Transmit>(&*output)) {
        packets.push_back(std::move(transmit->packet));
      } else if (auto* const message = std::get_if<DataChannels::MessageReceived>(&*output)) {
        ++received_messages;
        received_bytes += message->payload.size();
      }
    }
  }

  SeededRandom random_{1};
  Time now_{std::chrono::hours{1}};
  std::unique_ptr<DataChannels> a_;
  std::unique_ptr<DataChannels> b_;
  ChannelId channel_ = {};
  std::deque<std::vector<std::uint8_t>> to_b_;
  std::deque<std::vector<std::uint8_t>> to_a_;
};

// Until 64 MiB, or 100,000 messages if they are small, have arrived.
template <class Pair>
void transfer(benchmark::State& state, Pair& pair) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::uint64_t messages = std::min<std::uint64_t>(64 * 1'024 * 1'024 / size, 100'000);
  for (auto _ : state) {
    const std::uint64_t end = pair.received_messages + messages;
    std::uint64_t sent = 0;
    while (pair.received_messages < end) {
      while (sent < messages && pair.send(size)) ++sent;
      pair.exchange();
    }
  }
  const auto all =
      static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(messages);
  state.SetBytesProcessed(all * state.range(0));
  state.SetItemsProcessed(all);
}

void ours(benchmark::State& state) {
  OurPair pair(true);
  transfer(state, pair);
}

void ours_with_checksum(benchmark::State& state) {
  OurPair pair(false);
  transfer(state, pair);
}

void checksum(benchmark::State& state) {
  const std::vector<std::uint8_t> packet(1'188, 7);
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(packet));
}

#if defined(PARLEY_HAS_LIBUSRSCTP)

class UsrsctpPair {
 public:
  explicit UsrsctpPair(bool with_checksum) {
    if (with_checksum) {
      usrsctp_disable_crc32c_offload();
    } else {
      usrsctp_enable_crc32c_offload();
    }
    a_.connect();
    b_.connect();
    for (int i = 0; i < 20; ++i) exchange();
  }

  bool send(std::size_t size) {
    message_.resize(size);
    return a_.send(0, 53, message_);
  }

  void exchange() {
    deliver(a_, b_);
    deliver(b_, a_);
    // Its timers are only needed when nothing is under way, as for the last SACK.
    if (a_.sent.empty() && b_.sent.empty()) sim::UsrsctpPeer::pass_time(10);
    received_messages = b_.received_messages;
  }

  std::uint64_t received_messages = 0;

 private:
  static void deliver(sim::UsrsctpPeer& from, sim::UsrsctpPeer& to) {
    for (std::size_t count = from.sent.size(); count > 0; --count) {
      const auto packet = std::move(from.sent.front());
      from.sent.pop_front();
      to.handle_input(packet);
    }
  }

  sim::UsrsctpPeer a_{{.keep_messages = false}};
  sim::UsrsctpPeer b_{{.keep_messages = false}};
  std::vector<std::uint8_t> message_;
};

void usrsctp(benchmark::State& state) {
  UsrsctpPair pair(true);
  transfer(state, pair);
}

void usrsctp_without_checksum(benchmark::State& state) {
  UsrsctpPair pair(false);
  transfer(state, pair);
}

BENCHMARK(usrsctp)->Arg(64)->Arg(1'024)->Arg(16'384)->Arg(262'144)->Unit(benchmark::kMillisecond);
BENCHMARK(usrsctp_without_checksum)
    ->Arg(64)
    ->Arg(1'024)
    ->Arg(16'384)
    ->Arg(262'144)
    ->Unit(benchmark::kMillisecond);

#endif

BENCHMARK(ours)->Arg(64)->Arg(1'024)->Arg(16'384)->Arg(262'144)->Unit(benchmark::kMillisecond);
BENCHMARK(ours_with_checksum)
    ->Arg(64)
    ->Arg(1'024)
    ->Arg(16'384)
    ->Arg(262'144)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(checksum);

}  // namespace
}  // namespace parley::sctp

BENCHMARK_MAIN();

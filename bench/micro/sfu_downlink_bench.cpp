// What a forwarded packet of 1,200 bytes costs on its way to one receiver: pace, header and its
// place in a batch, encryption, and its share of the feedback; evenly spaced, and as frames of
// eight. Each receiver has keys, numbers and congestion control of its own. Time is a packet's;
// the counters say where it goes, in nanoseconds.
#include <benchmark/benchmark.h>

#include <time.h>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "base/random.h"
#include "sfu/downlink.h"
#include "srtp/master_key.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

// Of the processor, so that what else runs on the machine does not count.
struct CpuClock {
  using duration = std::chrono::nanoseconds;

  static duration now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
};

constexpr std::size_t kPayload = 1'160;  // Of a datagram of 1,200: header 20, tag 16, some more.
constexpr std::size_t kFrame = 8;
constexpr Duration kFeedbackInterval = 50ms;

enum class Payload { kShared, kOwn };  // Own: with picture ids of the receiver.

rtp::ExtensionMap extensions() {
  rtp::ExtensionMap map;
  map.set(rtp::Extension::kMid, 1);
  map.set(rtp::Extension::kTransportSequenceNumber, 3);
  map.set(rtp::Extension::kVideoOrientation, 5);
  map.set(rtp::Extension::kAudioLevel, 6);
  return map;
}

Downlink::Config config() {
  Downlink::Config config{.cname = "bench",
                          .limits = {.start = DataRate::mbps(20), .max = DataRate::mbps(20)}};
  const auto add = [&](bool video, std::uint32_t ssrc) {
    sdp::Codec codec = video
                           ? sdp::Codec{.payload_type = 96, .name = "VP8", .clock_rate = 90'000}
                           : sdp::Codec{.payload_type = 111, .name = "opus", .clock_rate = 48'000};
    Downlink::SlotConfig& slot = config.slots.emplace_back();
    slot.mid = std::to_string(ssrc);
    slot.video = video;
    slot.stream.ssrc = rtp::Ssrc{ssrc};
    slot.stream.codecs = {std::move(codec)};
    slot.extensions = extensions();
  };
  for (std::uint32_t i = 0; i < 3; ++i) add(false, 1 + i);
  for (std::uint32_t i = 0; i < 9; ++i) add(true, 10 + i);
  return config;
}

constexpr std::size_t kSlot = 3;

struct Receiver {
  Receiver(srtp::Provider& provider, Random& random, std::size_t index)
      : downlink(config(), random),
        sender(provider, key(index)),
        path{.remote = {net::IpAddress::parse("192.0.2.1").value(),
                        static_cast<std::uint16_t>(1'000 + index)}} {}

  static srtp::MasterKey key(std::size_t index) {
    constexpr auto kProfile = srtp::Profile::kAeadAes128Gcm;
    const auto sizes = srtp::sizes_of(kProfile);
    return srtp::MasterKey::make(
               kProfile,
               std::vector<std::uint8_t>(sizes.key + sizes.salt, static_cast<std::uint8_t>(index)))
        .value();
  }

  Downlink downlink;
  srtp::Sender sender;
  net::Path path;
  std::uint16_t told = 0;  // The next packet that feedback is about.
};

struct Spent {
  CpuClock::duration push{}, fill{}, protect{}, feedback{};
};

// One publication to all of them.
class Audience {
 public:
  Audience(std::size_t receivers, Payload payload) : payload_(payload) {
    for (std::size_t i = 0; i < receivers; ++i) receivers_.emplace_back(*provider_, random_, i);
    for (Receiver& receiver : receivers_) receiver.downlink.start(now_);
  }

  void send(std::size_t packets, Duration pause) {
    for (std::size_t i = 0; i < packets; ++i) {
      std::vector<std::uint8_t> bytes(kPayload, 7);
      bytes[0] = 0x80;  // VP8: I, L; a picture id of two bytes.
      bytes[1] = 0xC0;
      bytes[2] = 0x80;
      auto made = pool_.make(bytes).value();
      made.packet->payload = made.bytes;
      const auto before = CpuClock::now();
      for (Receiver& receiver : receivers_)
        receiver.downlink.push(now_, kSlot, forwarded(made.ref));
      spent_.push += CpuClock::now() - before;
      ++sequence_;
      held_.push_back(made.ref);
    }
    flush();
    held_.clear();
    now_ += pause;
    if (now_ - fed_back_ >= kFeedbackInterval) feed_back(pause / packets);
  }

  const Spent& spent() const { return spent_; }
  std::uint64_t sent() const { return sent_; }
  // Below the rate of what is sent, packets wait, and another path is measured.
  double estimate() const { return receivers_.front().downlink.estimate().in_kbps(); }

 private:
  Forwarded forwarded(const PacketRef& packet) const {
    Forwarded forwarded{.packet = packet,
                        .payload = packet->payload,
                        .sequence_number = sequence_,
                        .timestamp = static_cast<std::uint32_t>(sequence_ / kFrame * 3'600),
                        .payload_type = rtp::PayloadType{96}};
    if (payload_ == Payload::kOwn) forwarded.picture_id = sequence_;
    return forwarded;
  }

  void flush() {
    auto before = CpuClock::now();
    for (Receiver& receiver : receivers_) {
      while (!receiver.downlink.fill(now_, receiver.sender, receiver.path, batch_, work_)) {
        spent_.fill += CpuClock::now() - before;
        protect();
        before = CpuClock::now();
      }
    }
    spent_.fill += CpuClock::now() - before;
    protect();
  }

  void protect() {
    const auto before = CpuClock::now();
    srtp::protect_rtp(work_);
    spent_.protect += CpuClock::now() - before;
    sent_ += batch_.size();
    work_.clear();
    batch_.clear();
  }

  // What the receivers tell of a path of 10 ms without loss.
  void feed_back(Duration gap) {
    using rtp::rtcp::TransportFeedback;
    const Duration first = fed_back_.time_since_epoch() + 10ms;
    fed_back_ = now_;
    TransportFeedback feedback{
        .reference_time = static_cast<std::int32_t>(first / TransportFeedback::kReferenceTick)};
    const auto before = CpuClock::now();
    for (Receiver& receiver : receivers_) {
      feedback.base_sequence = receiver.told;
      feedback.deltas.assign(static_cast<std::uint16_t>(sequence_ - receiver.told),
                             static_cast<std::int16_t>(gap / TransportFeedback::kTick));
      feedback.deltas.front() = static_cast<std::int16_t>(
          first % TransportFeedback::kReferenceTick / TransportFeedback::kTick);
      receiver.told = sequence_;
      receiver.downlink.handle_rtcp(now_, feedback);
    }
    spent_.feedback += CpuClock::now() - before;
  }

  SeededRandom random_{1};
  std::unique_ptr<srtp::Provider> provider_ = srtp::Provider::make();
  Payload payload_;
  PacketPool pool_;
  std::deque<Receiver> receivers_;
  net::DatagramBatch batch_;
  std::vector<srtp::Protection> work_;
  std::vector<PacketRef> held_;
  Time now_{1h};
  Time fed_back_{1h};
  std::uint16_t sequence_ = 0;
  std::uint64_t sent_ = 0;
  Spent spent_;
};

void report(benchmark::State& state, const Audience& audience) {
  const auto each = [&](CpuClock::duration time) {
    return static_cast<double>(time.count()) /
           static_cast<double>(std::max<std::uint64_t>(audience.sent(), 1));
  };
  const Spent& spent = audience.spent();
  state.counters["push"] = each(spent.push);
  state.counters["fill"] = each(spent.fill);
  state.counters["protect"] = each(spent.protect);
  state.counters["feedback"] = each(spent.feedback);
  state.counters["kbps"] = audience.estimate();
  state.counters["all"] = each(spent.push + spent.fill + spent.protect + spent.feedback);
}

void spaced(benchmark::State& state, Payload payload) {
  Audience audience(static_cast<std::size_t>(state.range(0)), payload);
  for (auto _ : state) audience.send(1, 5ms);
  report(state, audience);
}

void frames(benchmark::State& state, Payload payload) {
  Audience audience(static_cast<std::size_t>(state.range(0)), payload);
  for (auto _ : state) audience.send(kFrame, 40ms);
  report(state, audience);
}

BENCHMARK_CAPTURE(spaced, shared, Payload::kShared)->Arg(1)->Arg(200)->Arg(1'000);
BENCHMARK_CAPTURE(spaced, own_picture_ids, Payload::kOwn)->Arg(200);
BENCHMARK_CAPTURE(frames, shared, Payload::kShared)->Arg(1)->Arg(200)->Arg(1'000);
BENCHMARK_CAPTURE(frames, own_picture_ids, Payload::kOwn)->Arg(200);

}  // namespace
}  // namespace parley::sfu

BENCHMARK_MAIN();

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "rtp/arrival_log.h"
#include "rtp/extender.h"
#include "rtp/nack_generator.h"
#include "sfu/test_receiver.h"
#include "sim/link.h"

// A camera and a microphone over a path in virtual time to one who sends feedback as a browser
// does, and whose pictures are as large as the budget allows.
namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Duration kLatency = 25ms;
constexpr DataRate kMost = DataRate::kbps(2'000);  // What the camera has to show.

Downlink::Config downlink_config() {
  Downlink::Config config = test_downlink();
  config.limits = {.start = DataRate::kbps(300), .max = DataRate::mbps(10)};
  return config;
}

// What the receiver saw in a stretch of time.
struct Seen {
  DataRate least = DataRate::infinite(), most = {};  // Of the estimate.
  Duration longest_sound_gap = {}, longest_sound_delay = {}, longest_picture_delay = {};
  std::size_t pictures = 0;
};

class Simulation {
 public:
  explicit Simulation(const sim::LinkConfig& path, std::uint64_t seed = 1)
      : path_(path, seed), back_({.latency = kLatency}, seed + 1) {
    receiver_.downlink.set_desired(now_, kMost);
    receiver_.downlink.start(now_);
    nack_.set_round_trip_time(2 * kLatency);
  }

  Seen run(Duration time) {
    seen_ = {};
    for (const Time end = now_ + time; now_ < end; now_ += 1ms) {
      publish();
      send();
      receive();
      answer();
      const DataRate estimate = receiver_.downlink.estimate();
      seen_.least = std::min(seen_.least, estimate);
      seen_.most = std::max(seen_.most, estimate);
      seen_.longest_sound_gap = std::max(seen_.longest_sound_gap, now_ - last_sound_);
    }
    return seen_;
  }

  sim::Link& path() { return path_; }
  const Downlink& downlink() const { return receiver_.downlink; }
  // Of the pictures' packets, the share that came in the end.
  double complete() const {
    const std::uint64_t all = *numbers_.rbegin() - *numbers_.begin() + 1;
    return static_cast<double>(numbers_.size()) / static_cast<double>(all);
  }

 private:
  void publish() {
    const Duration since = now_ - kStart;
    while (const auto feedback = receiver_.camera.poll_feedback(now_)) {
      key_frame_ |= feedback->key_frame;
    }
    if (since % 20ms == 0ms) receiver_.send_sound(now_);
    if (since % 100ms == 0ms) budget_ = std::min(receiver_.downlink.video_budget() * 0.9, kMost);
    if (since % 40ms != 0ms) return;
    const auto bytes = (budget_ * 40ms).in_bytes() * (key_frame_ ? 4 : 1);
    const auto packets = static_cast<int>(bytes / 1'150 + 1);
    receiver_.send_frame(now_, {.key = std::exchange(key_frame_, false),
                                .packets = packets,
                                .size = static_cast<std::size_t>(bytes / packets)});
    receiver_.pictures.timestamp += 600;  // 25 pictures a second.
  }

  void send() {
    receiver_.downlink.handle_timeout(now_);
    for (const auto& run : receiver_.runs_now(now_)) {
      for (const auto& datagram : run) path_.send(now_, datagram);
    }
    receiver_.reports_now(now_);
  }

  void receive() {
    while (auto datagram = path_.poll(now_)) {
      const auto packet = receiver_.open(*std::move(datagram));
      ASSERT_TRUE(packet);
      arrivals_.handle_packet(now_, packet->transport_number());
      if (packet->is_sound()) {
        last_sound_ = now_;
        see_delay(seen_.longest_sound_delay, packet->view().timestamp() - 5'000, 48'000);
      } else if (packet->is_picture()) {
        take(packet->view().sequence_number());
        see_delay(seen_.longest_picture_delay, packet->view().timestamp() - 9'000, 90'000);
        seen_.pictures += packet->view().marker();
      } else if (const auto original = packet->original()) {
        take(*original);
      }
    }
  }

  void take(std::uint16_t number) {
    const rtp::SeqNo seq{extender_.extend(number)};
    numbers_.insert(seq.value);
    nack_.handle_packet(now_, seq);
  }

  void see_delay(Duration& longest, std::uint32_t timestamp, int rate) const {
    const Time sent = kStart + Duration(std::int64_t{timestamp} * 1'000'000 / rate);
    longest = std::max(longest, now_ - sent - kLatency);
  }

  void answer() {
    while (const auto feedback = arrivals_.poll(now_)) tell(*feedback);
    if (nack_.next_deadline() <= now_) {
      const auto feedback = nack_.poll(now_);
      if (!feedback.missing.empty()) {
        rtp::rtcp::Nack nack{.media = kPictureSsrc};
        for (const rtp::SeqNo seq : feedback.missing) nack.missing.push_back(seq.on_wire());
        tell(nack);
      }
      if (feedback.key_frame) tell(rtp::rtcp::PictureLossIndication{.media = kPictureSsrc});
    }
    while (const auto datagram = back_.poll(now_)) {
      const auto messages = rtp::rtcp::parse(*datagram).value();
      for (const auto& message : messages) receiver_.downlink.handle_rtcp(now_, message);
    }
  }

  void tell(const rtp::rtcp::Message& message) {
    ByteWriter writer;
    rtp::rtcp::write_to(writer, message);
    back_.send(now_, writer.view());
  }

  Time now_ = kStart;
  TestReceiver receiver_{downlink_config()};
  sim::Link path_, back_;
  rtp::ArrivalLog arrivals_;
  rtp::NackGenerator nack_;
  rtp::Extender<std::uint16_t> extender_;
  std::set<std::uint64_t> numbers_;
  bool key_frame_ = true;
  DataRate budget_ = DataRate::kbps(200);
  Time last_sound_ = kStart;
  Seen seen_;
};

// Says what was seen where something else was expected.
std::string told(const Seen& seen) {
  return "estimate " + std::to_string(seen.least.in_kbps()) + " to " +
         std::to_string(seen.most.in_kbps()) + " kbit/s, sound gap " +
         std::to_string(seen.longest_sound_gap / 1ms) + " ms, delay " +
         std::to_string(seen.longest_sound_delay / 1ms) + " ms, of pictures " +
         std::to_string(seen.longest_picture_delay / 1ms) + " ms, pictures " +
         std::to_string(seen.pictures);
}

TEST(DownlinkSimulation, FillsANarrowPathWithoutAQueue) {
  Simulation simulation({.latency = kLatency, .bits_per_second = 400'000, .queue = 1s});
  simulation.run(10s);
  const Seen seen = simulation.run(30s);
  SCOPED_TRACE(told(seen));
  EXPECT_GE(seen.least, DataRate::kbps(200));
  EXPECT_LE(seen.most, DataRate::kbps(520));
  EXPECT_LE(seen.longest_picture_delay, 500ms);
  EXPECT_LE(seen.longest_sound_delay, 300ms);
  EXPECT_LE(seen.longest_sound_gap, 300ms);
  EXPECT_GE(seen.pictures, 740u);
}

TEST(DownlinkSimulation, FindsAWidePathInASecond) {
  Simulation simulation({.latency = kLatency, .bits_per_second = 20'000'000});
  simulation.run(2s);
  const Seen seen = simulation.run(10s);
  SCOPED_TRACE(told(seen));
  EXPECT_GE(seen.least, DataRate::kbps(1'500));
  EXPECT_LE(seen.longest_picture_delay, 100ms);
  EXPECT_GE(simulation.downlink().video_budget(), kMost);
}

TEST(DownlinkSimulation, RepairsWhatALossyPathLoses) {
  Simulation simulation({.latency = kLatency, .loss = 0.05, .bits_per_second = 3'000'000});
  simulation.run(5s);
  const Seen seen = simulation.run(30s);
  SCOPED_TRACE(told(seen));
  EXPECT_GE(seen.least, DataRate::kbps(500)) << "loss that is the path's nature is no limit";
  EXPECT_GE(simulation.complete(), 0.999);
  EXPECT_LE(seen.longest_picture_delay, 500ms);
  EXPECT_LE(seen.longest_sound_gap, 200ms);
}

TEST(DownlinkSimulation, FollowsAPathThatBecomesNarrowAndWideAgain) {
  sim::LinkConfig config{.latency = kLatency, .bits_per_second = 3'000'000, .queue = 1s};
  Simulation simulation(config);
  Seen seen = simulation.run(10s);
  EXPECT_GE(seen.most, DataRate::kbps(2'000)) << told(seen);

  config.bits_per_second = 400'000;
  simulation.path().set_config(config);
  seen = simulation.run(3s);
  EXPECT_LE(seen.least, DataRate::kbps(400)) << told(seen);
  EXPECT_LE(seen.longest_sound_gap, 1s) << told(seen);
  seen = simulation.run(15s);
  {
    SCOPED_TRACE(told(seen));
    EXPECT_LE(seen.most, DataRate::kbps(520));
    EXPECT_LE(seen.longest_picture_delay, 500ms);
    EXPECT_LE(seen.longest_sound_gap, 300ms);
  }
  config.bits_per_second = 3'000'000;
  simulation.path().set_config(config);
  simulation.run(10s);
  seen = simulation.run(10s);
  EXPECT_GE(seen.least, DataRate::kbps(1'500)) << told(seen);
  EXPECT_LE(seen.longest_picture_delay, 300ms) << told(seen);
}

TEST(DownlinkSimulation, RunsTheSameForTheSameSeed) {
  const sim::LinkConfig config{
      .latency = kLatency, .jitter = 10ms, .loss = 0.02, .bits_per_second = 1'000'000};
  Simulation one(config, 7), two(config, 7);
  EXPECT_EQ(told(one.run(5s)), told(two.run(5s)));
  EXPECT_EQ(one.downlink().counters().bytes, two.downlink().counters().bytes);
}

}  // namespace
}  // namespace parley::sfu

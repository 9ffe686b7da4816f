// Whatever feedback says, at whatever times: the target stays within its limits, the memory within
// its bounds, and no arithmetic overflows.
#include <cstdint>
#include <limits>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/overloaded.h"
#include "cc/pacer.h"
#include "cc/send_controller.h"

namespace parley::cc {
namespace {

constexpr int kMaxSteps = 200;

struct Driver {
  ByteReader reader;
  SendController controller = {};
  Pacer<int> pacer = {};
  rtp::SentLog sent = {};
  Time now{std::chrono::hours{1}};
  ToldTime told = {};
  std::uint64_t seq = 0;

  std::int64_t any() {
    return static_cast<std::int64_t>(std::uint64_t{reader.u32()} << 32 | reader.u32());
  }
  Duration any_duration() { return Duration{any()}; }

  // Mostly a little later; now and then anything.
  void move_time() {
    const std::uint8_t step = reader.u8();
    if (step == 0xFF) {
      now = Time(any_duration());
    } else if (now < kNever - std::chrono::hours{1}) {
      now += std::chrono::milliseconds{step};
    }
  }

  void raw_feedback() {
    std::vector<rtp::SentLog::PacketResult> results(reader.u8() % 32);
    for (auto& result : results) {
      result.seq = {seq += reader.u8()};
      result.size = reader.u8() == 0xFF ? std::numeric_limits<std::size_t>::max() : reader.u16();
      result.sent = reader.u8() == 0xFF ? Time(any_duration())
                                        : told.latest() - std::chrono::milliseconds{reader.u8()};
      const std::uint8_t kind = reader.u8();
      if (kind == 0xFF) result.received = any_duration();
      if (kind < 0xC0) result.received = std::chrono::milliseconds{reader.u16()};
      result.probe = {kind % 8u};
    }
    controller.handle_input(now, {results});
  }

  // Through the log, as it comes from the network.
  void feedback() {
    rtp::rtcp::TransportFeedback message{.base_sequence = reader.u16(),
                                         .reference_time = static_cast<std::int32_t>(reader.u32())};
    message.deltas.resize(reader.u8());
    for (auto& delta : message.deltas) {
      if (reader.u8() % 4 != 0) delta = static_cast<std::int16_t>(reader.u16());
    }
    const auto results = sent.handle_feedback(message);
    controller.handle_input(now, {results});
  }

  void send() {
    for (int packets = reader.u8() % 16; packets > 0; --packets) {
      const int size = reader.u8() * 6;
      pacer.push(now, static_cast<Priority>(size % 4), rtp::Ssrc{reader.u8()},
                 DataSize::bytes(size), size);
    }
  }

  void transmit(DataSize size, rtp::ProbeId probe) {
    sent.add(told.advance(now), static_cast<std::size_t>(size.in_bytes()), probe);
    controller.handle_sent(now, size);
  }

  void command() {
    switch (reader.u8() % 11) {
      case 0: return controller.start(now);
      case 1: return raw_feedback();
      case 2: return feedback();
      case 3: return send();
      case 4: return controller.handle_remb(now, DataRate::bps(any()));
      case 5: return controller.handle_round_trip(now, any_duration());
      case 6: return controller.handle_loss_report(now, reader.u32(), reader.u32());
      case 7: return controller.handle_route_change(now);
      case 8: return controller.handle_sent(now, DataSize::bytes(any()));
      case 9: return pacer.set_can_pad(reader.u8() % 2 == 0);
      default: return controller.handle_timeout(now);
    }
  }

  void drain_controller() {
    int outputs = 0;
    while (const auto output = controller.poll_output()) {
      PARLEY_ASSERT(++outputs < 100);
      std::visit(overloaded{[&](const TargetChanged& target) {
                              PARLEY_ASSERT(target.target >= DataRate::kbps(30));
                              PARLEY_ASSERT(target.target <= DataRate::mbps(10));
                              pacer.set_rates(now, target.pacing, target.padding);
                            },
                            [&](const ProbeCluster& cluster) {
                              PARLEY_ASSERT(cluster.rate <= DataRate::mbps(10));
                              pacer.probe(now, cluster);
                            }},
                 *output);
    }
  }

  void drain_pacer() {
    for (int packets = 0; packets < 64; ++packets) {
      const auto output = pacer.poll(now);
      if (!output) break;
      std::visit(overloaded{[&](const Pacer<int>::Send& packet) {
                              transmit(DataSize::bytes(packet.packet), packet.probe);
                            },
                            [&](const Pacer<int>::Pad& padding) {
                              transmit(padding.size, padding.probe);
                            }},
                 *output);
    }
    PARLEY_ASSERT(pacer.stats().waiting_packets <= 2'048);
    PARLEY_ASSERT(pacer.stats().waiting >= DataSize());
  }

  void run() {
    for (int step = 0; step < kMaxSteps && !reader.at_end(); ++step) {
      move_time();
      command();
      drain_controller();
      drain_pacer();
      static_cast<void>(controller.next_deadline());
      static_cast<void>(pacer.next_deadline());
      const SendController::Stats stats = controller.stats();
      PARLEY_ASSERT(stats.loss >= 0 && stats.loss <= 1);
    }
  }
};

}  // namespace
}  // namespace parley::cc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::cc::Driver driver{.reader = parley::ByteReader(parley::Bytes(data, size))};
  driver.run();
  return 0;
}

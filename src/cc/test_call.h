#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/overloaded.h"
#include "cc/pacer.h"
#include "cc/send_controller.h"
#include "rtp/arrival_log.h"
#include "rtp/rtcp/transport_feedback.h"
#include "sim/link.h"

// Calls in virtual time: senders of video that obey SendController and Pacer, one bottleneck that
// they share, receivers that report with rtp::ArrivalLog.
namespace parley::cc::test {

inline constexpr Time kStart{std::chrono::hours{1}};
inline constexpr int kPacketSize = 1'200;
inline constexpr int kIpAndUdp = 28;  // The link counts them, the target does not.

// An encoder that makes 30 frames a second of the size it is told to.
struct Source {
  DataRate max = DataRate::infinite();  // What it has to say, at most.
  int key_frame_every = 0;              // Frames; such a one is eight times as large.
};

struct Flow {
  Flow(const SendController::Config& config, const sim::LinkConfig& back_config, std::uint64_t seed)
      : controller(config), back(back_config, seed) {}

  Source source = {};
  SendController controller;
  Pacer<std::vector<std::uint8_t>> pacer;
  rtp::SentLog sent;
  rtp::ArrivalLog arrivals;
  sim::Link back;
  Time starts = kStart;
  Time next_frame = kStart;
  int frames = 0;
  DataSize received = {};
  std::uint64_t probes = 0;
  bool started = false;
};

class Call {
 public:
  Call(const sim::LinkConfig& forward, const sim::LinkConfig& back, std::uint64_t seed)
      : forward_(forward, seed), back_config_(back), seed_(seed) {}

  Flow& add_flow(Time starts = kStart, const SendController::Config& config = {}) {
    flows_.push_back(std::make_unique<Flow>(config, back_config_, seed_ * 31 + flows_.size() + 1));
    flows_.back()->starts = flows_.back()->next_frame = starts;
    return *flows_.back();
  }

  // Calls `sample` every 10 ms.
  void run_until(Time end, const std::function<void(Time)>& sample = {}) {
    for (; now_ < end; now_ = next_event(end)) {
      if (now_ >= next_sample_) {
        if (sample) sample(now_);
        next_sample_ = now_ + std::chrono::milliseconds{10};
      }
      for (std::size_t i = 0; i < flows_.size(); ++i) step(*flows_[i], i);
      while (const auto datagram = forward_.poll(now_)) receive(*datagram);
      for (const auto& flow : flows_) exchange_feedback(*flow);
    }
  }

  sim::Link& forward() { return forward_; }
  Flow& flow(std::size_t i = 0) { return *flows_.at(i); }
  Time now() const { return now_; }

 private:
  void step(Flow& flow, std::size_t index) {
    if (now_ < flow.starts) return;
    if (!flow.started) {
      flow.started = true;
      flow.controller.start(now_);
    }
    if (flow.controller.next_deadline() <= now_) flow.controller.handle_timeout(now_);
    drain(flow.controller, [&](const SendController::Output& output) {
      std::visit(overloaded{[&](const TargetChanged& target) {
                              flow.pacer.set_rates(now_, target.pacing, target.padding);
                            },
                            [&](const ProbeCluster& cluster) {
                              ++flow.probes;
                              flow.pacer.probe(now_, cluster);
                            }},
                 output);
    });
    if (now_ >= flow.next_frame) make_frame(flow);
    while (const auto output = flow.pacer.poll(now_)) {
      std::visit(overloaded{[&](const Pacer<std::vector<std::uint8_t>>::Send& packet) {
                              transmit(flow, index, packet.packet.size(), packet.probe);
                            },
                            [&](const Pacer<std::vector<std::uint8_t>>::Pad& pad) {
                              transmit(flow, index, static_cast<std::size_t>(pad.size.in_bytes()),
                                       pad.probe);
                            }},
                 *output);
    }
  }

  void make_frame(Flow& flow) {
    flow.next_frame += std::chrono::microseconds{33'333};
    const bool key =
        flow.source.key_frame_every > 0 && flow.frames++ % flow.source.key_frame_every == 0;
    const DataRate rate = std::min(flow.controller.target(), flow.source.max);
    std::int64_t left = rate.in_bps() / 8 / 30 * (key ? 8 : 1);
    for (; left > 0; left -= kPacketSize) {
      const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(left, 50, kPacketSize));
      flow.pacer.push(now_, Priority::kVideo, rtp::Ssrc{1}, DataSize::bytes(size),
                      std::vector<std::uint8_t>(size));
    }
  }

  void transmit(Flow& flow, std::size_t index, std::size_t size, rtp::ProbeId probe) {
    const std::uint16_t number = flow.sent.add(now_, size, probe);
    flow.controller.handle_sent(now_, DataSize::bytes(size));
    scratch_.assign(size, 0);
    scratch_[0] = static_cast<std::uint8_t>(index);
    scratch_[1] = static_cast<std::uint8_t>(number >> 8);
    scratch_[2] = static_cast<std::uint8_t>(number);
    forward_.send(now_, scratch_);
  }

  void receive(const sim::Datagram& datagram) {
    Flow& flow = *flows_.at(datagram[0]);
    flow.received += DataSize::bytes(datagram.size());
    flow.arrivals.handle_packet(now_, static_cast<std::uint16_t>(datagram[1] << 8 | datagram[2]));
  }

  void exchange_feedback(Flow& flow) {
    while (const auto feedback = flow.arrivals.poll(now_)) {
      ByteWriter writer;
      rtp::rtcp::write_transport_feedback(writer, *feedback);
      flow.back.send(now_, writer.view());
    }
    while (const auto datagram = flow.back.poll(now_)) {
      const auto results =
          flow.sent.handle_feedback(*rtp::rtcp::parse_transport_feedback(*datagram));
      flow.controller.handle_input(now_, {results});
    }
  }

  Time next_event(Time end) const {
    Time next = std::min({end, forward_.next_deadline(), next_sample_});
    for (const auto& flow : flows_) {
      next = std::min({next, flow->back.next_deadline(), flow->arrivals.next_deadline(),
                       std::max(flow->next_frame, flow->starts)});
      if (!flow->started) continue;
      next = std::min({next, flow->pacer.next_deadline(), flow->controller.next_deadline()});
    }
    return std::max(next, now_ + std::chrono::microseconds{1});
  }

  sim::Link forward_;
  sim::LinkConfig back_config_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<Flow>> flows_;
  std::vector<std::uint8_t> scratch_;
  Time now_ = kStart;
  Time next_sample_ = kStart;
};

}  // namespace parley::cc::test

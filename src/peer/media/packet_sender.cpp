#include "peer/media/packet_sender.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "peer/media/packet_patch.h"
#include "rtp/extension_values.h"

namespace parley::peer {
namespace {

// What SRTP and UDP over IPv4 add to each packet.
constexpr std::size_t kOverhead = 16 + 28;

}  // namespace

PacketSender::PacketSender(Config config)
    : controller_(cc::SendController::Config{.limits = config.limits}), max_(config.limits.max) {
  pacer_.set_can_pad(false);
}

void PacketSender::push(Time now, cc::Priority priority, rtp::Ssrc stream,
                        std::vector<std::uint8_t> packet) {
  const auto size = DataSize::bytes(packet.size() + kOverhead);
  pacer_.push(now, priority, stream, size, std::move(packet));
}

PacketSender::Packet PacketSender::send_padding(Time now, rtp::ProbeId probe,
                                                std::vector<std::uint8_t> packet) {
  return stamp(now, std::move(packet), probe);
}

PacketSender::Packet PacketSender::stamp(Time now, std::vector<std::uint8_t> packet,
                                         rtp::ProbeId probe) {
  const std::size_t size = packet.size() + kOverhead;
  using rtp::Extension;
  if (const auto id = extensions_.id_of(Extension::kTransportSequenceNumber)) {
    const auto number = rtp::encode_transport_sequence_number(sent_.add(now, size, probe));
    overwrite_extension(packet, *id, number);
  }
  if (const auto id = extensions_.id_of(Extension::kAbsoluteSendTime)) {
    overwrite_extension(packet, *id, rtp::encode(rtp::AbsoluteSendTime::of(now)));
  }
  controller_.handle_sent(now, DataSize::bytes(size));
  return {std::move(packet)};
}

void PacketSender::handle_feedback(Time now, const rtp::rtcp::TransportFeedback& feedback) {
  const auto results = sent_.handle_feedback(feedback);
  controller_.handle_input(now, {.results = results});
}

void PacketSender::handle_timeout(Time now) {
  if (controller_.next_deadline() <= now) controller_.handle_timeout(now);
}

std::optional<PacketSender::Output> PacketSender::poll(Time now) {
  if (auto changed = poll_controller(now)) return *changed;
  auto output = pacer_.poll(now);
  if (!output) return {};
  return std::visit(
      overloaded{[&](Pacer::Send& send) -> Output {
                   return stamp(now, std::move(send.packet), send.probe);
                 },
                 [](const Pacer::Pad& pad) -> Output {
                   return PaddingWanted{static_cast<std::size_t>(pad.size.in_bytes()), pad.probe};
                 }},
      *output);
}

// Probes and rates go to the pacer; the application hears of the target.
std::optional<PacketSender::TargetChanged> PacketSender::poll_controller(Time now) {
  while (const auto output = controller_.poll_output()) {
    if (const auto* const probe = std::get_if<cc::ProbeCluster>(&*output)) {
      pacer_.probe(now, *probe);
      continue;
    }
    const auto& changed = std::get<cc::TargetChanged>(*output);
    pacer_.set_rates(now, has_feedback() ? changed.pacing : max_, changed.padding);
    return TargetChanged{changed.target};
  }
  return {};
}

// A peer that tells nothing of single packets leaves only loss and REMB to go by. That is little:
// the target follows them, but the packets of a frame do not wait for each other.
bool PacketSender::has_feedback() const {
  return extensions_.id_of(rtp::Extension::kTransportSequenceNumber).has_value();
}

Time PacketSender::next_deadline() const {
  return std::min(controller_.next_deadline(), pacer_.next_deadline());
}

}  // namespace parley::peer

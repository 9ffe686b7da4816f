#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"
#include "cc/pacer.h"
#include "cc/send_controller.h"
#include "rtp/extension_map.h"
#include "rtp/identifiers.h"
#include "rtp/rtcp/message.h"
#include "rtp/sent_log.h"

namespace parley::peer {

// Lets the packets of all streams leave: when congestion control says, numbered for the peer's
// transport-wide feedback, and stamped with the time.
//
// Drive it with push(), and with poll() until it returns nothing, at next_deadline().
class PacketSender {
 public:
  struct Config {
    cc::SendController::Limits limits = {};
  };
  struct Packet {  // To be sent now.
    std::vector<std::uint8_t> bytes = {};
  };
  // Padding is wanted: push() some, as kPadding with this probe, at once.
  struct PaddingWanted {
    std::size_t size = 0;
    rtp::ProbeId probe = {};
  };
  struct TargetChanged {
    DataRate target = {};
  };
  using Output = std::variant<Packet, PaddingWanted, TargetChanged>;

  explicit PacketSender(Config config);

  // The path is there.
  void start(Time now) { controller_.start(now); }
  void set_extensions(const rtp::ExtensionMap& extensions) { extensions_ = extensions; }
  void set_can_pad(bool can_pad) { pacer_.set_can_pad(can_pad); }

  void push(Time now, cc::Priority priority, rtp::Ssrc stream, std::vector<std::uint8_t> packet);
  // The answer to PaddingWanted: leaves at once.
  Packet send_padding(Time now, rtp::ProbeId probe, std::vector<std::uint8_t> packet);

  void handle_feedback(Time now, const rtp::rtcp::TransportFeedback& feedback);
  void handle_remb(Time now, DataRate maximum) { controller_.handle_remb(now, maximum); }
  void handle_round_trip(Time now, Duration rtt) { controller_.handle_round_trip(now, rtt); }
  void handle_loss(Time now, std::uint64_t lost, std::uint64_t expected) {
    controller_.handle_loss_report(now, lost, expected);
  }
  void handle_route_change(Time now) { controller_.handle_route_change(now); }

  void handle_timeout(Time now);
  std::optional<Output> poll(Time now);
  Time next_deadline() const;

  DataRate target() const { return controller_.target(); }
  cc::SendController::Stats stats() const { return controller_.stats(); }

 private:
  using Pacer = cc::Pacer<std::vector<std::uint8_t>>;

  Packet stamp(Time now, std::vector<std::uint8_t> packet, rtp::ProbeId probe);
  std::optional<TargetChanged> poll_controller(Time now);
  bool has_feedback() const;

  cc::SendController controller_;
  DataRate max_;
  Pacer pacer_;
  rtp::SentLog sent_;
  rtp::ExtensionMap extensions_;  // The same in all sections of a bundle.
};

}  // namespace parley::peer

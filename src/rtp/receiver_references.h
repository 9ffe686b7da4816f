#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/rtcp/message.h"

namespace parley::rtp {

// Answers the reference times of receivers that send nothing themselves, so that they can know the
// round trip (RFC 3611, 4.4 and 4.5). The asking half needs no memory: an ExtendedReport with
// NtpTime::of(now), whose answer RoundTripTime takes.
class ReceiverReferences {
 public:
  struct Config {
    std::size_t max_receivers = 32;              // What fits into a packet beside the rest.
    Duration memory = std::chrono::seconds{10};  // An older one is answered no more.
  };

  ReceiverReferences() : ReceiverReferences(Config{}) {}
  explicit ReceiverReferences(Config config) : config_(config) {}

  // A report that came; one without a reference time changes nothing.
  void handle(Time now, const rtcp::ExtendedReport& report);

  // The answers to all that came since the last call, to be sent from `sender` with its other
  // reports; nothing if none did.
  std::optional<rtcp::ExtendedReport> report(Time now, Ssrc sender);

 private:
  struct Reference {
    std::uint32_t middle_of_ntp = 0;
    Time arrived = {};
  };

  Config config_;
  std::map<Ssrc, Reference> unanswered_;  // Never more than config_.max_receivers.
};

}  // namespace parley::rtp

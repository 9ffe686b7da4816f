#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "peer/media/stream_router.h"
#include "peer/negotiation/agreement.h"
#include "rtp/arrival_log.h"
#include "rtp/rtcp/message.h"
#include "sfu/identifiers.h"
#include "sfu/packet.h"
#include "sfu/publication.h"

namespace parley::sfu {

// What one participant sends: finds out whose each packet is (MID, RID, SSRC; RTX undone), keeps
// the publications, and tells the participant what arrived: transport-wide feedback, NACK, PLI,
// receiver reports.
//
// After handle_*(), and at next_deadline(), call poll_rtcp() until it returns nothing.
class Uplink {
 public:
  struct Config {
    std::size_t max_streams = 64;  // SSRCs that are remembered.
    Duration report_interval = std::chrono::seconds{1};
    Publication::Config publication = {};  // Limits of each; the rest is filled in.
  };
  struct Arrived {
    Publication* publication = nullptr;
    PacketRef packet = {};
  };
  struct Counters {
    std::uint64_t packets = 0, bytes = 0;
    std::uint64_t malformed = 0;
    std::uint64_t unroutable = 0;     // Of no section that sends.
    std::uint64_t not_permitted = 0;  // Switched off by set_permitted().
    std::uint64_t padding = 0;        // RTX with nothing in it: the browser probes.
  };

  // `agreements`: of the sections by which the participant sends, and `sources` what each shows.
  // All references outlive it.
  struct Section {
    peer::Agreement agreement = {};
    Source source = Source::kCamera;
  };
  Uplink(Config config, ParticipantId participant, std::vector<Section> sections, PacketPool& pool,
         Random& random);

  // An RTP packet in clear. Nothing: it is not to be forwarded.
  std::optional<Arrived> handle_rtp(Time now, Bytes packet);
  // The messages of RTCP that concern what the participant sends; others are ignored.
  void handle_rtcp(Time now, const rtp::rtcp::Message& message);
  void set_round_trip_time(Duration rtt);
  void handle_timeout(Time now);
  // The next RTCP datagram for the participant, in clear.
  std::optional<std::vector<std::uint8_t>> poll_rtcp(Time now);
  Time next_deadline() const;

  // What comes of a source that is not permitted is dropped. All are at first.
  void set_permitted(Source source, bool permitted);
  bool is_permitted(Source source) const;

  // The publications, by source; null: it does not publish that.
  Publication* find(Source source);
  std::vector<Publication*> publications();
  const Counters& counters() const { return counters_; }

 private:
  Counters counters_;
};

}  // namespace parley::sfu

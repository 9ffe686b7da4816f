#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "peer/media/stream_router.h"
#include "peer/negotiation/agreement.h"
#include "rtp/arrival_log.h"
#include "rtp/rtcp/message.h"
#include "rtp/statistics.h"
#include "sfu/identifiers.h"
#include "sfu/packet.h"
#include "sfu/publication.h"
#include "sfu/sender_clock.h"

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
    // Of all that it sends. A screen of 20 Mbit/s with a camera of three encodings is 3,200 a
    // second; what a link held up for a second may come at once.
    RateLimit packets = {.per_second = 10'000, .burst = 10'000};
    Publication::Config publication = {};  // Limits of each; the rest is filled in.
  };
  struct Arrived {
    Publication* publication = nullptr;
    PacketRef packet = {};
  };
  struct Counters {
    std::uint64_t packets = 0, bytes = 0;
    std::uint64_t too_many = 0;  // More than one participant needs.
    std::uint64_t malformed = 0;
    std::uint64_t unroutable = 0;     // Of no section that sends.
    std::uint64_t not_permitted = 0;  // Switched off by set_permitted().
    std::uint64_t padding = 0;        // RTX with nothing in it: the browser probes.
    std::uint64_t repaired = 0;       // RTX undone.
  };

  // A section by which the participant sends, and what it shows.
  struct Section {
    peer::Agreement agreement = {};
    Source source = Source::kCamera;
  };
  // `pool` and `random` outlive it.
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
  Publication::Counters publication_counters() const;  // Of all of them.

 private:
  // What a payload type of a section is.
  enum class Kind : std::uint8_t { kUnknown, kMedia, kRepair };
  struct Payload {
    Kind kind = Kind::kUnknown;
    rtp::PayloadType repairs = {};  // Of a repair: the type that it repeats.
  };
  struct Track {
    std::unique_ptr<Publication> publication;
    std::array<Payload, 128> payloads = {};  // By payload type.
    bool permitted = true;
    bool takes_pli = false;
    bool takes_fir = false;
  };
  // Whose an SSRC is, learnt from StreamRouter.
  struct Stream {
    rtp::Ssrc ssrc = {};
    Track* track = nullptr;
    std::size_t encoding = 0;
  };

  const Stream* find_stream(rtp::Ssrc ssrc);
  const Stream* learn_stream(const rtp::PacketView& packet);
  void note_arrival(Time now, const rtp::PacketView& packet);
  std::optional<Arrived> handle_repair(Time now, const Stream& stream, const Payload& payload,
                                       const rtp::PacketView& packet);
  std::optional<Arrived> deliver(Time now, const Stream& stream, const rtp::PacketView& packet,
                                 bool repaired);
  void handle_report(Time now, const rtp::rtcp::SenderReport& report);
  void handle_report(Time now, const rtp::rtcp::ExtendedReport& report);

  void collect_reports(Time now);
  void collect_feedback(Time now, Track& track);
  void ask(const Track& track, const Publication::Feedback& feedback);
  rtp::Ssrc some_ssrc() const;

  Config config_;
  TokenBucket rate_;
  rtp::Ssrc ssrc_;  // That our reports come from.
  bool reduced_size_ = true;
  peer::StreamRouter router_;
  std::optional<std::uint8_t> transport_sequence_id_;
  SenderClock clock_;
  std::vector<std::unique_ptr<Track>> tracks_;
  std::array<bool, kSources> permitted_ = {true, true, true, true};
  std::vector<Stream> streams_;         // Never more than config_.max_streams.
  std::size_t last_hit_ = 0;            // In `streams_`: packets come in runs of one stream.
  std::size_t oldest_ = 0;              // In a full `streams_`: which makes room.
  std::vector<std::uint8_t> restored_;  // What RTX carried; kept for its memory.
  rtp::ArrivalLog arrivals_;
  rtp::RoundTripTime rtt_;
  Time report_due_ = kNever;  // kNever while nothing comes.
  bool heard_ = false;        // Something came since the last report.
  std::uint8_t fir_sequence_ = 0;
  std::vector<rtp::rtcp::Message> to_send_;
  std::size_t sent_ = 0;  // Of `to_send_`; all of it: nothing waits.
  Counters counters_;
};

}  // namespace parley::sfu

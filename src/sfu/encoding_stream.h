#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "rtp/extension_map.h"
#include "rtp/key_frame_requests.h"
#include "rtp/nack_generator.h"
#include "rtp/packet.h"
#include "rtp/rtcp/message.h"
#include "rtp/statistics.h"
#include "sdp/codec.h"
#include "sfu/frame_reader.h"
#include "sfu/layer_rates.h"
#include "sfu/packet.h"
#include "sfu/recent_packets.h"
#include "sfu/sender_clock.h"
#include "sfu/stream_numbers.h"

namespace parley::sfu {

// Of all encodings of a publication.
struct PublicationCounters {
  std::uint64_t packets = 0, bytes = 0;  // Taken.
  std::uint64_t duplicates = 0;
  std::uint64_t too_late = 0;         // Behind the history, or before the first packet.
  std::uint64_t unknown_payload = 0;  // A payload type that was not agreed on.
  std::uint64_t malformed = 0;        // The codec's own header makes no sense.
  std::uint64_t pool_full = 0;
  std::uint64_t nacks = 0, key_frames_asked = 0, key_frames = 0;
  std::uint64_t refused = 0;   // Strays: of another stream than the one that is followed.
  std::uint64_t restarts = 0;  // Streams that went on anew, or somewhere else.
};

// One encoding of a publication: its stream as it arrives, what of it is missing, what may be sent
// again, and what its timestamps mean.
class EncodingStream {
 public:
  struct Config {
    bool video = false;
    std::uint32_t clock_rate = 90'000;
    bool nack = false;  // What is missing may be asked for.
    Duration history = {};
    std::size_t max_history = 0;
  };
  // What the sender's clock said last, and of which moment of the stream.
  struct SenderReport {
    rtp::NtpTime ntp = {};
    std::uint32_t timestamp = 0;
  };
  struct Feedback {
    std::vector<std::uint16_t> nack = {};
    bool key_frame = false;
  };

  EncodingStream(Config config, std::span<const sdp::Codec> codecs, std::uint8_t index);

  // As Publication::handle_packet().
  PacketRef handle_packet(Time now, const rtp::PacketView& packet, bool repaired,
                          const rtp::ExtensionMap& extensions, PacketPool& pool,
                          PublicationCounters& counters);
  void handle_sender_report(Time now, const rtp::rtcp::SenderReport& report);
  void set_round_trip_time(Duration rtt) { nack_.set_round_trip_time(rtt_ = rtt); }
  void request_key_frame(Time now);
  // What came for a while was not shown here: the next packet begins anew.
  void interrupt();

  Feedback poll_feedback(Time now);
  Time next_deadline() const;
  std::optional<rtp::rtcp::ReportBlock> report(Time now);

  const RecentPackets& recent() const { return recent_; }
  // A recent packet, by what its publisher calls it.
  PacketRef find_on_wire(Time now, std::uint16_t number) const;
  std::optional<SenderReport> last_report() const;
  const LayerRates& rates() const { return rates_; }
  codec::PictureSize size(std::uint8_t spatial) const { return frames_.size(spatial); }
  std::optional<rtp::Ssrc> ssrc() const { return numbers_.ssrc(); }
  std::optional<Time> last_arrival() const { return last_arrival_; }
  // What its clock says at `timestamp`, by its last report.
  std::optional<rtp::NtpTime> ntp_time(std::uint64_t timestamp) const;
  std::optional<std::uint64_t> timestamp_at(rtp::NtpTime time) const;
  std::optional<Time> capture_time(std::uint64_t timestamp, const SenderClock& clock) const;

 private:
  // A moment of the stream: by its own clock, and by the sender's or ours.
  struct Reported {
    rtp::NtpTime time = {};
    std::uint64_t timestamp = 0;
  };
  struct Seen {
    Time time = {};
    std::uint64_t timestamp = 0;
  };

  bool take_numbers(Time now, const rtp::PacketView& packet, bool repaired,
                    StreamNumbers::Numbers& numbers, PublicationCounters& counters);
  void restart(Time now, rtp::SeqNo before, rtp::Ssrc ssrc);
  void note(Time now, const PacketRef& packet, PublicationCounters& counters);
  void note_arrival(Time now, std::uint64_t timestamp);
  Duration duration_of(std::int64_t units) const;

  Config config_;
  std::uint8_t index_;  // Among the encodings of its publication.
  StreamNumbers numbers_;
  FrameReader frames_;
  RecentPackets recent_;
  LayerRates rates_;
  Duration rtt_ = std::chrono::milliseconds{100};
  rtp::NackGenerator nack_;
  rtp::KeyFrameRequests key_frames_;
  std::optional<rtp::ReceptionStatistics> statistics_;
  std::optional<Time> last_arrival_;
  std::optional<Reported> report_;  // The last sender report.
  std::optional<Seen> fastest_;     // Before there is one: the least delayed packet.
};

}  // namespace parley::sfu

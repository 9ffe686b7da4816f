#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "peer/error.h"
#include "peer/media/frame.h"
#include "peer/media/incoming_stream.h"
#include "peer/media/outgoing_stream.h"
#include "peer/media/packet_sender.h"
#include "peer/media/stream_router.h"
#include "peer/negotiation/agreement.h"
#include "peer/stats.h"
#include "rtp/arrival_log.h"
#include "rtp/receiver_references.h"
#include "rtp/rtcp/message.h"
#include "rtp/statistics.h"

namespace parley::peer {

// The media of one peer connection: frames become packets and packets become frames, over a path
// that carries RTP and RTCP in clear. It composes; the classes beside it decide.
//
// After each call that takes a time, and at next_deadline(), poll until nothing is left.
class MediaSession {
 public:
  struct Config {
    std::size_t max_payload = 1'100;  // Bytes of RTP payload: with all headers under 1,200.
    std::size_t max_streams = 256;    // SSRCs of the peer that are remembered.
    Duration report_interval = std::chrono::seconds{1};          // Of sender and receiver reports.
    Duration max_reorder_audio = std::chrono::milliseconds{60};  // Then a packet is lost.
    Duration max_reorder_video = std::chrono::milliseconds{800};
    DataRate min_bitrate = DataRate::kbps(30);
    DataRate start_bitrate = DataRate::kbps(300);
    DataRate max_bitrate = DataRate::mbps(10);
  };

  struct SendRtp {
    std::vector<std::uint8_t> packet = {};
  };
  struct SendRtcp {
    std::vector<std::uint8_t> packet = {};
  };
  struct FrameReceived {
    IncomingFrame frame = {};
  };
  // The peer cannot go on without one.
  struct KeyFrameRequested {
    TransceiverId transceiver = {};
    std::string rid = {};
  };
  // For the encoders, all of them together.
  struct TargetBitrateChanged {
    DataRate target = {};
  };
  using Output =
      std::variant<SendRtp, SendRtcp, FrameReceived, KeyFrameRequested, TargetBitrateChanged>;

  // Why packets of the peer came to nothing.
  struct Counters {
    std::uint64_t malformed_rtp = 0;
    std::uint64_t malformed_rtcp = 0;
    std::uint64_t unroutable = 0;        // Of no section that receives.
    std::uint64_t unmatched_repair = 0;  // RTX of a stream that has not begun.
    std::uint64_t padding = 0;           // RTX without anything in it; no harm.
  };

  // `random` outlives it. `cname` names us in RTCP.
  MediaSession(const Config& config, std::string cname, Random& random);

  // What the descriptions agree on, from now on.
  void configure(Time now, const std::vector<Agreement>& agreements);
  // The path carries media from now on. Before it, frames are refused.
  void start(Time now);
  void handle_route_change(Time now);
  // Says goodbye to the peer's receivers, then falls silent.
  void close(Time now);

  std::expected<void, Error> send_frame(Time now, TransceiverId id, const OutgoingFrame& frame);
  void request_key_frame(Time now, TransceiverId id, std::string_view rid);
  std::vector<sdp::Codec> send_codecs(TransceiverId id) const;

  void handle_rtp(Time now, Bytes packet);
  void handle_rtcp(Time now, Bytes packet);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  void add_stats(StatsReport& report) const;
  const Counters& counters() const { return counters_; }
  DataRate target() const { return sender_.target(); }

 private:
  using Key = std::pair<TransceiverId, std::string>;  // With the rid.

  void configure_sending(const Agreement& agreement);
  void configure_receiving(const Agreement& agreement);
  void handle_media(Time now, const StreamRouter::Route& route, const rtp::PacketView& packet);
  void handle_repair(Time now, const StreamRouter::Route& route, const rtp::PacketView& packet);
  OutgoingStream* find_outgoing(rtp::Ssrc ssrc);
  IncomingStream* find_incoming(rtp::Ssrc ssrc);

  void handle(Time now, const rtp::rtcp::SenderReport& report);
  void handle(Time now, const rtp::rtcp::ReceiverReport& report);
  void handle(Time now, const rtp::rtcp::ExtendedReport& report);
  void handle(Time now, const rtp::rtcp::Nack& nack);
  void handle(Time now, const rtp::rtcp::PictureLossIndication& indication);
  void handle(Time now, const rtp::rtcp::FullIntraRequest& request);
  void handle(Time now, const rtp::rtcp::ReceiverEstimatedMaximumBitrate& maximum);
  void handle(Time now, const rtp::rtcp::TransportFeedback& feedback);
  void handle(Time, const rtp::rtcp::SourceDescription&) {}
  void handle(Time, const rtp::rtcp::Goodbye&) {}
  void handle_blocks(Time now, const std::vector<rtp::rtcp::ReportBlock>& blocks);
  void set_round_trip_time(Duration rtt);

  void send_reports(Time now);
  void send_feedback(Time now, IncomingStream& stream);
  void send_message(const rtp::rtcp::Message& message);
  rtp::rtcp::ExtendedReport extended_report(Time now);
  void pump(Time now);
  void pump_sender(Time now);
  OutgoingStream* find_padding_stream();

  Config config_;
  std::string cname_;
  Random* random_;
  rtp::Ssrc ssrc_;  // That our reports come from.
  std::map<TransceiverId, Agreement> agreements_;
  std::map<Key, OutgoingStream> outgoing_;
  std::map<Key, IncomingStream> incoming_;
  StreamRouter router_;
  PacketSender sender_;
  rtp::ArrivalLog arrivals_;
  rtp::RoundTripTime rtt_;              // As the peer answers our receiver reference times.
  rtp::ReceiverReferences references_;  // The peer's, which we answer.
  std::optional<std::uint8_t> transport_sequence_id_;  // Of what comes in.
  bool reduced_size_ = false;
  bool started_ = false;
  Time report_due_ = kNever;
  Counters counters_;
  std::deque<Output> outputs_;
};

}  // namespace parley::peer

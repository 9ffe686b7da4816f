#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "codec/frame_builder.h"
#include "peer/media/format.h"
#include "peer/media/frame.h"
#include "rtp/extender.h"
#include "rtp/extension_map.h"
#include "rtp/key_frame_requests.h"
#include "rtp/nack_generator.h"
#include "rtp/packet.h"
#include "rtp/reorder_buffer.h"
#include "rtp/rtcp/message.h"
#include "rtp/statistics.h"
#include "sdp/codec.h"

namespace parley::peer {

// One stream that comes in: its packets put in order, those missing asked for again, its frames put
// together, and its quality told to the sender.
//
// Drive it with handle_packet(); then, and at next_deadline(), take poll_frame() until it returns
// nothing, and then what poll_feedback() has to ask of the sender.
class IncomingStream {
 public:
  struct Identity {
    TransceiverId transceiver = {};
    MediaKind kind = MediaKind::kVideo;
    std::string mid = {};
    std::string rid = {};
    rtp::Ssrc ssrc = {};
  };
  struct Feedback {
    std::vector<std::uint16_t> nack = {};
    std::optional<rtp::rtcp::PictureLossIndication> pli = {};
    std::optional<rtp::rtcp::FullIntraRequest> fir = {};  // Where the peer knows no PLI.
  };
  struct Counters {
    std::uint64_t payload_bytes = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t repaired_packets = 0;
    std::uint64_t frames = 0;
    std::uint64_t key_frames = 0;
    std::uint64_t nacks = 0;  // Messages, as the next two.
    std::uint64_t plis = 0;
    std::uint64_t firs = 0;
    std::uint64_t unknown_payload_types = 0;
  };

  // Of video it asks for a key frame as soon as it sees that it has none to begin with.
  IncomingStream(Identity identity, std::vector<sdp::Codec> codecs, Duration patience);

  void set_codecs(std::vector<sdp::Codec> codecs);

  // `repaired`: it came as RTX. Then it is none of the network's statistics.
  void handle_packet(Time now, const rtp::PacketView& packet, const rtp::ExtensionMap& extensions,
                     bool repaired);
  void handle_sender_report(Time now, const rtp::rtcp::SenderReport& report);
  void set_round_trip_time(Duration rtt) { nack_.set_round_trip_time(rtt); }
  void request_key_frame(Time now);

  std::optional<IncomingFrame> poll_frame(Time now);
  // `sender`: the SSRC that our reports come from.
  Feedback poll_feedback(Time now, rtp::Ssrc sender);
  Time next_deadline() const;

  // For the next report; nothing before the first packet.
  std::optional<rtp::rtcp::ReportBlock> report(Time now) { return statistics_.report(now); }

  const Identity& identity() const { return identity_; }
  const Counters& counters() const { return counters_; }
  const rtp::ReceptionStatistics& statistics() const { return statistics_; }
  std::uint64_t frames_lost() const;
  const std::optional<rtp::rtcp::SenderReport>& last_sender_report() const { return last_report_; }
  std::uint64_t sender_reports() const { return sender_reports_; }
  const sdp::Codec* codec() const { return find_codec(codecs_, last_payload_type_); }

 private:
  bool starts_key_frame(const rtp::PacketView& packet) const;
  codec::FrameBuilder& builder(const sdp::Codec& codec);
  IncomingFrame finish(codec::FrameBuilder::Frame frame, const rtp::OrderedPacket& last,
                       const sdp::Codec& codec);

  Identity identity_;
  std::vector<sdp::Codec> codecs_ = {};
  bool nacks_ = false;  // As they agree: browsers have it for pictures, and refuse it for sound.
  rtp::Extender<std::uint16_t> sequence_;
  rtp::Extender<std::uint32_t> timestamp_;
  rtp::NackGenerator nack_;
  rtp::KeyFrameRequests key_frame_requests_;
  rtp::ReceptionStatistics statistics_;
  rtp::ReorderBuffer order_;
  std::map<std::uint8_t, codec::FrameBuilder> builders_;  // By payload type, of those in codecs_.
  std::uint8_t last_payload_type_ = 0;
  std::uint8_t fir_sequence_ = 0;
  std::optional<rtp::AudioLevel> audio_level_;  // Of the packets of the frame so far.
  std::optional<rtp::VideoOrientation> orientation_;
  std::optional<rtp::rtcp::SenderReport> last_report_;
  std::uint64_t sender_reports_ = 0;
  Counters counters_;
};

}  // namespace parley::peer

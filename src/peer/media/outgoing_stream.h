#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "codec/packetizer.h"
#include "peer/media/format.h"
#include "peer/media/frame.h"
#include "rtp/extension_map.h"
#include "rtp/key_frame_requests.h"
#include "rtp/packet.h"
#include "rtp/packet_history.h"
#include "rtp/rtcp/message.h"
#include "rtp/statistics.h"
#include "sdp/codec.h"

namespace parley::peer {

// One encoding that goes out: its frames cut into packets, the packets kept for who asks again, and
// what the receiver reports of it.
//
// Packets have room for a transport sequence number and a time of sending, which are known only
// when they leave (PacketSender).
class OutgoingStream {
 public:
  struct Identity {
    TransceiverId transceiver = {};
    MediaKind kind = MediaKind::kVideo;
    std::string mid = {};
    std::string rid = {};
    Transceiver::Ssrcs ssrcs = {};
  };
  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t resent_packets = 0;
    std::uint64_t resent_bytes = 0;
    std::uint64_t frames = 0;
    std::uint64_t key_frames = 0;
    std::uint64_t nacks = 0;
    std::uint64_t plis = 0;
    std::uint64_t firs = 0;
  };

  OutgoingStream(Identity identity, Random& random);

  // What is agreed on from now on.
  void configure(std::vector<sdp::Codec> codecs, const rtp::ExtensionMap& extensions, bool active);

  enum class FrameError : std::uint8_t {
    kUnknownCodec,  // Not agreed on.
    kMalformed,     // Not of the codec's format.
  };
  // The frame's packets, in their order; none while the encoding is not active.
  std::expected<std::vector<std::vector<std::uint8_t>>, FrameError> packetize(
      Time now, const OutgoingFrame& frame, std::size_t max_payload);

  // The packet with this number once more, by RTX if that was agreed on; nothing if it is gone, or
  // was sent again just now.
  std::optional<std::vector<std::uint8_t>> resend(Time now, std::uint16_t sequence_number);
  // About `size` bytes that nobody misses, to probe the bandwidth: nothing without RTX.
  std::optional<std::vector<std::uint8_t>> make_padding(Time now, std::size_t size);

  void handle_nack() { ++counters_.nacks; }
  void handle_pli() { ++counters_.plis; }
  // Whether it is a new request.
  bool handle_fir(std::uint8_t sequence_number);
  void handle_report(Time now, const rtp::rtcp::ReportBlock& block);

  // Nothing before the first packet.
  std::optional<rtp::rtcp::SenderReport> report(Time now) const { return statistics_.report(now); }

  const Identity& identity() const { return identity_; }
  bool active() const { return active_; }
  bool can_pad() const;
  const Counters& counters() const { return counters_; }
  const std::vector<sdp::Codec>& codecs() const { return codecs_; }
  const sdp::Codec* codec() const { return find_codec(codecs_, last_payload_type_); }
  const rtp::RoundTripTime& round_trip_time() const { return rtt_; }
  const std::optional<rtp::rtcp::ReportBlock>& last_report() const { return last_report_; }

 private:
  const sdp::Codec* choose(std::string_view codec) const;
  std::vector<std::uint8_t> make_packet(const OutgoingFrame& frame, const sdp::Codec& codec,
                                        const codec::Payload& payload, bool first) const;
  std::vector<std::uint8_t> make_rtx(const rtp::PacketView& packet, const sdp::Codec& codec);
  const sdp::Codec* rtx() const { return find_rtx(codecs_, last_payload_type_); }

  Identity identity_;
  std::vector<sdp::Codec> codecs_;
  rtp::ExtensionMap extensions_;
  bool active_ = true;
  codec::Packetizer packetizer_;
  rtp::SeqNo next_;  // Of the stream itself.
  std::uint16_t next_rtx_;
  std::uint8_t last_payload_type_ = 0;
  std::uint32_t last_timestamp_ = 0;
  rtp::PacketHistory history_;
  rtp::NackResponder responder_;
  rtp::SendStatistics statistics_;
  rtp::RoundTripTime rtt_;
  rtp::FirFilter fir_;
  std::optional<rtp::rtcp::ReportBlock> last_report_;
  Counters counters_;
};

}  // namespace parley::peer

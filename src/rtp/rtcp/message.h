#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "rtp/identifiers.h"
#include "rtp/ntp_time.h"
#include "rtp/rtcp/transport_feedback.h"

// Every RTCP message that we understand, as a plain value. parse() reads a whole datagram,
// write_to() appends one message; both are exact inverses.
namespace parley::rtp::rtcp {

// How one stream is received (RFC 3550, 6.4.1).
struct ReportBlock {
  Ssrc ssrc = {};                      // Of the stream that is reported on.
  std::uint8_t fraction_lost = 0;      // Of 256, since the last report.
  std::int32_t cumulative_lost = 0;    // 24 bits, signed: duplicates make it negative.
  std::uint32_t highest_sequence = 0;  // Extended by its rounds.
  std::uint32_t jitter = 0;            // In units of the RTP timestamp.
  std::uint32_t last_sr = 0;           // NtpTime::middle() of the last sender report; 0: none yet.
  std::uint32_t delay_since_last_sr = 0;  // 16.16 fixed-point seconds.

  friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};

inline constexpr std::size_t kMaxReportBlocks = 31;  // The count has five bits.

struct SenderReport {
  Ssrc sender = {};
  NtpTime ntp = {};
  std::uint32_t rtp_timestamp = 0;  // The same moment, by the stream's own clock.
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  // Payload only.
  std::vector<ReportBlock> blocks = {};

  friend bool operator==(const SenderReport&, const SenderReport&) = default;
};

struct ReceiverReport {
  Ssrc sender = {};
  std::vector<ReportBlock> blocks = {};

  friend bool operator==(const ReceiverReport&, const ReceiverReport&) = default;
};

// Of SDES only the canonical name matters: streams of one name belong together (RFC 3550, 6.5.1).
struct SourceDescription {
  struct Chunk {
    Ssrc ssrc = {};
    std::string cname = {};  // At most 255 bytes.

    friend bool operator==(const Chunk&, const Chunk&) = default;
  };
  std::vector<Chunk> chunks = {};

  friend bool operator==(const SourceDescription&, const SourceDescription&) = default;
};

struct Goodbye {
  std::vector<Ssrc> ssrcs = {};

  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};

// A receiver's clock, and the answer to it: so that who sends nothing can know the round trip too
// (RFC 3611, 4.4 and 4.5).
struct ExtendedReport {
  struct LastReceiverReference {
    Ssrc ssrc = {};
    std::uint32_t last_rr = 0;
    std::uint32_t delay_since_last_rr = 0;  // 16.16 fixed-point seconds.

    friend bool operator==(const LastReceiverReference&, const LastReceiverReference&) = default;
  };
  Ssrc sender = {};
  std::optional<NtpTime> receiver_reference_time = {};
  std::vector<LastReceiverReference> last_receiver_references = {};

  friend bool operator==(const ExtendedReport&, const ExtendedReport&) = default;
};

// These packets, please, once more (RFC 4585, 6.2.1).
struct Nack {
  Ssrc sender = {};
  Ssrc media = {};
  std::vector<std::uint16_t> missing = {};  // In the order of the wire.

  friend bool operator==(const Nack&, const Nack&) = default;
};

// A picture was lost and cannot be repaired: a key frame, please (RFC 4585, 6.3.1).
struct PictureLossIndication {
  Ssrc sender = {};
  Ssrc media = {};

  friend bool operator==(const PictureLossIndication&, const PictureLossIndication&) = default;
};

// The same, numbered, so that a repetition is no second request (RFC 5104, 4.3.1).
struct FullIntraRequest {
  struct Entry {
    Ssrc ssrc = {};
    std::uint8_t sequence_number = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  Ssrc sender = {};
  std::vector<Entry> entries = {};

  friend bool operator==(const FullIntraRequest&, const FullIntraRequest&) = default;
};

// No more than so much, please (draft-alvestrand-rmcat-remb-03).
struct ReceiverEstimatedMaximumBitrate {
  Ssrc sender = {};
  std::uint64_t bits_per_second = 0;  // Travels with 18 significant bits.
  std::vector<Ssrc> ssrcs = {};       // At most 255.

  friend bool operator==(const ReceiverEstimatedMaximumBitrate&,
                         const ReceiverEstimatedMaximumBitrate&) = default;
};

using Message = std::variant<SenderReport, ReceiverReport, SourceDescription, Goodbye,
                             ExtendedReport, Nack, PictureLossIndication, FullIntraRequest,
                             ReceiverEstimatedMaximumBitrate, TransportFeedback>;

enum class ParseError : std::uint8_t {
  kTruncated,  // Shorter than its own fields say.
  kNotRtcp,    // Another version, or no packet type of RTCP.
  kBadPadding,
  kBadMessage,  // A message whose body does not fit its type.
};

std::string_view to_string(ParseError error);

// What one datagram says, in its order: compound (RFC 3550, 6.1) or of reduced size (RFC 5506).
// Message types and feedback formats that we do not know are skipped, as the RFCs ask.
std::expected<std::vector<Message>, ParseError> parse(Bytes datagram);

// Append one message. What has a count of five bits (blocks, chunks, SSRCs) may have at most 31.
void write_to(ByteWriter& writer, const SenderReport& report);
void write_to(ByteWriter& writer, const ReceiverReport& report);
void write_to(ByteWriter& writer, const SourceDescription& description);
void write_to(ByteWriter& writer, const Goodbye& goodbye);
void write_to(ByteWriter& writer, const ExtendedReport& report);
void write_to(ByteWriter& writer, const Nack& nack);
void write_to(ByteWriter& writer, const PictureLossIndication& indication);
void write_to(ByteWriter& writer, const FullIntraRequest& request);
void write_to(ByteWriter& writer, const ReceiverEstimatedMaximumBitrate& maximum);
void write_to(ByteWriter& writer, const TransportFeedback& feedback);
void write_to(ByteWriter& writer, const Message& message);

}  // namespace parley::rtp::rtcp

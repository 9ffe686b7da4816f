#pragma once

#include <cstdint>

// The numbers of the IANA registry "RTP Parameters" that we know. Others are legal, and skipped.
namespace parley::rtp::rtcp {

enum class PacketType : std::uint8_t {
  kSenderReport = 200,
  kReceiverReport = 201,
  kSourceDescription = 202,
  kGoodbye = 203,
  kTransportFeedback = 205,
  kPayloadFeedback = 206,
  kExtendedReport = 207,
};

enum class TransportFormat : std::uint8_t { kNack = 1, kTransportWide = 15 };
enum class PayloadFormat : std::uint8_t { kPli = 1, kFir = 4, kApplication = 15 };
enum class XrBlockType : std::uint8_t { kReceiverReferenceTime = 4, kDlrr = 5 };

}  // namespace parley::rtp::rtcp

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "rtp/identifiers.h"
#include "rtp/packet.h"

// Retransmissions as a stream of their own (RFC 4588): another SSRC and payload type, sequence
// numbers of its own, and the original sequence number in front of the payload.
namespace parley::rtp {

struct RtxStream {
  Ssrc ssrc = {};
  PayloadType payload_type = {};
  std::uint16_t sequence_number = 0;
};

// `original` once more, as the next packet of `stream`. Header extensions go along unchanged.
std::vector<std::uint8_t> to_rtx(const PacketView& original, const RtxStream& stream);

// The packet that `rtx` repeats, as it came from `original`. Nothing where there is no room for the
// original sequence number: padding, as Chromium sends it to probe the bandwidth.
std::optional<std::vector<std::uint8_t>> from_rtx(const PacketView& rtx, Ssrc original_ssrc,
                                                  PayloadType original_payload_type);
// The same, into memory that is used again; false for nothing.
bool from_rtx(const PacketView& rtx, Ssrc original_ssrc, PayloadType original_payload_type,
              std::vector<std::uint8_t>& original);

}  // namespace parley::rtp

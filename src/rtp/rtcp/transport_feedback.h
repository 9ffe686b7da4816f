#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/identifiers.h"

namespace parley::rtp::rtcp {

// Which packets of a transport came, and when: one entry a packet, over all its streams
// (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1).
struct TransportFeedback {
  static constexpr Duration kTick = std::chrono::microseconds(250);
  static constexpr Duration kReferenceTick = std::chrono::milliseconds(64);
  static constexpr std::size_t kMaxPackets = 0xFFFF;

  Ssrc sender = {};
  Ssrc media = {};
  std::uint16_t base_sequence = 0;  // The transport sequence number of the first entry.
  std::uint8_t feedback_count = 0;  // Counts the feedback messages themselves.
  std::int32_t reference_time = 0;  // In kReferenceTick; 24 bits, signed.

  // By sequence number from the base: ticks since the packet that came before it in this list, or
  // since the reference time for the first; none for a packet that has not come. A delta outside of
  // 16 bits cannot be told: the sender begins another message.
  std::vector<std::optional<std::int16_t>> deltas = {};

  friend bool operator==(const TransportFeedback&, const TransportFeedback&) = default;
};

// The body behind the SSRC of the media source. None where counts and bytes do not fit together.
std::optional<TransportFeedback> parse_transport_feedback(Bytes fci);

// The same body, padded to whole words.
void write_transport_feedback(ByteWriter& writer, const TransportFeedback& feedback);

}  // namespace parley::rtp::rtcp

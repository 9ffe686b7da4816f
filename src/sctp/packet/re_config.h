#pragma once

#include <cstdint>
#include <expected>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "sctp/packet/packet_view.h"
#include "sctp/types.h"

namespace parley::sctp {

// The parameters of a RE-CONFIG chunk (RFC 6525, 4). Of each request the sequence number counts up
// from the initial TSN of the end that makes it. No streams means all of them.
struct OutgoingResetRequest {
  std::uint32_t request = 0;
  std::uint32_t response = 0;  // The Incoming Reset Request that asked for this, or the last one's.
  std::uint32_t last_tsn = 0;  // Of what belongs to the old life of the streams.
  std::vector<StreamId> streams = {};
};
struct IncomingResetRequest {
  std::uint32_t request = 0;
  std::vector<StreamId> streams = {};
};
struct AddStreamsRequest {  // That the sender wants to send on.
  std::uint32_t request = 0;
  std::uint16_t count = 0;
};
// SSN/TSN Reset, and Add Incoming Streams: what we refuse.
struct OtherRequest {
  std::uint32_t request = 0;
};
// RFC 6525, 4.4
enum class ResetResult : std::uint32_t {
  kNothingToDo = 0,
  kPerformed = 1,
  kDenied = 2,
  kWrongSsn = 3,
  kAlreadyInProgress = 4,
  kBadSequenceNumber = 5,
  kInProgress = 6,
};
struct ReConfigResponse {
  std::uint32_t response = 0;
  ResetResult result = ResetResult::kNothingToDo;
};

using ReConfigParameter = std::variant<OutgoingResetRequest, IncomingResetRequest,
                                       AddStreamsRequest, OtherRequest, ReConfigResponse>;

// One or two of them: RFC 6525, 3.1 allows no more.
std::expected<std::vector<ReConfigParameter>, ParseError> parse_re_config(Bytes value);

void write_to(ByteWriter& writer, const ReConfigParameter& parameter);

}  // namespace parley::sctp

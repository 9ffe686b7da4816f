#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace parley::sctp {

// Of ERROR and ABORT chunks (RFC 9260, 3.3.10).
enum class ErrorCause : std::uint16_t {
  kInvalidStream = 1,
  kMissingParameter = 2,
  kStaleCookie = 3,
  kOutOfResource = 4,
  kUnresolvableAddress = 5,
  kUnrecognizedChunk = 6,
  kInvalidParameter = 7,
  kUnrecognizedParameters = 8,
  kNoUserData = 9,
  kCookieWhileShuttingDown = 10,
  kRestartWithNewAddresses = 11,
  kUserInitiatedAbort = 12,
  kProtocolViolation = 13,
};

std::string_view to_string(ErrorCause cause);

void write_to(ByteWriter& writer, ErrorCause cause, Bytes information);

// The causes of an ERROR or ABORT chunk in words for a log: at most 256 printable characters.
std::string describe_causes(Bytes value);
// Whether one of the causes is `cause`.
bool has_cause(Bytes value, ErrorCause cause);

}  // namespace parley::sctp

#include "sctp/packet/error_cause.h"

#include <algorithm>
#include <utility>

#include "sctp/packet/chunk.h"

namespace parley::sctp {

namespace {

constexpr std::size_t kMaxText = 256;

}  // namespace

std::string_view to_string(ErrorCause cause) {
  switch (cause) {
    case ErrorCause::kInvalidStream: return "invalid stream identifier";
    case ErrorCause::kMissingParameter: return "missing mandatory parameter";
    case ErrorCause::kStaleCookie: return "stale cookie";
    case ErrorCause::kOutOfResource: return "out of resource";
    case ErrorCause::kUnresolvableAddress: return "unresolvable address";
    case ErrorCause::kUnrecognizedChunk: return "unrecognized chunk type";
    case ErrorCause::kInvalidParameter: return "invalid mandatory parameter";
    case ErrorCause::kUnrecognizedParameters: return "unrecognized parameters";
    case ErrorCause::kNoUserData: return "no user data";
    case ErrorCause::kCookieWhileShuttingDown: return "cookie received while shutting down";
    case ErrorCause::kRestartWithNewAddresses: return "restart with new addresses";
    case ErrorCause::kUserInitiatedAbort: return "user-initiated abort";
    case ErrorCause::kProtocolViolation: return "protocol violation";
  }
  return "unknown cause";
}

void write_to(ByteWriter& writer, ErrorCause cause, Bytes information) {
  write_tlv(writer, std::to_underlying(cause), information);
}

std::string describe_causes(Bytes value) {
  std::string text;
  TlvReader causes(value);
  while (const auto cause = causes.next()) {
    if (text.size() >= kMaxText) break;
    if (!text.empty()) text += ", ";
    const auto code = static_cast<ErrorCause>(cause->type);
    text += to_string(code);
    // These two carry words, if anything.
    if (code != ErrorCause::kUserInitiatedAbort && code != ErrorCause::kProtocolViolation) continue;
    if (cause->value.empty()) continue;
    text += ": ";
    text += as_text(cause->value.first(std::min(cause->value.size(), kMaxText)));
  }
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  text.resize(std::min(text.size(), kMaxText));
  return text;
}

bool has_cause(Bytes value, ErrorCause cause) {
  TlvReader causes(value);
  while (const auto next = causes.next()) {
    if (next->type == std::to_underlying(cause)) return true;
  }
  return false;
}

}  // namespace parley::sctp

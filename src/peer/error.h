#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::peer {

// Why a command was not carried out. The W3C names a DOMException for each; `message` is a
// sentence.
struct Error {
  enum class Kind : std::uint8_t {
    kInvalidState,         // InvalidStateError: not now, or not any more.
    kInvalidModification,  // InvalidModificationError: the description is not the one we made.
    kInvalidAccess,        // InvalidAccessError: the description cannot be applied.
    kSyntax,               // RTCError sdp-syntax-error: `message` names the line.
    kOperation,            // OperationError: it cannot be done, or not with these arguments.
    kLimit,                // More than a limit of the configuration allows.
  };
  Kind kind = Kind::kOperation;
  std::string message = {};

  friend bool operator==(const Error&, const Error&) = default;
};

constexpr std::string_view to_string(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::kInvalidState: return "InvalidStateError";
    case Error::Kind::kInvalidModification: return "InvalidModificationError";
    case Error::Kind::kInvalidAccess: return "InvalidAccessError";
    case Error::Kind::kSyntax: return "SyntaxError";
    case Error::Kind::kOperation: return "OperationError";
    case Error::Kind::kLimit: return "LimitError";
  }
  return {};
}

}  // namespace parley::peer

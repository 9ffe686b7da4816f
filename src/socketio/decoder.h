#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "socketio/packet.h"

namespace parley::socketio {

struct DecoderLimits {
  std::size_t attachments = 10;             // Of one packet; the JavaScript client's own limit.
  std::size_t attachment_bytes = 10 << 20;  // Of one packet, together: we hold them until the last.
};

// Why what a client sent is no packet. It ends the connection.
enum class DecodeError : std::uint8_t {
  kUnknownType,
  kBadAttachmentCount,
  kTooManyAttachments,
  kBadId,
  kBadJson,
  kBadPayload,      // JSON, but not of the kind that the type asks for.
  kReservedEvent,   // "connect" and the like: a client must not fake them.
  kBadPlaceholder,  // It names no attachment.
  kTooLarge,
  kUnexpectedBinary,
  kMissingBinary,  // Text came while an attachment was due.
};

std::string_view to_string(DecodeError error);

// Puts the packets of one client together: a text message, then as many binary messages as it
// announces attachments.
class Decoder {
 public:
  // A packet once it is whole; nothing while attachments are missing.
  using Result = std::expected<std::optional<Packet>, DecodeError>;

  Result add_text(std::string_view text, const DecoderLimits& limits);
  Result add_binary(Bytes data, const DecoderLimits& limits);

 private:
  struct Incomplete {
    Packet packet = {};
    std::size_t expected = 0;
    std::size_t bytes = 0;
    std::vector<std::optional<Json::Binary>> attachments = {};  // Nothing once it is in its place.
  };

  std::unique_ptr<Incomplete>
      incomplete_;  // Null most of the time: an idle client costs a pointer.
};

}  // namespace parley::socketio

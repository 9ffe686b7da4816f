#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace parley::http::websocket {

enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

// RFC 6455, 7.4.1: those that this end says or reports.
enum CloseCode : std::uint16_t {
  kNormalClosure = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kNoStatus = 1005,         // Never sent: the peer's Close frame was empty.
  kAbnormalClosure = 1006,  // Never sent: the connection broke.
  kInvalidData = 1007,
  kMessageTooBig = 1009,
};

// Whether a peer may put that code in a Close frame: assigned ones, and the ranges of libraries and
// applications. 1005, 1006 and 1015 are for reports only.
bool may_be_sent(std::uint16_t close_code);

inline constexpr std::size_t kMaxControlPayload = 125;
inline constexpr std::size_t kMaxFrameHeader = 14;

constexpr bool is_control(Opcode opcode) {
  return (static_cast<std::uint8_t>(opcode) & 0x8) != 0;
}

// The header of a frame that came (RFC 6455, 5.2).
struct FrameHeader {
  bool fin = true;
  bool compressed = false;  // RSV1, as permessage-deflate uses it.
  Opcode opcode = Opcode::kContinuation;
  std::array<std::uint8_t, 4> mask = {};
  std::uint64_t length = 0;
};

// How long the header is whose second byte this is.
std::size_t frame_header_size(std::uint8_t second);

// Parses a whole header from a client. The error is a reason for closing with 1002: RSV2 or RSV3,
// an opcode that is reserved, no mask, a length in more bytes than it needs, a control frame that
// is long or fragmented. Whether RSV1 is in order only the owner knows.
std::expected<FrameHeader, std::string_view> parse_frame_header(Bytes bytes);

// The header of a frame to send: whole, and without a mask.
class OutgoingHeader {
 public:
  OutgoingHeader(Opcode opcode, std::size_t payload_size, bool compressed = false);

  Bytes bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<std::uint8_t, 10> bytes_ = {};
  std::uint8_t size_ = 0;
};

// XORs `from` with the mask into `to`, which is as long. `offset` is how much of the frame's
// payload came before; it may be the same memory.
void unmask(Bytes from, std::span<std::uint8_t> to, std::array<std::uint8_t, 4> mask,
            std::uint64_t offset);

}  // namespace parley::http::websocket

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace parley::sctp {

enum class ChunkType : std::uint8_t {
  kData = 0,
  kInit = 1,
  kInitAck = 2,
  kSack = 3,
  kHeartbeat = 4,
  kHeartbeatAck = 5,
  kAbort = 6,
  kShutdown = 7,
  kShutdownAck = 8,
  kError = 9,
  kCookieEcho = 10,
  kCookieAck = 11,
  kShutdownComplete = 14,
  kReConfig = 130,    // RFC 6525
  kForwardTsn = 192,  // RFC 3758
};

inline constexpr std::size_t kChunkHeaderSize = 4;

// Chunks and parameters are padded to four bytes; their length does not count the padding.
constexpr std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// A chunk, seen in place.
struct ChunkView {
  ChunkType type = ChunkType::kData;
  std::uint8_t flags = 0;
  Bytes value = {};  // Without header and padding.
};

// The two highest bits say what to do with a type that one does not know (RFC 9260, 3.2 for chunks
// and 3.2.1 for parameters).
enum class UnknownAction : std::uint8_t {
  kStop = 0,
  kStopAndReport = 1,
  kSkip = 2,
  kSkipAndReport = 3
};

constexpr UnknownAction action_if_unknown(ChunkType type) {
  return static_cast<UnknownAction>(static_cast<std::uint8_t>(type) >> 6);
}
constexpr UnknownAction action_if_unknown(std::uint16_t parameter_type) {
  return static_cast<UnknownAction>(parameter_type >> 14);
}
constexpr bool stops(UnknownAction action) {
  return action == UnknownAction::kStop || action == UnknownAction::kStopAndReport;
}
constexpr bool reports(UnknownAction action) {
  return action == UnknownAction::kStopAndReport || action == UnknownAction::kSkipAndReport;
}

// A type, a length and a value within a chunk: a parameter, or the cause of an error, which have
// one form (RFC 9260, 3.2.1 and 3.3.10).
struct Tlv {
  std::uint16_t type = 0;
  Bytes value = {};  // Without header and padding.
  Bytes whole = {};  // With its header, without padding.
};

// Reads them off the front. A length that does not fit ends the reading; ok() is false from then
// on.
class TlvReader {
 public:
  explicit TlvReader(Bytes data) : rest_(data) {}

  std::optional<Tlv> next();
  bool ok() const { return ok_; }

 private:
  Bytes rest_;
  bool ok_ = true;
};

// Appends one with its padding.
void write_tlv(ByteWriter& writer, std::uint16_t type, Bytes value);

}  // namespace parley::sctp

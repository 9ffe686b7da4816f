#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "sctp/packet/chunk.h"

namespace parley::sctp {

enum class ParseError : std::uint8_t { kTruncated, kBadLength, kBadValue };

std::string_view to_string(ParseError error);

struct PacketHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t verification_tag = 0;
};

inline constexpr std::size_t kPacketHeaderSize = 12;

// An SCTP packet of which every chunk lies within it, seen in place: it borrows the datagram.
//
// parse() checks the lengths of the chunks, not what is in them, and not the checksum: whether that
// may be zero depends on the association.
class PacketView {
 public:
  static std::expected<PacketView, ParseError> parse(Bytes datagram);

  const PacketHeader& header() const { return header_; }
  bool has_zero_checksum() const { return checksum_ == 0; }
  bool has_right_checksum() const;

  // The chunk at `offset`, which is moved behind it; nothing at the end. Start with zero.
  std::optional<ChunkView> next_chunk(std::size_t& offset) const;

 private:
  PacketView() = default;

  PacketHeader header_ = {};
  std::uint32_t checksum_ = 0;
  Bytes datagram_;
};

}  // namespace parley::sctp

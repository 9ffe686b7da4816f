#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "sctp/packet/big_endian.h"
#include "sctp/packet/chunk.h"
#include "sctp/types.h"

namespace parley::sctp {

// A DATA chunk: a message, or a fragment of one (RFC 9260, 3.3.1).
struct Data {
  static constexpr std::size_t kHeadSize =
      12;  // Before the payload, and behind the chunk's header.

  bool first = false;  // B
  bool last = false;   // E
  bool unordered = false;
  bool immediately = false;  // I: the sender would like a SACK now (RFC 7053).
  std::uint32_t tsn = 0;
  StreamId stream = {};
  std::uint16_t ssn = 0;  // Stream Sequence Number; it means nothing in an unordered message.
  Ppid ppid = Ppid::kBinary;
  Bytes payload = {};  // Borrowed.

  // Nothing where the chunk is too short. An empty payload is for the caller to refuse.
  static std::optional<Data> parse(const ChunkView& chunk) {
    if (chunk.value.size() < kHeadSize) return std::nullopt;
    const std::uint8_t* const at = chunk.value.data();
    return Data{.first = (chunk.flags & 0x02) != 0,
                .last = (chunk.flags & 0x01) != 0,
                .unordered = (chunk.flags & 0x04) != 0,
                .immediately = (chunk.flags & 0x08) != 0,
                .tsn = load_u32(at),
                .stream = {load_u16(at + 4)},
                .ssn = load_u16(at + 6),
                .ppid = static_cast<Ppid>(load_u32(at + 8)),
                .payload = chunk.value.subspan(kHeadSize)};
  }

  std::uint8_t flags() const {
    return static_cast<std::uint8_t>((last ? 0x01 : 0) | (first ? 0x02 : 0) |
                                     (unordered ? 0x04 : 0) | (immediately ? 0x08 : 0));
  }
  std::array<std::uint8_t, kHeadSize> head() const {
    std::array<std::uint8_t, kHeadSize> bytes;
    store_u32(bytes.data(), tsn);
    store_u16(bytes.data() + 4, stream.value);
    store_u16(bytes.data() + 6, ssn);
    store_u32(bytes.data() + 8, static_cast<std::uint32_t>(ppid));
    return bytes;
  }
};

}  // namespace parley::sctp

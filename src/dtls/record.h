#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace parley::dtls {

enum class ContentType : std::uint8_t {  // RFC 5246, 6.2.1.
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
};

inline constexpr std::size_t kRecordHeaderSize = 13;  // RFC 6347, 4.1.
inline constexpr std::uint16_t kDtls12 = 0xfefd;

// One record of a datagram, still as it travels.
struct Record {
  ContentType type = {};
  std::uint16_t version = 0;
  std::uint16_t epoch = 0;  // 0: in plain text; 1: as the first handshake agreed.
  std::uint64_t sequence_number = 0;
  Bytes body = {};
  Bytes whole = {};  // With its header.
};

// Takes the next record off the front of a datagram. Nothing: no whole one is left.
inline std::optional<Record> take_record(Bytes& datagram) {
  ByteReader reader(datagram);
  Record record{.type = static_cast<ContentType>(reader.u8()), .version = reader.u16()};
  record.epoch = reader.u16();
  record.sequence_number = static_cast<std::uint64_t>(reader.u16()) << 32;
  record.sequence_number |= reader.u32();
  record.body = reader.bytes(reader.u16());
  if (!reader.ok()) return std::nullopt;
  record.whole = datagram.first(kRecordHeaderSize + record.body.size());
  datagram = datagram.subspan(record.whole.size());
  return record;
}

}  // namespace parley::dtls

#include "rtp/packet_writer.h"

#include <utility>

#include "base/assert.h"

namespace parley::rtp {
namespace {

constexpr std::uint8_t kMaxOneByteId = 14;
constexpr std::size_t kMaxOneByteValue = 16;
constexpr std::size_t kMaxTwoByteValue = 255;
constexpr std::size_t kMaxCsrcs = 15;

}  // namespace

PacketWriter::PacketWriter(const Header& header, std::span<const Ssrc> csrcs) {
  PARLEY_ASSERT(csrcs.size() <= kMaxCsrcs);
  packet_.u8(static_cast<std::uint8_t>(0x80 | csrcs.size()));
  packet_.u8(static_cast<std::uint8_t>((header.marker ? 0x80 : 0) |
                                       std::to_underlying(header.payload_type)));
  packet_.u16(header.sequence_number);
  packet_.u32(header.timestamp);
  packet_.u32(std::to_underlying(header.ssrc));
  for (const Ssrc csrc : csrcs) packet_.u32(std::to_underlying(csrc));
}

void PacketWriter::add_extension(std::uint8_t id, Bytes value) {
  PARLEY_ASSERT(id != 0 && value.size() <= kMaxTwoByteValue);
  const bool fits = id <= kMaxOneByteId && !value.empty() && value.size() <= kMaxOneByteValue;
  if (!fits && !two_byte_) widen_extensions();
  if (two_byte_) {
    extensions_.push_back(id);
    extensions_.push_back(static_cast<std::uint8_t>(value.size()));
  } else {
    extensions_.push_back(static_cast<std::uint8_t>(std::size_t{id} << 4 | (value.size() - 1)));
  }
  extensions_.insert(extensions_.end(), value.begin(), value.end());
}

// What stands there already becomes two-byte elements.
void PacketWriter::widen_extensions() {
  two_byte_ = true;
  std::vector<std::uint8_t> wide;
  ByteReader narrow(extensions_);
  while (!narrow.at_end()) {
    const std::uint8_t first = narrow.u8();
    const Bytes value = narrow.bytes((first & 0x0F) + std::size_t{1});
    wide.push_back(first >> 4);
    wide.push_back(static_cast<std::uint8_t>(value.size()));
    wide.insert(wide.end(), value.begin(), value.end());
  }
  extensions_ = std::move(wide);
}

void PacketWriter::set_payload(Bytes payload) {
  payload_ = payload;
}

void PacketWriter::set_padding(std::uint8_t size) {
  padding_ = size;
}

std::vector<std::uint8_t> PacketWriter::take() {
  const bool has_extensions = !extensions_.empty();
  if (has_extensions) {
    extensions_.resize((extensions_.size() + 3) / 4 * 4);
    packet_.u16(two_byte_ ? 0x1000 : 0xBEDE);
    packet_.u16(static_cast<std::uint16_t>(extensions_.size() / 4));
    packet_.bytes(extensions_);
  }
  packet_.bytes(payload_);
  if (padding_ > 0) {
    packet_.zeros(padding_ - std::size_t{1});
    packet_.u8(padding_);
  }
  std::vector<std::uint8_t> packet = packet_.take();
  packet[0] = static_cast<std::uint8_t>(packet[0] | (has_extensions ? 0x10 : 0) |
                                        (padding_ > 0 ? 0x20 : 0));
  return packet;
}

}  // namespace parley::rtp

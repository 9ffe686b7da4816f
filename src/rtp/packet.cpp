#include "rtp/packet.h"

#include <utility>

namespace parley::rtp {
namespace {

constexpr std::size_t kFixedHeader = 12;
constexpr std::uint16_t kOneByteProfile = 0xBEDE;
constexpr std::uint16_t kTwoByteProfile = 0x1000;  // The low four bits are the application's.
constexpr std::uint8_t kPaddingElement = 0;
constexpr std::uint8_t kStopElement = 15;  // In the one-byte form: ignore the rest.

std::uint16_t read_u16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t read_u32(Bytes bytes, std::size_t at) {
  return std::uint32_t{read_u16(bytes, at)} << 16 | read_u16(bytes, at + 2);
}

void write_u16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void write_u32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  write_u16(bytes, at, static_cast<std::uint16_t>(value >> 16));
  write_u16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

// Packet types 192 to 223 are RTCP's where both share a port (RFC 5761, 4).
constexpr bool is_rtcp(std::uint8_t second_byte) {
  return second_byte >= 192 && second_byte <= 223;
}

}  // namespace

std::expected<PacketView, ParseError> PacketView::parse_header(Bytes packet) {
  if (packet.size() < kFixedHeader) return std::unexpected(ParseError::kTruncated);
  if (packet[0] >> 6 != 2 || is_rtcp(packet[1])) return std::unexpected(ParseError::kNotRtp);
  PacketView view;
  view.packet_ = packet;

  ByteReader reader(packet.subspan(kFixedHeader));
  reader.bytes(4 * view.csrc_count());
  const bool has_extension = (packet[0] & 0x10) != 0;
  if (has_extension) {
    const std::uint16_t profile = reader.u16();
    const std::uint16_t words = reader.u16();
    const Bytes elements = reader.bytes(std::size_t{4} * words);
    view.two_byte_extensions_ = (profile & 0xFFF0) == kTwoByteProfile;
    if (profile == kOneByteProfile || view.two_byte_extensions_) view.extensions_ = elements;
  }
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);

  ExtensionReader extensions(view);
  while (extensions.next()) continue;
  if (!extensions.ok()) return std::unexpected(ParseError::kBadExtension);

  view.header_size_ = packet.size() - reader.remaining();
  view.payload_size_ = reader.remaining();
  return view;
}

std::expected<PacketView, ParseError> PacketView::parse(Bytes packet) {
  auto view = parse_header(packet);
  const bool has_padding = view && (packet[0] & 0x20) != 0;
  if (!has_padding) return view;
  const std::size_t padding = packet.back();  // It counts itself (RFC 3550, 5.1).
  if (padding == 0 || padding > view->payload_size_) {
    return std::unexpected(ParseError::kBadPadding);
  }
  view->payload_size_ -= padding;
  return view;
}

std::uint16_t PacketView::sequence_number() const {
  return read_u16(packet_, 2);
}

std::uint32_t PacketView::timestamp() const {
  return read_u32(packet_, 4);
}

Ssrc PacketView::ssrc() const {
  return Ssrc{read_u32(packet_, 8)};
}

Ssrc PacketView::csrc(std::size_t index) const {
  return Ssrc{read_u32(packet_, kFixedHeader + 4 * index)};
}

std::optional<Bytes> PacketView::find_extension(std::uint8_t id) const {
  ExtensionReader reader(*this);
  while (const auto element = reader.next()) {
    if (element->id == id) return element->value;
  }
  return std::nullopt;
}

PacketView::ExtensionReader::ExtensionReader(const PacketView& packet)
    : rest_(packet.extensions_), two_byte_(packet.two_byte_extensions_) {}

std::optional<ExtensionElement> PacketView::ExtensionReader::next() {
  while (!rest_.at_end()) {
    const std::uint8_t first = rest_.u8();
    if (first == kPaddingElement) continue;
    const std::uint8_t id = two_byte_ ? first : static_cast<std::uint8_t>(first >> 4);
    if (!two_byte_ && id == kStopElement) return std::nullopt;
    const std::size_t length = two_byte_ ? rest_.u8() : (first & 0x0F) + std::size_t{1};
    const Bytes value = rest_.bytes(length);
    if (!rest_.ok()) return std::nullopt;
    if (id == kPaddingElement) continue;  // Id 0 with a length: padding too (RFC 8285, 4.2).
    return ExtensionElement{.id = id, .value = value};
  }
  return std::nullopt;
}

void set_marker(std::span<std::uint8_t> packet, bool marker) {
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x7F) | (marker ? 0x80 : 0));
}

void set_payload_type(std::span<std::uint8_t> packet, PayloadType type) {
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | std::to_underlying(type));
}

void set_sequence_number(std::span<std::uint8_t> packet, std::uint16_t sequence_number) {
  write_u16(packet, 2, sequence_number);
}

void set_timestamp(std::span<std::uint8_t> packet, std::uint32_t timestamp) {
  write_u32(packet, 4, timestamp);
}

void set_ssrc(std::span<std::uint8_t> packet, Ssrc ssrc) {
  write_u32(packet, 8, std::to_underlying(ssrc));
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::kTruncated: return "truncated";
    case ParseError::kNotRtp: return "not RTP";
    case ParseError::kBadPadding: return "bad padding";
    case ParseError::kBadExtension: return "bad header extension";
  }
  std::unreachable();
}

}  // namespace parley::rtp

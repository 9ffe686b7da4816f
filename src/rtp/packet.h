#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "rtp/identifiers.h"

namespace parley::rtp {

enum class ParseError : std::uint8_t {
  kTruncated,  // Shorter than its own fields say.
  kNotRtp,     // Another version, or RTCP.
  kBadPadding,
  kBadExtension,
};

std::string_view to_string(ParseError error);

// One header extension element (RFC 8285).
struct ExtensionElement {
  std::uint8_t id = 0;  // 1 to 14 in the one-byte form, 1 to 255 in the two-byte form.
  Bytes value = {};
};

// A well-formed RTP packet, seen in place: it borrows the datagram. The whole shape is checked by
// parse(), so no getter can fail.
class PacketView {
 public:
  // Also right for a packet whose payload is still encrypted, but for its padding: then
  // parse_header().
  static std::expected<PacketView, ParseError> parse(Bytes packet);

  // Header and extensions only; all that follows is payload, padding included.
  static std::expected<PacketView, ParseError> parse_header(Bytes packet);

  bool marker() const { return (packet_[1] & 0x80) != 0; }
  PayloadType payload_type() const {
    return PayloadType{static_cast<std::uint8_t>(packet_[1] & 0x7F)};
  }
  std::uint16_t sequence_number() const;
  std::uint32_t timestamp() const;
  Ssrc ssrc() const;
  std::size_t csrc_count() const { return packet_[0] & 0x0F; }
  Ssrc csrc(std::size_t index) const;

  std::optional<Bytes> find_extension(std::uint8_t id) const;

  // Calls `visit(ExtensionElement)` for each element, in their order.
  template <class Visit>
  void for_each_extension(Visit&& visit) const {
    ExtensionReader reader(*this);
    while (const auto element = reader.next()) visit(*element);
  }

  Bytes header() const { return packet_.first(header_size_); }  // With CSRCs and extensions.
  Bytes payload() const { return packet_.subspan(header_size_, payload_size_); }
  std::size_t padding_size() const { return packet_.size() - header_size_ - payload_size_; }
  Bytes bytes() const { return packet_; }

 private:
  class ExtensionReader {
   public:
    explicit ExtensionReader(const PacketView& packet);
    std::optional<ExtensionElement> next();
    bool ok() const { return rest_.ok(); }

   private:
    ByteReader rest_;
    bool two_byte_ = false;
  };

  Bytes packet_;
  std::size_t header_size_ = 0;
  std::size_t payload_size_ = 0;
  Bytes extensions_;  // Empty where the profile is not one of RFC 8285.
  bool two_byte_extensions_ = false;
};

// Overwrites fields of a packet that parse_header() took.
void set_marker(std::span<std::uint8_t> packet, bool marker);
void set_payload_type(std::span<std::uint8_t> packet, PayloadType type);
void set_sequence_number(std::span<std::uint8_t> packet, std::uint16_t sequence_number);
void set_timestamp(std::span<std::uint8_t> packet, std::uint32_t timestamp);
void set_ssrc(std::span<std::uint8_t> packet, Ssrc ssrc);

}  // namespace parley::rtp

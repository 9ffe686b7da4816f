#include "sctp/dcep.h"

#include <algorithm>
#include <utility>

namespace parley::sctp {

namespace dcep {
namespace {

enum class MessageType : std::uint8_t { kAck = 0x02, kOpen = 0x03 };

// RFC 8832, 5.1. The highest bit says unordered.
enum class ChannelType : std::uint8_t { kReliable = 0, kByCount = 1, kByTime = 2 };
constexpr std::uint8_t kUnordered = 0x80;

Priority nearest(std::uint16_t wire) {
  if (wire <= 192) return Priority::kVeryLow;
  if (wire <= 384) return Priority::kLow;
  return wire <= 768 ? Priority::kMedium : Priority::kHigh;
}

bool set_reliability(ChannelOptions& options, ChannelType type, std::uint32_t parameter) {
  switch (type) {
    case ChannelType::kReliable: return true;
    case ChannelType::kByCount:
      options.max_retransmits = static_cast<std::uint16_t>(std::min(parameter, 0xFFFFU));
      return true;
    case ChannelType::kByTime:
      options.max_packet_lifetime = std::chrono::milliseconds{parameter};
      return true;
  }
  return false;
}

std::expected<std::variant<Open, Ack>, ParseError> parse_open(ByteReader reader) {
  const std::uint8_t type = reader.u8();
  const std::uint16_t priority = reader.u16();
  const std::uint32_t parameter = reader.u32();
  const std::size_t label_length = reader.u16();
  const std::size_t protocol_length = reader.u16();
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);
  if (reader.remaining() != label_length + protocol_length) {
    return std::unexpected(ParseError::kBadLength);
  }
  ChannelOptions options{.label = std::string(as_text(reader.bytes(label_length))),
                         .protocol = std::string(as_text(reader.bytes(protocol_length))),
                         .ordered = (type & kUnordered) == 0,
                         .priority = nearest(priority)};
  const auto channel_type = static_cast<ChannelType>(type & ~kUnordered);
  if (!set_reliability(options, channel_type, parameter)) {
    return std::unexpected(ParseError::kUnknownType);
  }
  return Open{.options = std::move(options)};
}

}  // namespace

std::expected<std::variant<Open, Ack>, ParseError> parse(Bytes message) {
  ByteReader reader(message);
  const auto type = static_cast<MessageType>(reader.u8());
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);
  switch (type) {
    case MessageType::kOpen: return parse_open(reader);
    case MessageType::kAck: return Ack{};
  }
  return std::unexpected(ParseError::kUnknownType);
}

std::vector<std::uint8_t> open(const ChannelOptions& options) {
  ChannelType type = ChannelType::kReliable;
  std::uint32_t parameter = 0;
  if (options.max_retransmits) {
    type = ChannelType::kByCount;
    parameter = *options.max_retransmits;
  } else if (options.max_packet_lifetime) {
    type = ChannelType::kByTime;
    parameter = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(options.max_packet_lifetime->count(), 0, 0xFFFF'FFFF));
  }
  ByteWriter writer;
  writer.u8(std::to_underlying(MessageType::kOpen));
  writer.u8(
      static_cast<std::uint8_t>(std::to_underlying(type) | (options.ordered ? 0 : kUnordered)));
  writer.u16(std::to_underlying(options.priority));
  writer.u32(parameter);
  writer.u16(static_cast<std::uint16_t>(options.label.size()));
  writer.u16(static_cast<std::uint16_t>(options.protocol.size()));
  writer.text(options.label);
  writer.text(options.protocol);
  return writer.take();
}

std::vector<std::uint8_t> ack() {
  return {std::to_underlying(MessageType::kAck)};
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::kTruncated: return "truncated";
    case ParseError::kBadLength: return "bad length";
    case ParseError::kUnknownType: return "unknown type";
  }
  std::unreachable();
}

}  // namespace dcep
}  // namespace parley::sctp

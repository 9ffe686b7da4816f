#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::sctp {

// RFC 8831, 6.4 and RFC 8832, 5.1: W3C's four words for the 16 bits.
enum class Priority : std::uint16_t { kVeryLow = 128, kLow = 256, kMedium = 512, kHigh = 1'024 };

// What both ends of a data channel must agree on. W3C's RTCDataChannelInit.
struct ChannelOptions {
  std::string label = {};     // UTF-8, at most 65,535 bytes; as `protocol`.
  std::string protocol = {};  // A subprotocol of the application; empty is none.
  bool ordered = true;
  // At most one of these two; without either, the channel is reliable.
  std::optional<std::uint16_t> max_retransmits = {};
  std::optional<std::chrono::milliseconds> max_packet_lifetime = {};
  Priority priority = Priority::kLow;
  // A channel that both ends open by themselves with this stream id, without a word on the wire.
  std::optional<std::uint16_t> negotiated = {};

  friend bool operator==(const ChannelOptions&, const ChannelOptions&) = default;
};

namespace dcep {

// The Data Channel Establishment Protocol's two messages (RFC 8832, 5).
struct Open {
  ChannelOptions options = {};  // `negotiated` is never set.
};
struct Ack {};

enum class ParseError : std::uint8_t { kTruncated, kBadLength, kUnknownType };

std::string_view to_string(ParseError error);

// An unknown channel type is an error, a priority between W3C's words is taken for the nearest.
std::expected<std::variant<Open, Ack>, ParseError> parse(Bytes message);

std::vector<std::uint8_t> open(const ChannelOptions& options);
std::vector<std::uint8_t> ack();

}  // namespace dcep
}  // namespace parley::sctp

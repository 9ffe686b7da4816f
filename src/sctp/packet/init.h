#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "base/bytes.h"
#include "sctp/packet/packet_view.h"

namespace parley::sctp {

// What an end can do beyond RFC 9260, as it says in its INIT or INIT ACK.
struct Capabilities {
  bool partial_reliability = false;  // FORWARD-TSN (RFC 3758)
  bool re_config = false;            // RFC 6525
  bool zero_checksum = false;        // Over DTLS (RFC 9653)

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

// INIT and INIT ACK, which have one form (RFC 9260, 3.3.2 and 3.3.3).
struct Init {
  static constexpr std::size_t kMaxUnrecognized = 512;

  std::uint32_t initiate_tag = 0;
  std::uint32_t receive_window = 0;
  std::uint16_t outbound_streams = 0;
  std::uint16_t inbound_streams = 0;
  std::uint32_t initial_tsn = 0;
  Capabilities capabilities = {};
  Bytes state_cookie = {};  // In INIT ACK. Borrowed from what was parsed.
  // Unrecognized Parameters, as they go into the INIT ACK that answers: each wraps one that we do
  // not know and that asks to be reported. At most kMaxUnrecognized bytes.
  std::vector<std::uint8_t> unrecognized = {};

  static std::expected<Init, ParseError> parse(Bytes value);
  // The value of the chunk.
  std::vector<std::uint8_t> write() const;
};

}  // namespace parley::sctp

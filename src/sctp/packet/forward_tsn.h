#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "sctp/types.h"

namespace parley::sctp {

// FORWARD TSN: what is at or before this, and has not come, will not (RFC 3758, 3.2).
struct ForwardTsn {
  // The last ordered message of the stream that is skipped.
  struct Skipped {
    StreamId stream = {};
    std::uint16_t ssn = 0;

    friend bool operator==(const Skipped&, const Skipped&) = default;
  };

  std::uint32_t new_cumulative_tsn = 0;
  std::vector<Skipped> skipped = {};

  static std::optional<ForwardTsn> parse(Bytes value);
  std::vector<std::uint8_t> write() const;

  friend bool operator==(const ForwardTsn&, const ForwardTsn&) = default;
};

}  // namespace parley::sctp

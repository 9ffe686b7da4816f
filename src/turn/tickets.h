#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "turn/protocol.h"

namespace parley::turn {

// What a MOBILITY-TICKET says (RFC 8016): which allocation, and a secret.
struct Ticket {
  AllocationId allocation = {};
  std::uint64_t secret = 0;

  // Ids of an instance's allocations follow on this: the upper 16 bits are ServerConfig::instance.
  static constexpr std::uint64_t first_allocation(std::uint16_t instance) {
    return std::uint64_t{instance} << 48;
  }
  std::uint16_t instance() const { return static_cast<std::uint16_t>(allocation.value >> 48); }
};

using TicketKey = std::array<std::uint8_t, 32>;

// Tickets as they travel: nobody without the key can read or make one (RFC 8016, 5). The same
// ticket looks the same each time, so an answer can be repeated.
class Tickets {
 public:
  static constexpr std::size_t kSize = 32;

  explicit Tickets(const TicketKey& key);

  std::array<std::uint8_t, kSize> seal(const Ticket& ticket) const;
  std::optional<Ticket> open(Bytes value) const;
  // Of a Refresh that shows a ticket: whose allocation it is about. Cheap for all other packets.
  std::optional<std::uint16_t> instance_asked_for(Bytes packet) const;

 private:
  crypto::Sha256Digest tag_key_;
  crypto::Sha256Digest cipher_key_;
};

}  // namespace parley::turn

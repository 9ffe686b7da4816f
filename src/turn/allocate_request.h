#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>

#include "base/time.h"
#include "net/path.h"
#include "stun/attributes.h"
#include "stun/message.h"
#include "turn/protocol.h"

namespace parley::turn {

// What an Allocate request asks for (RFC 8656, 7.1; RFC 6062, 4.1).
struct AllocateRequest {
  net::Transport transport = net::Transport::kUdp;  // To the peers.
  bool ipv4 = true;
  bool ipv6 = false;  // Both: ADDITIONAL-ADDRESS-FAMILY; what cannot be had is told apart.
  bool even_port = false;
  bool reserve_next = false;  // The R bit of EVEN-PORT.
  std::optional<std::uint64_t> reservation = {};
  std::optional<std::uint32_t> lifetime = {};  // In seconds.
  bool mobility = false;

  friend bool operator==(const AllocateRequest&, const AllocateRequest&) = default;

  // Those checks of 7.2 that need only the request; `client` is what it came over. Else the code of
  // the answer.
  static std::expected<AllocateRequest, stun::ErrorCode> parse(const stun::MessageView& request,
                                                               net::Transport client);
};

// REQUESTED-ADDRESS-FAMILY, ADDITIONAL-ADDRESS-FAMILY: nothing if it is missing; 400 if it is
// malformed, 440 if the family is neither.
std::expected<std::optional<Family>, stun::ErrorCode> read_family(const stun::MessageView& request,
                                                                  stun::Attribute type);

// How long an allocation is to last that asked for `seconds` (7.2): never less than the default.
Duration lifetime_of(std::optional<std::uint32_t> seconds, Duration standard, Duration longest);

}  // namespace parley::turn

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "net/path.h"
#include "stun/attributes.h"
#include "stun/message.h"
#include "turn/allocate_request.h"
#include "turn/authenticator.h"
#include "turn/channel_table.h"
#include "turn/permissions.h"
#include "turn/protocol.h"
#include "turn/quotas.h"

namespace parley::turn {

// A request that is to be answered, now or once the owner has done something for it.
struct Exchange {
  net::Path path = {};
  stun::Method method = {};
  stun::TransactionId id = {};
  bool fingerprint = false;
  Seal seal = {};
};

// An allocation whose sockets are being opened.
struct Opening {
  Exchange exchange = {};
  AllocateRequest request = {};
  RelayId next = {};  // The relay that is to be reserved.
  int attempts_left = 0;
};

// One relayed address of an allocation, or none: of a family that was not asked for, that could not
// be had (`error`), or that was let go of.
struct Slot {
  RelayId relay = {};
  Time expires = kNever;
  std::optional<stun::ErrorCode> error = {};
};

// What one client has (RFC 8656, 3.2).
struct Allocation {
  AllocationId id = {};
  net::Path client = {};
  bool is_attached = true;  // Of a stream that closed a mobile client is to come back.
  // RFC 8016: where the client has moved to, until it sends data from there.
  std::optional<net::Path> moving_to = {};
  User user = {};
  Quotas::Lease lease = {};
  net::Transport transport = net::Transport::kUdp;
  std::array<Slot, 2> slots = {};        // IPv4, IPv6.
  stun::TransactionId allocate_id = {};  // Of the request that made it, to know it again.
  std::uint64_t reservation = 0;         // The token that it was answered with.
  std::optional<std::uint64_t> ticket = {};
  // The one that `ticket` was given for. The client may not have heard: it is good until the client
  // has moved, and from where it is then, to have the answer repeated.
  std::optional<std::uint64_t> previous_ticket = {};
  bool has_moved = false;
  Permissions permissions = {};
  ChannelTable channels = {};
  std::vector<ConnectionId> connections = {};
  std::unique_ptr<Opening> opening = {};  // Until it is answered.
  Time deadline = kNever;                 // Under which it stands in the server's queue.

  Slot& slot(Family family) { return slots[family == Family::kIpv4 ? 0 : 1]; }
  Slot& slot_for(const net::IpAddress& peer) { return slots[peer.is_v4() ? 0 : 1]; }
  bool stays_at(const net::Path& path) const { return is_attached && !moving_to && client == path; }
  bool has_relay() const { return slots[0].relay || slots[1].relay; }
  Time expires() const;  // The first of its addresses.
};

}  // namespace parley::turn

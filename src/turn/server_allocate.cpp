// Server: allocations come and go.
#include <algorithm>
#include <array>
#include <utility>

#include "stun/attributes.h"
#include "turn/server.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::ErrorCode;
using stun::MessageBuilder;
using stun::MessageView;

constexpr std::array kFamilies = {Family::kIpv4, Family::kIpv6};

// ADDRESS-ERROR-CODE (RFC 8656, 18.12).
void add_address_error(MessageBuilder& message, Family family, ErrorCode code) {
  const auto number = static_cast<unsigned>(std::to_underlying(code));
  message.add_u32(Attribute::kAddressErrorCode, std::uint32_t{std::to_underlying(family)} << 24 |
                                                    number / 100 << 8 | number % 100);
}

std::uint32_t seconds_until(Time now, Time expires) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(expires - now).count();
  return static_cast<std::uint32_t>(std::max<std::int64_t>(left, 0));
}

}  // namespace

// RFC 8656, 7.2.
void Server::on_allocate(Time now, const Exchange& exchange, const MessageView& request,
                         const User& user, Allocation* existing) {
  if (existing != nullptr) {
    const bool again = existing->allocate_id == exchange.id && existing->client == exchange.path &&
                       existing->user.username == user.username;
    if (!again) return fail(exchange, ErrorCode::kAllocationMismatch);
    if (!existing->opening) return answer_allocated(now, exchange, *existing);
    ++counters_.dropped_retransmission;
    return;
  }
  const auto allocate = AllocateRequest::parse(request, exchange.path.transport);
  if (!allocate) return fail(exchange, allocate.error());
  if (const auto code = refusal_of(exchange.path, *allocate, user)) return fail(exchange, *code);
  const Quotas::Lease lease = quotas_.begin(user_of(user.username), exchange.path.remote.ip);
  if (lease.user == nullptr) return fail(exchange, ErrorCode::kAllocationQuotaReached);

  const AllocationId id{++last_allocation_};
  Allocation& allocation = allocations_[id];
  allocation.id = id;
  allocation.client = exchange.path;
  allocation.user = user;
  allocation.lease = lease;
  allocation.transport = allocate->transport;
  allocation.allocate_id = exchange.id;
  allocation.opening = std::make_unique<Opening>();
  allocation.opening->exchange = exchange;
  allocation.opening->request = *allocate;
  allocation.opening->attempts_left = config_.port_attempts;
  by_path_[exchange.path] = &allocation;
  open_relays(now, allocation);
}

bool Server::has_alternate_for(const net::IpAddress& client) const {
  return std::ranges::any_of(alternates_, [&](const net::SocketAddress& server) {
    return server.ip.is_v4() == client.is_v4();
  });
}

std::optional<ErrorCode> Server::refusal_of(const net::Path& path, const AllocateRequest& request,
                                            const User& user) {
  if (has_alternate_for(path.remote.ip)) return ErrorCode::kTryAlternate;
  if (request.transport == net::Transport::kTcp && !may_have_tcp(user)) {
    return ErrorCode::kUnsupportedTransport;
  }
  if (request.mobility && !config_.mobility) return ErrorCode::kMobilityForbidden;
  if (request.ipv4 != request.ipv6 &&
      !relays_.has_family(request.ipv4 ? Family::kIpv4 : Family::kIpv6)) {
    return ErrorCode::kAddressFamilyNotSupported;
  }
  const bool is_full = allocations_.size() >= config_.max_allocations;
  const bool bad_token = request.reservation && !relays_.find_reserved(*request.reservation);
  if (is_full || bad_token) return ErrorCode::kInsufficientCapacity;
  return std::nullopt;
}

bool Server::may_have_tcp(const User& user) const {
  if (config_.tcp != TcpFor::kUsers) return config_.tcp == TcpFor::kAll;
  const std::string_view name = user_of(user.username);
  const bool is_time_limited = name != user.username;
  return config_.guest_prefix.empty() || !is_time_limited ||
         !name.starts_with(config_.guest_prefix);
}

void Server::open_relays(Time now, Allocation& allocation) {
  const AllocateRequest& request = allocation.opening->request;
  if (request.reservation) {
    open_reserved(allocation);
  } else {
    for (const Family family : kFamilies) {
      if (!(family == Family::kIpv4 ? request.ipv4 : request.ipv6)) continue;
      if (relays_.has_family(family)) {
        open_relay(allocation, family);
      } else {
        allocation.slot(family).error = ErrorCode::kAddressFamilyNotSupported;
      }
    }
  }
  finish_if_open(now, allocation);
}

// With a new port, and for EVEN-PORT with the R bit the next one as well.
void Server::open_relay(Allocation& allocation, Family family) {
  Opening& opening = *allocation.opening;
  Slot& slot = allocation.slot(family);
  const bool pair = opening.request.reserve_next;
  Relay* const relay = opening.attempts_left-- > 0
                           ? relays_.add(family, allocation.transport, allocation.id,
                                         opening.request.even_port, pair)
                           : nullptr;
  if (relay == nullptr) {
    slot.error = ErrorCode::kInsufficientCapacity;
    return;
  }
  slot.relay = relay->id;
  outputs_.push_back(OpenRelay{relay->id, relay->transport, relay->local});
  if (!pair) return;
  const Relay& next = relays_.add_next(*relay);
  opening.next = next.id;
  outputs_.push_back(OpenRelay{next.id, next.transport, next.local});
}

// What was kept with its token; its socket is open already.
void Server::open_reserved(Allocation& allocation) {
  Relay& relay = *relays_.find_reserved(*allocation.opening->request.reservation);
  deadlines_.erase({relay.expires, Timed::kReservation, relay.id.value});
  quotas_.end(relay.lease);
  relay.lease = {};
  relays_.claim(relay, allocation.id);
  allocation.slot(relay.family()).relay = relay.id;
}

bool Server::is_waiting(const Allocation& allocation) {
  const auto is_unopened = [&](RelayId id) { return id && !relays_.find(id)->is_open; };
  return is_unopened(allocation.slots[0].relay) || is_unopened(allocation.slots[1].relay) ||
         is_unopened(allocation.opening->next);
}

void Server::relay_opened(Time now, RelayId id) {
  Relay* const relay = relays_.find(id);
  if (relay == nullptr) return;
  relays_.set_open(*relay);
  Allocation* const allocation = find(relay->allocation);
  if (allocation != nullptr && allocation->opening) finish_if_open(now, *allocation);
}

void Server::relay_failed(Time now, RelayId id) {
  Relay* const relay = relays_.find(id);
  if (relay == nullptr) return;
  if (relay->reservation != 0) {
    deadlines_.erase({relay->expires, Timed::kReservation, id.value});
    quotas_.end(relay->lease);
    return relays_.erase(id);
  }
  Allocation* const allocation = find(relay->allocation);
  const Family family = relay->family();
  relays_.erase(id);
  if (allocation == nullptr) return;
  Slot& slot = allocation->slot(family);
  if (!allocation->opening) {
    slot = {};
    return allocation->has_relay() ? set_deadline(*allocation, allocation->expires())
                                   : erase(*allocation);
  }
  // Of a pair that cannot be had neither is of use.
  RelayId& next = allocation->opening->next;
  if (slot.relay && slot.relay != id) close_relay(slot.relay);
  if (next && next != id) close_relay(next);
  slot.relay = {};
  next = {};
  open_relay(*allocation, family);
  finish_if_open(now, *allocation);
}

void Server::finish_if_open(Time now, Allocation& allocation) {
  if (!is_waiting(allocation)) finish(now, allocation);
}

void Server::finish(Time now, Allocation& allocation) {
  const std::unique_ptr<Opening> opening = std::move(allocation.opening);
  allocation.opening = nullptr;
  if (!allocation.has_relay()) {
    const auto code =
        allocation.slots[0].error ? allocation.slots[0].error : allocation.slots[1].error;
    fail(opening->exchange, code.value_or(ErrorCode::kInsufficientCapacity));
    return erase(allocation);
  }
  const Time expires =
      now + lifetime_of(opening->request.lifetime, config_.default_lifetime, config_.max_lifetime);
  for (Slot& slot : allocation.slots) slot.expires = expires;
  if (opening->next) {
    Relay& next = *relays_.find(opening->next);
    next.lease = quotas_.begin(user_of(allocation.user.username), allocation.client.remote.ip);
    if (next.lease.user == nullptr) {
      close_relay(next.id);
      fail(opening->exchange, ErrorCode::kAllocationQuotaReached);
      return erase(allocation);
    }
    allocation.reservation = relays_.reserve(next);
    next.expires = now + kReservationLifetime;
    deadlines_.insert({next.expires, Timed::kReservation, next.id.value});
  }
  if (opening->request.mobility) allocation.ticket = random_->u64();
  ++counters_.allocations;
  set_deadline(allocation, expires);
  answer_allocated(now, opening->exchange, allocation);
}

void Server::answer_allocated(Time now, const Exchange& exchange, Allocation& allocation) {
  MessageBuilder answer(Class::kSuccess, exchange.method, exchange.id);
  for (const Family family : kFamilies) {
    const Slot& slot = allocation.slot(family);
    if (slot.relay) {
      answer.add_xor_address(Attribute::kXorRelayedAddress, relays_.find(slot.relay)->announced);
    }
  }
  for (const Family family : kFamilies) {
    if (const auto error = allocation.slot(family).error) add_address_error(answer, family, *error);
  }
  answer.add_u32(Attribute::kLifetime, seconds_until(now, allocation.expires()));
  if (allocation.reservation != 0) {
    answer.add_u64(Attribute::kReservationToken, allocation.reservation);
  }
  answer.add_xor_address(Attribute::kXorMappedAddress, exchange.path.remote);
  if (allocation.ticket) {
    answer.add(Attribute::kMobilityTicket, tickets_.seal({allocation.id, *allocation.ticket}));
  }
  send(exchange, std::move(answer));
}

// RFC 8656, 8.2, and RFC 8016, 3.2.
void Server::on_refresh(Time now, const Exchange& exchange, const MessageView& request,
                        Allocation& allocation) {
  const auto family = read_family(request, Attribute::kRequestedAddressFamily);
  if (!family) return fail(exchange, family.error());
  if (*family && !allocation.slot(**family).relay) {
    return fail(exchange, ErrorCode::kPeerAddressFamilyMismatch);
  }
  const auto lifetime = request.find_u32(Attribute::kLifetime);
  if (!lifetime && request.has(Attribute::kLifetime)) {
    return fail(exchange, ErrorCode::kBadRequest);
  }
  const bool has_ticket = request.has(Attribute::kMobilityTicket);
  if (const auto code = refusal_of_move(exchange, request, allocation)) {
    return fail(exchange, *code);
  }
  if (has_ticket && lifetime != 0u) move(allocation, exchange, request);

  const Duration granted =
      lifetime == 0u ? Duration::zero()
                     : lifetime_of(lifetime, config_.default_lifetime, config_.max_lifetime);
  MessageBuilder answer(Class::kSuccess, exchange.method, exchange.id);
  answer.add_u32(Attribute::kLifetime, seconds_until(now, now + granted));
  if (has_ticket && lifetime != 0u) {
    answer.add(Attribute::kMobilityTicket, tickets_.seal({allocation.id, *allocation.ticket}));
  }
  send(exchange, std::move(answer));
  for (const Family each : kFamilies) {
    Slot& slot = allocation.slot(each);
    if (!slot.relay || (*family && *family != each)) continue;
    slot.expires = now + granted;
    if (lifetime == 0u) close_slot(slot);
  }
  if (!allocation.has_relay()) return erase(allocation);
  set_deadline(allocation, allocation.expires());
}

// RFC 8016, 3.2.2. Who is where it was has no use for its ticket, but to have the answer that it
// moved by repeated.
std::optional<ErrorCode> Server::refusal_of_move(const Exchange& exchange,
                                                 const MessageView& request,
                                                 const Allocation& allocation) {
  const auto value = request.find(Attribute::kMobilityTicket);
  if (!value) return std::nullopt;
  if (!allocation.ticket) return ErrorCode::kMobilityForbidden;
  if (find_by_ticket(exchange.path, request) != &allocation) return refusal_of_ticket(request);
  const bool is_spent = allocation.previous_ticket == tickets_.open(*value)->secret;
  if (allocation.stays_at(exchange.path) && !is_spent) return ErrorCode::kBadRequest;
  return std::nullopt;
}

// The client shows its ticket from another path than before: it moves there, or back, or has its
// answer repeated.
void Server::move(Allocation& allocation, const Exchange& exchange, const MessageView& request) {
  if (allocation.moving_to == exchange.path || allocation.stays_at(exchange.path)) return;
  if (allocation.moving_to) by_path_.erase(*allocation.moving_to);
  allocation.moving_to = std::nullopt;
  allocation.previous_ticket = tickets_.open(*request.find(Attribute::kMobilityTicket))->secret;
  allocation.ticket = random_->u64();
  allocation.has_moved = false;
  if (allocation.stays_at(exchange.path)) return;  // It is back before it was away.
  allocation.moving_to = exchange.path;
  by_path_[exchange.path] = &allocation;
  if (!allocation.is_attached) finish_move(allocation);
}

void Server::finish_move(Allocation& allocation) {
  if (allocation.is_attached) by_path_.erase(allocation.client);
  allocation.client = *std::exchange(allocation.moving_to, std::nullopt);
  allocation.is_attached = true;
  allocation.has_moved = true;
}

void Server::client_closed(Time now, const net::Path& path) {
  if (Connection* const connection = connections_.find_data(path)) {
    return peer_closed(now, connection->id);
  }
  const auto it = by_path_.find(path);
  if (it == by_path_.end()) return;
  Allocation& allocation = *it->second;
  if (allocation.moving_to == path) {
    by_path_.erase(it);
    allocation.moving_to = std::nullopt;
  } else if (allocation.moving_to) {
    finish_move(allocation);
  } else if (allocation.ticket) {
    by_path_.erase(it);
    allocation.is_attached = false;
  } else {
    erase(allocation);
  }
}

void Server::close_slot(Slot& slot) {
  if (slot.relay) close_relay(slot.relay);
  slot = {};
}

void Server::close_relay(RelayId relay) {
  outputs_.push_back(CloseRelay{relay});
  relays_.erase(relay);
}

void Server::erase(Allocation& allocation) {
  while (!allocation.connections.empty()) {
    close_connection(*connections_.find(allocation.connections.back()));
  }
  for (Slot& slot : allocation.slots) close_slot(slot);
  if (allocation.opening && allocation.opening->next) close_relay(allocation.opening->next);
  if (allocation.is_attached) by_path_.erase(allocation.client);
  if (allocation.moving_to) by_path_.erase(*allocation.moving_to);
  set_deadline(allocation, kNever);
  quotas_.give_back_permissions(allocation.lease, allocation.permissions.size());
  quotas_.end(allocation.lease);
  allocations_.erase(allocation.id);
}

void Server::set_deadline(Allocation& allocation, Time deadline) {
  if (allocation.deadline != kNever) {
    deadlines_.erase({allocation.deadline, Timed::kAllocation, allocation.id.value});
  }
  allocation.deadline = deadline;
  if (deadline != kNever) {
    deadlines_.insert({deadline, Timed::kAllocation, allocation.id.value});
  }
}

void Server::expire_allocation(Time now, Allocation& allocation) {
  for (Slot& slot : allocation.slots) {
    if (slot.relay && slot.expires <= now) close_slot(slot);
  }
  if (!allocation.has_relay()) return erase(allocation);
  set_deadline(allocation, allocation.expires());
}

void Server::expire_reservation(RelayId id) {
  const Relay& relay = *relays_.find(id);
  deadlines_.erase({relay.expires, Timed::kReservation, id.value});
  quotas_.end(relay.lease);
  close_relay(id);
}

}  // namespace parley::turn

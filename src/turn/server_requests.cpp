// Server: requests, and those about peers.
#include <algorithm>
#include <array>
#include <utility>

#include "stun/attributes.h"
#include "stun/integrity.h"
#include "turn/server.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::ErrorCode;
using stun::MessageBuilder;
using stun::MessageView;
using stun::Method;

// DONT-FRAGMENT aside, all that must be understood of RFC 8489, 8656 and 6062.
constexpr std::array kUnderstood = {
    Attribute::kMappedAddress,
    Attribute::kUsername,
    Attribute::kMessageIntegrity,
    Attribute::kErrorCode,
    Attribute::kUnknownAttributes,
    Attribute::kRealm,
    Attribute::kNonce,
    Attribute::kMessageIntegritySha256,
    Attribute::kPasswordAlgorithm,
    Attribute::kUserhash,
    Attribute::kXorMappedAddress,
    Attribute::kChannelNumber,
    Attribute::kLifetime,
    Attribute::kXorPeerAddress,
    Attribute::kData,
    Attribute::kXorRelayedAddress,
    Attribute::kRequestedAddressFamily,
    Attribute::kEvenPort,
    Attribute::kRequestedTransport,
    Attribute::kReservationToken,
    Attribute::kConnectionId,
};

bool is_ours(Method method) {
  constexpr std::array kMethods = {Method::kAllocate,         Method::kRefresh,
                                   Method::kCreatePermission, Method::kChannelBind,
                                   Method::kConnect,          Method::kConnectionBind};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

// Those of all XOR-PEER-ADDRESS attributes; empty if there is none, or one is malformed.
std::vector<net::IpAddress> read_peers(const MessageView& request) {
  std::vector<net::IpAddress> ips;
  for (const stun::AttributeView& attribute : request.attributes()) {
    if (attribute.type != Attribute::kXorPeerAddress) continue;
    const auto peer = stun::read_xor_address(attribute.value, request.transaction_id());
    if (!peer) return {};
    ips.push_back(peer->ip);
  }
  return ips;
}

}  // namespace

void Server::on_request(Time now, const net::Path& path, const MessageView& request) {
  const auto& discovery = config_.binding.discovery;
  if (!is_ours(request.method()) || (discovery && discovery->is_extra(path))) {
    ++counters_.dropped_unsupported;
    return;
  }
  if (stun::check_fingerprint(request) == stun::Check::kInvalid) {
    ++counters_.dropped_fingerprint;
    return;
  }
  ++counters_.requests;
  Exchange exchange{.path = path,
                    .method = request.method(),
                    .id = request.transaction_id(),
                    .fingerprint = request.has(Attribute::kFingerprint)};
  Allocation* const allocation = allocation_of(path, request);
  const UnixTime calendar =
      calendar_zero_ ? *calendar_zero_ +
                           std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch())
                     : UnixTime::max();
  auto identity = authenticator_.authenticate(now, calendar, request, path.remote.ip,
                                              allocation == nullptr ? nullptr : &allocation->user);
  if (!identity) return refuse(now, exchange, identity.error());
  exchange.seal = std::move(identity->seal);
  if (fail_unknown_attributes(exchange, request)) return;
  on_authenticated(now, exchange, request, identity->user, allocation);
}

void Server::on_authenticated(Time now, const Exchange& exchange, const MessageView& request,
                              const User& user, Allocation* allocation) {
  if (exchange.method == Method::kAllocate) {
    return on_allocate(now, exchange, request, user, allocation);
  }
  if (exchange.method == Method::kConnectionBind) {
    return on_connection_bind(exchange, request, user);
  }
  if (allocation == nullptr || allocation->opening) {
    const bool shows_ticket = exchange.method == Method::kRefresh && config_.mobility &&
                              request.has(Attribute::kMobilityTicket);
    return fail(exchange,
                shows_ticket ? refusal_of_ticket(request) : ErrorCode::kAllocationMismatch);
  }
  if (!is_same_user(allocation->user.username, user.username)) {
    return fail(exchange, ErrorCode::kWrongCredentials);
  }
  // What ends the move of others is their data; that of TCP allocations takes other connections.
  if (allocation->transport == net::Transport::kTcp && allocation->moving_to == exchange.path &&
      !request.has(Attribute::kMobilityTicket)) {
    finish_move(*allocation);
  }
  switch (exchange.method) {
    case Method::kRefresh: return on_refresh(now, exchange, request, *allocation);
    case Method::kCreatePermission:
      return on_create_permission(now, exchange, request, *allocation);
    case Method::kChannelBind: return on_channel_bind(now, exchange, request, *allocation);
    default: return on_connect(now, exchange, request, *allocation);
  }
}

// Which allocation the request is about; the keys of its user may seal it.
Allocation* Server::allocation_of(const net::Path& path, const MessageView& request) {
  if (request.method() == Method::kConnectionBind) {
    const auto id = request.find_u32(Attribute::kConnectionId);
    const Connection* const connection = id ? connections_.find(ConnectionId{*id}) : nullptr;
    return connection == nullptr ? nullptr : find(connection->allocation);
  }
  const auto it = by_path_.find(path);
  if (it != by_path_.end()) return it->second;
  return request.method() == Method::kRefresh ? find_by_ticket(path, request) : nullptr;
}

Allocation* Server::find_by_ticket(const net::Path& path, const MessageView& request) {
  const auto value = request.find(Attribute::kMobilityTicket);
  const auto ticket = value ? tickets_.open(*value) : std::nullopt;
  Allocation* const allocation = ticket ? find(ticket->allocation) : nullptr;
  if (allocation == nullptr || !allocation->ticket) return nullptr;
  const bool takes_previous = !allocation->has_moved || allocation->stays_at(path);
  const bool is_good = allocation->ticket == ticket->secret ||
                       (takes_previous && allocation->previous_ticket == ticket->secret);
  return is_good ? allocation : nullptr;
}

// RFC 8016, 3.2.2: of one that is good for nothing.
ErrorCode Server::refusal_of_ticket(const MessageView& request) {
  const auto ticket = tickets_.open(*request.find(Attribute::kMobilityTicket));
  const bool is_gone = ticket && find(ticket->allocation) == nullptr;
  return is_gone ? ErrorCode::kAllocationMismatch : ErrorCode::kBadRequest;
}

// To who has not shown a password. It is told as little as it needs, and only so often.
void Server::refuse(Time now, const Exchange& exchange, ErrorCode code) {
  if (!unauthenticated_.allow(now, exchange.path.remote.ip)) {
    ++counters_.dropped_rate;
    return;
  }
  ++counters_.errors[code];
  MessageBuilder answer(Class::kError, exchange.method, exchange.id);
  answer.add_error(code, "");
  if (code == ErrorCode::kUnauthenticated || code == ErrorCode::kStaleNonce) {
    authenticator_.add_challenge(now, exchange.path.remote, answer);
  }
  if (exchange.fingerprint) answer.add_fingerprint();
  outputs_.push_back(SendToClient{exchange.path, answer.take()});
}

void Server::fail(const Exchange& exchange, ErrorCode code) {
  ++counters_.errors[code];
  MessageBuilder answer(Class::kError, exchange.method, exchange.id);
  answer.add_error(code, "");
  if (code == ErrorCode::kTryAlternate) {
    // That of the client's own family first.
    const bool is_v4 = exchange.path.remote.ip.is_v4();
    std::ranges::stable_partition(
        alternates_, [&](const net::SocketAddress& server) { return server.ip.is_v4() == is_v4; });
    for (const net::SocketAddress& server : alternates_) {
      answer.add_address(Attribute::kAlternateServer, server);
    }
    // Also to who came without TLS, which a path does not tell: they pass over it.
    if (!alternate_domain_.empty()) {
      answer.add_text(Attribute::kAlternateDomain, alternate_domain_);
    }
  }
  send(exchange, std::move(answer));
}

bool Server::fail_unknown_attributes(const Exchange& exchange, const MessageView& request) {
  auto unknown = request.unknown_attributes(kUnderstood);
  if (config_.dont_fragment) std::erase(unknown, Attribute::kDontFragment);
  if (unknown.empty()) return false;
  ++counters_.errors[ErrorCode::kUnknownAttribute];
  MessageBuilder answer(Class::kError, exchange.method, exchange.id);
  answer.add_error(ErrorCode::kUnknownAttribute, "");
  answer.add_unknown_attributes(unknown);
  send(exchange, std::move(answer));
  return true;
}

// Seals an answer to who has shown a password, and sends it.
void Server::send(const Exchange& exchange, MessageBuilder message) {
  if (!config_.software.empty()) message.add_text(Attribute::kSoftware, config_.software);
  exchange.seal.add_to(message);
  if (exchange.fingerprint) message.add_fingerprint();
  outputs_.push_back(SendToClient{exchange.path, message.take()});
}

// RFC 8656, 10.2: all or none.
void Server::on_create_permission(Time now, const Exchange& exchange, const MessageView& request,
                                  Allocation& allocation) {
  std::vector<net::IpAddress> ips = read_peers(request);
  if (ips.empty()) return fail(exchange, ErrorCode::kBadRequest);
  for (const net::IpAddress& ip : ips) {
    if (const auto code = refusal_of_peer(allocation, ip)) return fail(exchange, *code);
  }
  if (!permit(now, allocation, std::move(ips))) {
    return fail(exchange, ErrorCode::kInsufficientCapacity);
  }
  send(exchange, MessageBuilder(Class::kSuccess, exchange.method, exchange.id));
}

// RFC 8656, 12.2.
void Server::on_channel_bind(Time now, const Exchange& exchange, const MessageView& request,
                             Allocation& allocation) {
  const auto number_value = request.find_u32(Attribute::kChannelNumber);
  const auto peer_value = request.find(Attribute::kXorPeerAddress);
  const auto peer =
      peer_value ? stun::read_xor_address(*peer_value, request.transaction_id()) : std::nullopt;
  const auto number = static_cast<std::uint16_t>(number_value.value_or(0) >> 16);
  if (!peer || number < kFirstChannel || number > kLastChannelOf5766 ||
      allocation.transport != net::Transport::kUdp) {
    return fail(exchange, ErrorCode::kBadRequest);
  }
  if (const auto code = refusal_of_peer(allocation, peer->ip)) return fail(exchange, *code);
  if (!may_reach(net::Transport::kUdp, *peer)) return fail(exchange, ErrorCode::kForbidden);
  const auto bindable = allocation.channels.can_bind(now, number, *peer, config_.max_channels);
  if (bindable == ChannelTable::Bound::kConflict) return fail(exchange, ErrorCode::kBadRequest);
  if (bindable == ChannelTable::Bound::kFull || !permit(now, allocation, {peer->ip})) {
    return fail(exchange, ErrorCode::kInsufficientCapacity);
  }
  allocation.channels.bind(now, number, *peer, now + kChannelLifetime, config_.max_channels);
  send(exchange, MessageBuilder(Class::kSuccess, exchange.method, exchange.id));
}

std::optional<ErrorCode> Server::refusal_of_peer(Allocation& allocation,
                                                 const net::IpAddress& ip) const {
  if (!allocation.slot_for(ip).relay) return ErrorCode::kPeerAddressFamilyMismatch;
  if (!policy_.allows(ip)) return ErrorCode::kForbidden;
  return std::nullopt;
}

// Installs or refreshes the permissions; false, and nothing is changed, if there is no room.
bool Server::permit(Time now, Allocation& allocation, std::vector<net::IpAddress> ips) {
  std::ranges::sort(ips);
  ips.erase(std::ranges::unique(ips).begin(), ips.end());
  Permissions& permissions = allocation.permissions;
  const auto is_new = [&](const net::IpAddress& ip) { return !permissions.knows(ip); };
  if (std::ranges::any_of(ips, is_new)) {
    quotas_.give_back_permissions(allocation.lease, permissions.drop_expired(now));
  }
  const auto added = static_cast<std::size_t>(std::ranges::count_if(ips, is_new));
  if (permissions.size() + added > config_.max_permissions ||
      !quotas_.take_permissions(allocation.lease, added)) {
    return false;
  }
  for (const net::IpAddress& ip : ips) permissions.set(ip, now + kPermissionLifetime);
  return true;
}

}  // namespace parley::turn

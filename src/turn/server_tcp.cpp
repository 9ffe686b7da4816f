// Server: allocations over TCP (RFC 6062).
#include <algorithm>

#include "stun/attributes.h"
#include "turn/server.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::ErrorCode;
using stun::MessageBuilder;
using stun::MessageView;
using stun::Method;

}  // namespace

// RFC 6062, 5.2.
void Server::on_connect(Time now, const Exchange& exchange, const MessageView& request,
                        Allocation& allocation) {
  const auto value = request.find(Attribute::kXorPeerAddress);
  const auto peer = value ? stun::read_xor_address(*value, request.transaction_id()) : std::nullopt;
  if (!peer || allocation.transport != net::Transport::kTcp) {
    return fail(exchange, ErrorCode::kBadRequest);
  }
  if (const auto code = refusal_of_peer(allocation, peer->ip)) return fail(exchange, *code);
  if (!may_reach(net::Transport::kTcp, *peer)) return fail(exchange, ErrorCode::kForbidden);
  const auto is_same = [&](ConnectionId id) { return connections_.find(id)->peer == *peer; };
  if (std::ranges::any_of(allocation.connections, is_same)) {
    return fail(exchange, ErrorCode::kConnectionAlreadyExists);
  }
  if (allocation.connections.size() >= config_.max_connections) {
    return fail(exchange, ErrorCode::kInsufficientCapacity);
  }
  Connection* const connection = add_connection(allocation, *peer);
  if (connection == nullptr) return fail(exchange, ErrorCode::kAllocationQuotaReached);
  connection->exchange = exchange;
  set_deadline(*connection, now + kConnectTimeout);
  const Relay& relay = *relays_.find(allocation.slot_for(peer->ip).relay);
  outputs_.push_back(ConnectPeer{connection->id, relay.local, relays_.to_local(*peer)});
}

// Null: the user has too much already, of which a connection is as much as an allocation.
Connection* Server::add_connection(Allocation& allocation, const net::SocketAddress& peer) {
  const Quotas::Lease lease =
      quotas_.begin(user_of(allocation.user.username), allocation.client.remote.ip);
  if (lease.user == nullptr) return nullptr;
  Connection& connection = connections_.add(allocation.id, peer);
  connection.lease = lease;
  allocation.connections.push_back(connection.id);
  return &connection;
}

void Server::peer_connected(Time now, ConnectionId id) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr || connection->state != Connection::State::kConnecting) return;
  connection->state = Connection::State::kUnbound;
  set_deadline(*connection, now + kBindTimeout);
  MessageBuilder answer(Class::kSuccess, Method::kConnect, connection->exchange.id);
  answer.add_u32(Attribute::kConnectionId, static_cast<std::uint32_t>(id.value));
  send(connection->exchange, std::move(answer));
  connection->exchange = {};
}

void Server::peer_failed(Time, ConnectionId id) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr || connection->state != Connection::State::kConnecting) return;
  expire_connection(*connection);
}

// RFC 6062, 5.3.
std::optional<ConnectionId> Server::peer_accepted(Time now, RelayId relay_id,
                                                  const net::SocketAddress& from) {
  const Relay* const relay = relays_.find(relay_id);
  Allocation* const allocation = relay == nullptr ? nullptr : find(relay->allocation);
  if (allocation == nullptr || allocation->opening || !allocation->is_attached ||
      allocation->transport != net::Transport::kTcp) {
    ++counters_.dropped_no_allocation;
    return std::nullopt;
  }
  const net::SocketAddress peer = relays_.to_announced(from);
  if (!allocation->permissions.has(now, peer.ip) ||
      allocation->connections.size() >= config_.max_connections) {
    ++counters_.dropped_no_permission;
    return std::nullopt;
  }
  Connection* const connection = add_connection(*allocation, peer);
  if (connection == nullptr) {
    ++counters_.dropped_connections;
    return std::nullopt;
  }
  connection->state = Connection::State::kUnbound;
  set_deadline(*connection, now + kBindTimeout);
  announce_attempt(*allocation, *connection);
  return connection->id;
}

void Server::announce_attempt(const Allocation& allocation, const Connection& connection) {
  MessageBuilder attempt(Class::kIndication, Method::kConnectionAttempt,
                         stun::make_transaction_id(*random_));
  attempt.add_u32(Attribute::kConnectionId, static_cast<std::uint32_t>(connection.id.value));
  attempt.add_xor_address(Attribute::kXorPeerAddress, connection.peer);
  outputs_.push_back(SendToClient{allocation.client, attempt.take()});
}

// RFC 6062, 5.4. It comes over a connection of its own.
void Server::on_connection_bind(const Exchange& exchange, const MessageView& request,
                                const User& user) {
  const auto id = request.find_u32(Attribute::kConnectionId);
  Connection* const connection = id ? connections_.find(ConnectionId{*id}) : nullptr;
  if (connection == nullptr || connection->state != Connection::State::kUnbound ||
      exchange.path.transport != net::Transport::kTcp || by_path_.contains(exchange.path) ||
      connections_.find_data(exchange.path) != nullptr) {
    return fail(exchange, ErrorCode::kBadRequest);
  }
  const User& owner = find(connection->allocation)->user;
  if (!is_same_user(owner.username, user.username)) {
    return fail(exchange, ErrorCode::kWrongCredentials);
  }
  set_deadline(*connection, kNever);
  connections_.bind(*connection, exchange.path);
  send(exchange, MessageBuilder(Class::kSuccess, exchange.method, exchange.id));
  outputs_.push_back(JoinPeer{connection->id, exchange.path});
}

void Server::peer_closed(Time, ConnectionId id) {
  if (Connection* const connection = connections_.find(id)) close_connection(*connection);
}

bool Server::take_bandwidth(Time now, ConnectionId id, std::size_t bytes) {
  const Connection* const connection = connections_.find(id);
  return connection != nullptr &&
         quotas_.take_bandwidth(now, find(connection->allocation)->lease, bytes);
}

void Server::set_deadline(Connection& connection, Time deadline) {
  if (connection.deadline != kNever) {
    deadlines_.erase({connection.deadline, Timed::kConnection, connection.id.value});
  }
  connection.deadline = deadline;
  if (deadline != kNever) {
    deadlines_.insert({deadline, Timed::kConnection, connection.id.value});
  }
}

void Server::expire_connection(Connection& connection) {
  if (connection.state == Connection::State::kConnecting) {
    fail(connection.exchange, ErrorCode::kConnectionTimeoutOrFailure);
  }
  close_connection(connection);
}

void Server::close_connection(Connection& connection) {
  set_deadline(connection, kNever);
  outputs_.push_back(ClosePeer{connection.id});
  if (Allocation* const allocation = find(connection.allocation)) {
    std::erase(allocation->connections, connection.id);
  }
  quotas_.end(connection.lease);
  connections_.erase(connection.id);
}

}  // namespace parley::turn

#include "turn/server.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "stun/attributes.h"
#include "stun/integrity.h"
#include "turn/channel_data.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::MessageView;
using stun::Method;

// What fits a Data indication's length field, and more than a path carries.
constexpr std::size_t kMaxPayload = 0xFFFF - kHeadroom - kTailroom;

// What a Send indication says (RFC 8656, 11.2).
struct SendRequest {
  std::optional<Bytes> peer = {};
  std::optional<Bytes> data = {};
  bool dont_fragment = false;
};

// In one walk, for each packet of a client without a channel is one. Nothing if there is in it what
// we do not understand and must.
std::optional<SendRequest> read_send(const MessageView& indication) {
  SendRequest send;
  for (const auto& [type, value, offset] : indication.attributes()) {
    switch (type) {
      case Attribute::kXorPeerAddress:
        if (!send.peer) send.peer = value;
        break;
      case Attribute::kData:
        if (!send.data) send.data = value;
        break;
      case Attribute::kDontFragment: send.dont_fragment = true; break;
      default:
        if (stun::must_be_understood(type)) return std::nullopt;
    }
  }
  return send;
}

void add_own(std::vector<net::IpAddress>& own, const ServerConfig& config) {
  for (const RelayHost& host : config.relay_hosts) {
    own.push_back(host.announced);
    own.push_back(host.local);
  }
}

PeerPolicyConfig with_own(const ServerConfig& config) {
  PeerPolicyConfig peers = config.peers;
  add_own(peers.own, config);
  return peers;
}

TicketKey make_ticket_key(Random& random) {
  TicketKey key;
  random.fill(key);
  return key;
}

}  // namespace

Server::Server(ServerConfig config, Random& random)
    : config_(std::move(config)),
      random_(&random),
      authenticator_(config_.realm, config_.nonce_lifetime,
                     Credentials(config_.realm, std::exchange(config_.users, {}),
                                 std::exchange(config_.secrets, {})),
                     random),
      tickets_(config_.ticket_key ? *config_.ticket_key : make_ticket_key(random)),
      policy_(with_own(config_)),
      quotas_(config_.quotas),
      relays_(config_, random),
      connections_(random),
      unauthenticated_(config_.unauthenticated, random),
      binding_(config_.binding, random),
      last_allocation_(Ticket::first_allocation(config_.instance)),
      indication_id_(stun::make_transaction_id(random)) {}

void Server::set_calendar(Time now, UnixTime calendar) {
  calendar_zero_ =
      calendar - std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
}

void Server::set_alternates(std::vector<net::SocketAddress> servers, std::string domain) {
  PARLEY_ASSERT(domain.empty() || stun::is_domain(domain));
  alternates_ = std::move(servers);
  alternate_domain_ = std::move(domain);
}

void Server::set_secrets(std::vector<std::string> secrets) {
  authenticator_.credentials().set_secrets(std::move(secrets));
}

void Server::set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours) {
  add_own(own, config_);
  policy_.set_host(std::move(own), std::move(neighbours));
}

std::optional<ToPeer> Server::from_client(Time now, const net::Path& path, Bytes packet) {
  if (ChannelData::is_one(packet)) return relay_channel_data(now, path, packet);
  const auto message = MessageView::parse(packet);
  if (!message) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  if (message->message_class() == Class::kIndication && message->method() == Method::kSend) {
    return relay_send(now, path, *message);
  }
  if (message->method() == Method::kBinding) {
    if (auto answer = binding_.handle(now, path, packet)) {
      outputs_.push_back(SendToClient{answer->path, std::move(answer->message)});
    }
  } else if (message->message_class() == Class::kRequest) {
    on_request(now, path, *message);
  } else {
    ++counters_.dropped_unsupported;
  }
  return std::nullopt;
}

std::optional<ToPeer> Server::relay_channel_data(Time now, const net::Path& path, Bytes packet) {
  const auto data = ChannelData::parse(packet);
  if (!data) {
    ++(ChannelData::is_cut(packet) ? counters_.dropped_too_long : counters_.dropped_malformed);
    return std::nullopt;
  }
  Allocation* const allocation = find_active(path);
  if (allocation == nullptr) return std::nullopt;
  const Channel* const channel = allocation->channels.find(now, data->channel);
  if (channel == nullptr) {
    ++counters_.dropped_no_channel;
    return std::nullopt;
  }
  if (policy_.is_own(channel->peer.ip) && !may_reach(net::Transport::kUdp, channel->peer)) {
    ++counters_.dropped_no_permission;  // The relay that it was bound to is gone.
    return std::nullopt;
  }
  return to_peer(now, *allocation, channel->peer, data->payload, false);
}

bool Server::may_reach(net::Transport transport, const net::SocketAddress& peer) const {
  return policy_.allows(peer, relays_.is_relay(transport, peer));
}

// RFC 8656, 11.2. What is wrong with an indication nobody is told.
std::optional<ToPeer> Server::relay_send(Time now, const net::Path& path,
                                         const MessageView& indication) {
  const auto send = read_send(indication);
  const auto peer = send && send->peer
                        ? stun::read_xor_address(*send->peer, indication.transaction_id())
                        : std::nullopt;
  if (!peer || !send->data || (send->dont_fragment && !config_.dont_fragment)) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  Allocation* const allocation = find_active(path);
  if (allocation == nullptr) return std::nullopt;
  const bool port_matters = policy_.is_own(peer->ip) || peer->port == 0;
  if (allocation->transport != net::Transport::kUdp ||
      !allocation->permissions.has(now, peer->ip) ||
      (port_matters && !may_reach(net::Transport::kUdp, *peer))) {
    ++counters_.dropped_no_permission;
    return std::nullopt;
  }
  return to_peer(now, *allocation, *peer, *send->data, send->dont_fragment);
}

std::optional<ToPeer> Server::to_peer(Time now, Allocation& allocation,
                                      const net::SocketAddress& peer, Bytes payload,
                                      bool dont_fragment) {
  const RelayId relay = allocation.slot_for(peer.ip).relay;
  if (!relay) {
    ++counters_.dropped_no_allocation;
    return std::nullopt;
  }
  if (!quotas_.take_bandwidth(now, allocation.lease, payload.size())) {
    ++counters_.dropped_bandwidth;
    return std::nullopt;
  }
  ++counters_.packets_to_peers;
  counters_.bytes_to_peers += payload.size();
  return ToPeer{relay, relays_.to_local(peer), payload, dont_fragment};
}

// RFC 8656, 11.3 and 12.7.
std::optional<ToClient> Server::from_peer(Time now, RelayId relay_id,
                                          const net::SocketAddress& from, PeerPacket packet) {
  PARLEY_ASSERT(packet.begin >= kHeadroom &&
                packet.begin + packet.size + kTailroom <= packet.buffer.size());
  const Relay* const relay = relays_.find(relay_id);
  Allocation* const allocation =
      relay == nullptr || relay->reservation != 0 ? nullptr : find(relay->allocation);
  if (allocation == nullptr || allocation->opening || !allocation->is_attached) {
    ++counters_.dropped_no_allocation;
    return std::nullopt;
  }
  const net::SocketAddress peer = relays_.to_announced(from);
  if (!allocation->permissions.has(now, peer.ip)) {
    ++counters_.dropped_no_permission;
    return std::nullopt;
  }
  if (packet.size > kMaxPayload) {
    ++counters_.dropped_too_long;
    return std::nullopt;
  }
  if (!quotas_.take_bandwidth(now, allocation->lease, packet.size)) {
    ++counters_.dropped_bandwidth;
    return std::nullopt;
  }
  ++counters_.packets_to_clients;
  counters_.bytes_to_clients += packet.size;
  const Channel* const channel = allocation->channels.find(now, peer);
  if (channel == nullptr) return data_indication(allocation->client, peer, packet);
  const std::size_t begin = packet.begin - ChannelData::kHeaderSize;
  const std::span<std::uint8_t> out = packet.buffer.subspan(begin);
  ChannelData::write_header(out.first<ChannelData::kHeaderSize>(), channel->number, packet.size);
  std::size_t size = ChannelData::kHeaderSize + packet.size;
  if (allocation->client.transport == net::Transport::kTcp) {
    const std::size_t padding = ChannelData::padding(packet.size);
    std::ranges::fill(out.subspan(size, padding), std::uint8_t{0});
    size += padding;
  }
  return ToClient{allocation->client, out.first(size)};
}

// Writes the message around the payload, where it lies (RFC 8656, 11.3).
std::optional<ToClient> Server::data_indication(const net::Path& path,
                                                const net::SocketAddress& peer, PeerPacket packet) {
  for (std::size_t i = indication_id_.size(); i-- > 0 && ++indication_id_[i] == 0;) continue;
  const Bytes ip = peer.ip.bytes();
  const std::size_t header = stun::kHeaderSize + 4 + 4 + ip.size() + 4;
  const std::size_t padding = (4 - packet.size % 4) % 4;
  const std::span<std::uint8_t> out =
      packet.buffer.subspan(packet.begin - header, header + packet.size + padding);
  std::uint8_t* at = out.data();
  const auto u16 = [&at](std::size_t value) {
    *at++ = static_cast<std::uint8_t>(value >> 8);
    *at++ = static_cast<std::uint8_t>(value);
  };
  u16(0x0017);  // Data, an indication.
  u16(out.size() - stun::kHeaderSize);
  u16(stun::kMagicCookie >> 16);
  u16(stun::kMagicCookie & 0xFFFF);
  at = std::ranges::copy(indication_id_, at).out;
  u16(std::to_underlying(Attribute::kXorPeerAddress));
  u16(4 + ip.size());
  u16(std::to_underlying(peer.ip.is_v4() ? Family::kIpv4 : Family::kIpv6));
  u16(peer.port ^ (stun::kMagicCookie >> 16));
  const std::uint8_t* mask = out.data() + 4;  // The magic cookie and the transaction id.
  for (const std::uint8_t byte : ip) *at++ = byte ^ *mask++;
  u16(std::to_underlying(Attribute::kData));
  u16(packet.size);
  std::ranges::fill(out.last(padding), std::uint8_t{0});
  return ToClient{path, out};
}

void Server::icmp_error(Time now, RelayId relay_id, const net::SocketAddress& from,
                        const IcmpError& error) {
  const Relay* const relay = relays_.find(relay_id);
  Allocation* const allocation = relay == nullptr ? nullptr : find(relay->allocation);
  const net::SocketAddress peer = relays_.to_announced(from);
  if (allocation == nullptr || !allocation->is_attached ||
      !allocation->permissions.has(now, peer.ip) ||
      !quotas_.take_bandwidth(now, allocation->lease, kHeadroom)) {
    ++counters_.dropped_no_permission;
    return;
  }
  stun::MessageBuilder indication(Class::kIndication, Method::kData,
                                  stun::make_transaction_id(*random_));
  indication.add_xor_address(Attribute::kXorPeerAddress, peer);
  ByteWriter icmp;  // RFC 8656, 18.13: 7 bits of type, 9 of code.
  icmp.u16(0);
  icmp.u16(static_cast<std::uint16_t>((error.type & 0x7F) << 9 | error.code));
  icmp.u32(error.data);
  indication.add(Attribute::kIcmp, icmp.view());
  outputs_.push_back(SendToClient{allocation->client, indication.take()});
}

Allocation* Server::find(AllocationId id) {
  const auto it = allocations_.find(id);
  return it == allocations_.end() ? nullptr : &it->second;
}

// Of a client that sends data: from where it has moved to, that ends the move.
Allocation* Server::find_active(const net::Path& path) {
  const auto it = by_path_.find(path);
  if (it == by_path_.end() || it->second->opening) {
    ++counters_.dropped_no_allocation;
    return nullptr;
  }
  if (it->second->moving_to == path) finish_move(*it->second);
  return it->second;
}

bool Server::serves(const net::Path& path) const {
  return by_path_.contains(path) || connections_.has_data(path);
}

void Server::handle_timeout(Time now) {
  while (!deadlines_.empty() && std::get<Time>(*deadlines_.begin()) <= now) {
    const auto [due, what, id] = *deadlines_.begin();
    switch (what) {
      case Timed::kAllocation: expire_allocation(now, allocations_.at(AllocationId{id})); break;
      case Timed::kReservation: expire_reservation(RelayId{id}); break;
      case Timed::kConnection: expire_connection(*connections_.find(ConnectionId{id})); break;
    }
  }
}

std::optional<ServerOutput> Server::poll_output() {
  std::optional<ServerOutput> output;
  if (outputs_.empty()) return output;
  output.emplace(std::move(outputs_.front()));
  outputs_.pop_front();
  return output;
}

Time Server::next_deadline() const {
  return deadlines_.empty() ? kNever : std::get<Time>(*deadlines_.begin());
}

}  // namespace parley::turn

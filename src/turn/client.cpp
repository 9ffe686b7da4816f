#include "turn/client.h"

#include <algorithm>
#include <utility>

#include "stun/attributes.h"
#include "turn/channel_data.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::MessageBuilder;
using stun::Method;

constexpr Duration kIdle = std::chrono::minutes{5};
constexpr std::uint32_t family_value(Family family) {
  return std::uint32_t{std::to_underlying(family)} << 24;
}

}  // namespace

std::string_view to_string(ClientFailure failure) {
  switch (failure) {
    case ClientFailure::kTimeout: return "no answer";
    case ClientFailure::kForged: return "no answer but forged ones";
    case ClientFailure::kRefused: return "refused";
    case ClientFailure::kRedirect: return "sent elsewhere";
    case ClientFailure::kLost: return "lost";
  }
  std::unreachable();
}

Client::Client(ClientConfig config, Random& random)
    : config_(std::move(config)), random_(&random), credentials_(config_.login) {}

void Client::start(Time now) {
  if (state_ != State::kNew) return;
  state_ = State::kAllocating;
  request(now, {.method = Method::kAllocate});
}

void Client::close(Time now) {
  if (state_ == State::kClosing || state_ == State::kOver) return;
  const bool was_allocated = state_ == State::kAllocated;
  transactions_.clear();
  refresh_at_ = kNever;
  permissions_.clear();
  peers_.clear();
  state_ = was_allocated ? State::kClosing : State::kOver;
  if (was_allocated) return request(now, {.method = Method::kRefresh, .lifetime = 0});
  outputs_.push_back(ClientClosed{});
}

void Client::send(Time now, const net::SocketAddress& peer, Bytes payload) {
  if (state_ != State::kAllocated || config_.peers != net::Transport::kUdp) {
    ++counters_.dropped_not_allocated;
    return;
  }
  const bool is_known = peers_.contains(peer);
  permit(now, peer.ip);
  if ((!is_known && peers_.size() >= config_.max_peers) || !permissions_.contains(peer.ip)) {
    ++counters_.dropped_full;
    return;
  }
  Permission& permission = permissions_.at(peer.ip);
  if (permission.is_refused) {
    ++counters_.dropped_refused;
    return;
  }
  Peer& to = peers_[peer];
  permission.last_used = now;
  if (permission.is_granted) return forward(now, peer, to, payload);
  if (to.waiting.size() >= config_.max_waiting) {
    ++counters_.dropped_full;
    return;
  }
  to.waiting.emplace_back(payload.begin(), payload.end());
}

void Client::permit(Time now, const net::IpAddress& peer) {
  if (state_ != State::kAllocated || permissions_.contains(peer) ||
      permissions_.size() >= config_.max_peers) {
    return;
  }
  permissions_[peer].last_used = now;
  request(now, {.method = Method::kCreatePermission, .peers = {{peer, 0}}});
}

void Client::connect(Time now, const net::SocketAddress& peer) {
  if (state_ != State::kAllocated || transactions_.size() >= 4 * config_.max_peers) {
    ++counters_.dropped_not_allocated;
    return;
  }
  request(now, {.method = Method::kConnect, .peers = {peer}});
}

void Client::bind(Time now, ConnectionId connection) {
  if (state_ != State::kAllocated) return;
  request(now, {.method = Method::kConnectionBind, .connection = connection});
}

void Client::path_changed(Time now) {
  if (state_ != State::kAllocated) return;
  if (ticket_.empty()) return fail({.why = ClientFailure::kLost});
  request(now, {.method = Method::kRefresh, .with_ticket = true});
}

void Client::server_closed() {
  if (state_ == State::kOver || (state_ == State::kAllocated && !ticket_.empty())) return;
  if (state_ == State::kClosing) {
    state_ = State::kOver;
    transactions_.clear();
    outputs_.push_back(ClientClosed{});
    return;
  }
  fail({.why = ClientFailure::kLost});
}

bool Client::wrap(const net::SocketAddress& peer, std::vector<std::uint8_t>& packet) {
  const auto to = peers_.find(peer);
  const auto permission = permissions_.find(peer.ip);
  if (to == peers_.end() || permission == permissions_.end() || !permission->second.is_granted) {
    ++counters_.dropped_refused;
    return false;
  }
  write_data(peer, to->second, packet);
  return true;
}

// As ChannelData once there is a channel, which is asked for with the first packet that was let
// through.
void Client::forward(Time now, const net::SocketAddress& peer, Peer& to, Bytes payload) {
  if (config_.channels && !to.is_asked) bind_channel(now, peer, to);
  std::vector<std::uint8_t> packet(kRoom);
  packet.reserve(packet.size() + payload.size() + 3);
  packet.insert(packet.end(), payload.begin(), payload.end());
  write_data(peer, to, packet);
  outputs_.push_back(ToServer{std::move(packet)});
}

void Client::write_data(const net::SocketAddress& peer, const Peer& to,
                        std::vector<std::uint8_t>& packet) {
  static_assert(kRoom == ChannelData::kHeaderSize);
  ++counters_.sent;
  const std::size_t size = packet.size() - kRoom;
  if (to.is_bound) {
    ChannelData::write_header(std::span(packet).first<kRoom>(), to.channel, size);
    const bool pad = config_.server == net::Transport::kTcp;
    if (pad) packet.resize(packet.size() + ChannelData::padding(size));
    return;
  }
  MessageBuilder indication(Class::kIndication, Method::kSend, stun::make_transaction_id(*random_));
  indication.add_xor_address(Attribute::kXorPeerAddress, peer);
  indication.add(Attribute::kData, Bytes(packet).subspan(kRoom));
  packet = indication.take();
}

void Client::bind_channel(Time now, const net::SocketAddress& peer, Peer& to) {
  if (to.channel == 0) {
    // The one that the peer had, if it was forgotten: the server may not have forgotten yet.
    const auto had = std::ranges::find(by_channel_, peer);
    if (had == by_channel_.end() && by_channel_.size() > kLastChannel - kFirstChannel) return;
    to.channel = static_cast<std::uint16_t>(kFirstChannel + (had - by_channel_.begin()));
    if (had == by_channel_.end()) by_channel_.push_back(peer);
  }
  to.is_asked = true;
  to.refresh_at = kNever;
  request(now, {.method = Method::kChannelBind, .peers = {peer}, .channel = to.channel});
}

void Client::request(Time now, ClientRequest request, int challenges) {
  Transaction transaction{.request = std::move(request),
                          .id = stun::make_transaction_id(*random_),
                          .challenges = challenges};
  transaction.message = write(transaction.request, transaction.id);
  transaction.start(now, config_);
  outputs_.push_back(ToServer{transaction.message, transaction.request.connection});
  transactions_.push_back(std::move(transaction));
}

std::vector<std::uint8_t> Client::write(const ClientRequest& request,
                                        const stun::TransactionId& id) const {
  MessageBuilder message(Class::kRequest, request.method, id);
  if (request.method == Method::kAllocate) add_allocate(message);
  if (request.lifetime) message.add_u32(Attribute::kLifetime, *request.lifetime);
  if (request.channel != 0) {
    message.add_u32(Attribute::kChannelNumber, std::uint32_t{request.channel} << 16);
  }
  for (const net::SocketAddress& peer : request.peers) {
    message.add_xor_address(Attribute::kXorPeerAddress, peer);
  }
  if (request.connection) {
    message.add_u32(Attribute::kConnectionId, static_cast<std::uint32_t>(request.connection.value));
  }
  if (request.with_ticket) message.add(Attribute::kMobilityTicket, ticket_);
  credentials_.add_to(message);
  return message.take();
}

void Client::add_allocate(MessageBuilder& message) const {
  const bool is_udp = config_.peers == net::Transport::kUdp;
  message.add_u32(Attribute::kRequestedTransport,
                  std::uint32_t{is_udp ? kProtocolUdp : kProtocolTcp} << 24);
  message.add_u32(Attribute::kLifetime,
                  static_cast<std::uint32_t>(config_.lifetime / std::chrono::seconds{1}));
  if (config_.ipv6) {
    message.add_u32(
        config_.ipv4 ? Attribute::kAdditionalAddressFamily : Attribute::kRequestedAddressFamily,
        family_value(Family::kIpv6));
  }
  if (config_.even_port) {
    const std::uint8_t reserve = config_.reserve_next ? 0x80 : 0;
    message.add(Attribute::kEvenPort, {&reserve, 1});
  }
  if (config_.reservation) message.add_u64(Attribute::kReservationToken, *config_.reservation);
  if (config_.mobility) message.add_flag(Attribute::kMobilityTicket);
}

void Client::handle_timeout(Time now) {
  for (std::size_t i = 0; i < transactions_.size();) {
    Transaction& transaction = transactions_[i];
    if (transaction.due > now) {
      ++i;
    } else if (transaction.retry(now, config_)) {
      outputs_.push_back(ToServer{transaction.message, transaction.request.connection});
      ++i;
    } else {
      const Transaction failed = std::move(transaction);
      transactions_.erase(transactions_.begin() + static_cast<std::ptrdiff_t>(i));
      on_no_answer(now, failed);
    }
  }
  if (state_ == State::kAllocated) refresh_due(now);
}

void Client::refresh_due(Time now) {
  if (refresh_at_ <= now) {
    refresh_at_ = kNever;
    const auto seconds = config_.lifetime / std::chrono::seconds{1};
    request(now, {.method = Method::kRefresh, .lifetime = static_cast<std::uint32_t>(seconds)});
  }
  for (auto it = permissions_.begin(); it != permissions_.end();) {
    const auto next = std::next(it);
    if (it->second.refresh_at <= now) refresh_permission(now, it->first, it->second);
    it = next;
  }
  for (auto& [peer, to] : peers_) {
    if (to.refresh_at <= now) bind_channel(now, peer, to);
  }
}

void Client::refresh_permission(Time now, const net::IpAddress& ip, Permission& permission) {
  if (permission.is_refused || now - permission.last_used >= kIdle)
    return forget(net::IpAddress(ip));
  permission.refresh_at = kNever;
  request(now, {.method = Method::kCreatePermission, .peers = {{ip, 0}}});
}

void Client::forget(const net::IpAddress& ip) {
  permissions_.erase(ip);
  std::erase_if(peers_, [&](const auto& peer) { return peer.first.ip == ip; });
}

void Client::fail(ClientFailed failed) {
  state_ = State::kOver;
  transactions_.clear();
  permissions_.clear();
  peers_.clear();
  refresh_at_ = kNever;
  outputs_.push_back(failed);
}

std::optional<ClientOutput> Client::poll_output() {
  std::optional<ClientOutput> output;
  if (outputs_.empty()) return output;
  output.emplace(std::move(outputs_.front()));
  outputs_.pop_front();
  return output;
}

Time Client::next_deadline() const {
  Time next = refresh_at_;
  for (const Transaction& transaction : transactions_) next = std::min(next, transaction.due);
  for (const auto& [ip, permission] : permissions_) next = std::min(next, permission.refresh_at);
  for (const auto& [peer, to] : peers_) next = std::min(next, to.refresh_at);
  return next;
}

std::optional<net::SocketAddress> Client::relayed_for(const net::IpAddress& peer) const {
  const auto it = std::ranges::find_if(
      relayed_, [&](const net::SocketAddress& a) { return a.ip.is_v4() == peer.is_v4(); });
  return it == relayed_.end() ? std::nullopt : std::optional(*it);
}

}  // namespace parley::turn

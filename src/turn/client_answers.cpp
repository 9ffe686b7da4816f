// Client: what the server says.
#include <algorithm>
#include <utility>

#include "stun/attributes.h"
#include "turn/channel_data.h"
#include "turn/client.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::ErrorCode;
using stun::MessageView;
using stun::Method;

constexpr int kMaxChallenges = 4;  // Of one request: a nonce may go stale more than once.
constexpr Duration kPermissionRefresh = kPermissionLifetime - std::chrono::minutes{1};
constexpr Duration kRefusedFor = std::chrono::seconds{30};
constexpr Duration kChannelRefresh = kChannelLifetime - std::chrono::minutes{1};

std::optional<net::SocketAddress> read_peer(const MessageView& message) {
  const auto value = message.find(Attribute::kXorPeerAddress);
  return value ? stun::read_xor_address(*value, message.transaction_id()) : std::nullopt;
}

}  // namespace

void Client::handle_input(Time now, ServerPacket input) {
  const auto data = take_data(now, input.packet);
  if (data) {
    outputs_.push_back(Received{data->peer, {data->payload.begin(), data->payload.end()}});
  }
}

std::optional<PeerData> Client::unwrap(Time now, std::span<std::uint8_t> packet) {
  const auto data = take_data(now, packet);
  if (!data) return std::nullopt;
  const auto begin = static_cast<std::size_t>(data->payload.data() - packet.data());
  return PeerData{data->peer, packet.subspan(begin, data->payload.size())};
}

std::optional<Client::ServerData> Client::take_data(Time now, Bytes packet) {
  if (state_ == State::kOver || state_ == State::kNew) return std::nullopt;
  if (ChannelData::is_one(packet)) return on_channel_data(now, packet);
  const auto message = MessageView::parse(packet);
  if (!message) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  switch (message->message_class()) {
    case Class::kIndication: return on_indication(now, *message);
    case Class::kSuccess:
    case Class::kError: on_answer(now, *message); break;
    case Class::kRequest: ++counters_.dropped_unknown;
  }
  return std::nullopt;
}

std::optional<Client::ServerData> Client::on_channel_data(Time now, Bytes packet) {
  const auto data = ChannelData::parse(packet);
  if (!data) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  const std::size_t index = data->channel - kFirstChannel;
  if (index >= by_channel_.size()) {
    ++counters_.dropped_unknown;
    return std::nullopt;
  }
  return deliver(now, by_channel_[index], data->payload);
}

std::optional<Client::ServerData> Client::on_indication(Time now, const MessageView& indication) {
  const auto peer = read_peer(indication);
  const auto id = indication.find_u32(Attribute::kConnectionId);
  const bool is_data = indication.method() == Method::kData;
  const bool is_attempt = indication.method() == Method::kConnectionAttempt;
  if (!peer || (!is_data && !is_attempt) || (is_attempt && !id)) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  if (!permissions_.contains(peer->ip)) {
    ++counters_.dropped_unknown;
    return std::nullopt;
  }
  if (is_attempt) {
    outputs_.push_back(PeerConnected{ConnectionId{*id}, *peer});
  } else if (const auto data = indication.find(Attribute::kData)) {
    return deliver(now, *peer, *data);
  } else if (const auto icmp = indication.find_u64(Attribute::kIcmp)) {
    const auto kind = static_cast<std::uint16_t>(*icmp >> 32);
    outputs_.push_back(PeerUnreachable{*peer, static_cast<std::uint8_t>(kind >> 9),
                                       static_cast<std::uint8_t>(kind)});
  } else {
    ++counters_.dropped_malformed;
  }
  return std::nullopt;
}

std::optional<Client::ServerData> Client::deliver(Time now, const net::SocketAddress& peer,
                                                  Bytes payload) {
  const auto permission = permissions_.find(peer.ip);
  if (permission == permissions_.end()) {
    ++counters_.dropped_unknown;
    return std::nullopt;
  }
  permission->second.last_used = now;
  ++counters_.received;
  return ServerData{peer, payload};
}

void Client::on_answer(Time now, const MessageView& answer) {
  const auto it = std::ranges::find(transactions_, answer.transaction_id(), &Transaction::id);
  if (it == transactions_.end() || it->request.method != answer.method()) {
    ++counters_.dropped_unknown;
    return;
  }
  const bool is_success = answer.message_class() == Class::kSuccess;
  const auto error_value = answer.find(Attribute::kErrorCode);
  const auto error = error_value ? stun::read_error(*error_value) : std::nullopt;
  if (!is_success && !error) {
    ++counters_.dropped_malformed;
    return;
  }
  const ErrorCode code = error ? error->code : ErrorCode{};
  const bool is_challenged = !is_success && take_challenge(answer, code, *it);
  const bool is_forged = !is_challenged && !is_believed(answer, code, *it);
  if (is_forged) {
    ++counters_.dropped_integrity;
    it->was_forged = true;
    // Over UDP the right one may come yet.
    if (config_.server == net::Transport::kUdp) return;
  }
  const Transaction transaction = std::move(*it);
  transactions_.erase(it);
  if (is_forged) return on_no_answer(now, transaction);
  if (is_challenged) return request(now, transaction.request, transaction.challenges + 1);
  if (is_success) return on_success(now, answer, transaction.request);
  on_error(now, answer, code, transaction.request);
}

// Whether the request is to be said again, with what the answer says.
bool Client::take_challenge(const MessageView& answer, ErrorCode code,
                            const Transaction& transaction) {
  const bool may_repeat = code == ErrorCode::kStaleNonce
                              ? transaction.challenges < kMaxChallenges
                              : code == ErrorCode::kUnauthenticated &&
                                    !credentials_.has_challenge() &&
                                    transaction.request.method == Method::kAllocate;
  return may_repeat && credentials_.take_challenge(answer);
}

// RFC 8489, 9.2.5: once there is a password to seal with, only what is sealed with it; and a second
// 401, which says that the password is wrong, and can have no seal. Servers older than that RFC
// leave more unsealed, coturn these two: without them its client would hear of neither.
bool Client::is_believed(const MessageView& answer, ErrorCode code,
                         const Transaction& transaction) const {
  if (!credentials_.has_challenge() || credentials_.is_from_server(answer)) return true;
  if (answer.has(Attribute::kMessageIntegrity) || answer.has(Attribute::kMessageIntegritySha256)) {
    return false;
  }
  switch (code) {
    case ErrorCode::kUnauthenticated: return transaction.request.method == Method::kAllocate;
    case ErrorCode::kAllocationMismatch:
    case ErrorCode::kWrongCredentials: return !credentials_.seals_all_errors();
    default: return false;
  }
}

void Client::on_success(Time now, const MessageView& answer, const ClientRequest& request) {
  switch (request.method) {
    case Method::kAllocate: return on_allocated(now, answer);
    case Method::kRefresh: return on_refreshed(now, answer, request);
    case Method::kCreatePermission: return on_granted(now, request.peers.front().ip);
    case Method::kChannelBind: return on_bound(now, request.peers.front());
    case Method::kConnectionBind: outputs_.push_back(Bound{request.connection}); return;
    case Method::kConnect:
      if (const auto id = answer.find_u32(Attribute::kConnectionId)) {
        outputs_.push_back(PeerConnected{ConnectionId{*id}, request.peers.front()});
      } else {
        outputs_.push_back(ConnectFailed{request.peers.front(), ErrorCode::kServerError});
      }
      return;
    default: return;
  }
}

void Client::on_error(Time now, const MessageView& answer, ErrorCode code,
                      const ClientRequest& request) {
  switch (request.method) {
    case Method::kAllocate: {
      if (code == ErrorCode::kMobilityForbidden && std::exchange(config_.mobility, false)) {
        return this->request(now, request);
      }
      if (code == ErrorCode::kTryAlternate) return on_redirect(answer);
      return fail({.why = ClientFailure::kRefused, .code = code});
    }
    case Method::kRefresh:
      if (state_ != State::kClosing) return fail({.why = ClientFailure::kLost, .code = code});
      state_ = State::kOver;
      outputs_.push_back(ClientClosed{});
      return;
    case Method::kCreatePermission: return on_refused(now, request.peers.front().ip, code);
    case Method::kChannelBind: {
      // Indications do as well; it is not asked for again.
      const auto peer = peers_.find(request.peers.front());
      if (peer != peers_.end()) peer->second.is_bound = false;
      return;
    }
    case Method::kConnect: outputs_.push_back(ConnectFailed{request.peers.front(), code}); return;
    case Method::kConnectionBind: outputs_.push_back(BindFailed{request.connection}); return;
    default: return;
  }
}

// RFC 8489, 10.
void Client::on_redirect(const MessageView& answer) {
  const auto value = answer.find(Attribute::kAlternateServer);
  const auto alternate = value ? stun::read_address(*value) : std::nullopt;
  if (!alternate) return fail({.why = ClientFailure::kRefused, .code = ErrorCode::kTryAlternate});
  const auto name = answer.find(Attribute::kAlternateDomain);
  const auto domain = name ? stun::read_domain(*name) : std::nullopt;
  fail({.why = ClientFailure::kRedirect,
        .code = ErrorCode::kTryAlternate,
        .alternate = alternate,
        .alternate_domain = std::string(domain.value_or(""))});
}

void Client::on_no_answer(Time now, const Transaction& transaction) {
  const ClientRequest& request = transaction.request;
  const ClientFailure why =
      transaction.was_forged ? ClientFailure::kForged : ClientFailure::kTimeout;
  switch (request.method) {
    case Method::kAllocate: return fail({.why = why});
    case Method::kRefresh:
      if (state_ != State::kClosing) return fail({.why = why});
      state_ = State::kOver;
      outputs_.push_back(ClientClosed{});
      return;
    default: {
      // The answer that did not come, as if it had been this one.
      stun::MessageBuilder none(Class::kError, request.method, stun::TransactionId{});
      on_error(now, *MessageView::parse(none.view()), ErrorCode::kServerError, request);
    }
  }
}

void Client::on_allocated(Time now, const MessageView& answer) {
  relayed_.clear();
  for (const stun::AttributeView& attribute : answer.attributes()) {
    if (attribute.type != Attribute::kXorRelayedAddress) continue;
    const auto address = stun::read_xor_address(attribute.value, answer.transaction_id());
    if (address && relayed_.size() < 2) relayed_.push_back(*address);
  }
  const auto mapped_value = answer.find(Attribute::kXorMappedAddress);
  const auto mapped =
      mapped_value ? stun::read_xor_address(*mapped_value, answer.transaction_id()) : std::nullopt;
  if (relayed_.empty() || !mapped || !answer.find_u32(Attribute::kLifetime)) {
    return fail({.why = ClientFailure::kRefused, .code = ErrorCode::kServerError});
  }
  state_ = State::kAllocated;
  take_lifetime(now, answer);
  take_ticket(answer);
  outputs_.push_back(Allocated{.relayed = relayed_,
                               .mapped = *mapped,
                               .reservation = answer.find_u64(Attribute::kReservationToken)});
}

void Client::on_refreshed(Time now, const MessageView& answer, const ClientRequest& request) {
  if (state_ == State::kClosing) {
    state_ = State::kOver;
    outputs_.push_back(ClientClosed{});
    return;
  }
  take_lifetime(now, answer);
  if (!request.with_ticket) return;
  take_ticket(answer);
  outputs_.push_back(Moved{});
}

// A minute before it ends, or half-way for the shortest.
void Client::take_lifetime(Time now, const MessageView& answer) {
  const auto seconds = answer.find_u32(Attribute::kLifetime);
  if (!seconds) return;
  const Duration lifetime = std::chrono::seconds{*seconds};
  refresh_at_ = now + std::max<Duration>(std::max(lifetime - std::chrono::minutes{1}, lifetime / 2),
                                         std::chrono::seconds{1});
}

void Client::take_ticket(const MessageView& answer) {
  constexpr std::size_t kMaxTicket = 512;
  const auto ticket = answer.find(Attribute::kMobilityTicket);
  if (ticket && ticket->size() <= kMaxTicket) ticket_.assign(ticket->begin(), ticket->end());
}

void Client::on_granted(Time now, const net::IpAddress& ip) {
  const auto it = permissions_.find(ip);
  if (it == permissions_.end()) return;
  it->second.is_granted = true;
  it->second.refresh_at = now + kPermissionRefresh;
  for (auto& [peer, to] : peers_) {
    if (peer.ip != ip) continue;
    for (const auto& payload : std::exchange(to.waiting, {})) forward(now, peer, to, payload);
  }
}

void Client::on_refused(Time now, const net::IpAddress& ip, ErrorCode code) {
  for (const auto& [peer, to] : peers_) {
    if (peer.ip == ip) counters_.dropped_refused += to.waiting.size();
  }
  if (!permissions_.contains(ip)) return;
  outputs_.push_back(PeerRefused{ip, code});
  forget(ip);
  permissions_[ip] = {.is_refused = true, .refresh_at = now + kRefusedFor};
}

void Client::on_bound(Time now, const net::SocketAddress& peer) {
  const auto it = peers_.find(peer);
  if (it == peers_.end()) return;
  it->second.is_bound = true;
  it->second.refresh_at = now + kChannelRefresh;
}

}  // namespace parley::turn

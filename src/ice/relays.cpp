#include "ice/relays.h"

#include <algorithm>
#include <utility>

#include "turn/channel_data.h"

namespace parley::ice {
namespace {

constexpr Duration kGoodbye = std::chrono::seconds{3};

// As a Gatherer's questions: IPv6 cannot ask IPv4, nor loopback the world.
bool can_ask(const net::SocketAddress& base, const net::SocketAddress& server) {
  return base.ip.is_v4() == server.ip.is_v4() && base.ip.is_loopback() == server.ip.is_loopback();
}

// Of a TURN server? Binding (RFC 8489, 5) is also said by STUN servers, and by peers that share its
// port, as media does.
bool is_turn(Bytes datagram) {
  if (turn::ChannelData::is_one(datagram)) return true;
  if (datagram.size() < 2 || datagram[0] > 3) return false;
  const bool is_binding = (datagram[0] & 0xFE) == 0 && (datagram[1] & 0xEF) == 1;
  return !is_binding;
}

}  // namespace

void Relays::set_servers(Time now, const std::vector<RelayServer>& servers) {
  servers_ = servers;
  if (servers_.size() > max_legs_) servers_.resize(max_legs_);
  wait_until_ = now + timers_.relay_patience;
  for (const auto& leg : legs_) {
    const bool is_wanted = std::ranges::any_of(
        servers_, [&](const RelayServer& server) { return leg->is_for(server); });
    if (is_wanted) {
      leg->retry_soon(now);
    } else {
      leg->close(now, news_);
    }
  }
  for (const RelayServer& server : servers_) {
    if (server.protocol != RelayProtocol::kUdp) add_leg(now, server, {});
  }
  for (const net::SocketAddress& base : bases_) {
    for (const RelayServer& server : servers_) {
      if (server.protocol == RelayProtocol::kUdp) add_leg(now, server, base);
    }
  }
  handle_timeout(now);
}

void Relays::add_base(Time now, const net::SocketAddress& base) {
  if (std::ranges::find(bases_, base) != bases_.end()) return;
  bases_.push_back(base);
  for (const RelayServer& server : servers_) {
    if (server.protocol == RelayProtocol::kUdp) add_leg(now, server, base);
  }
  // Whoever has a new network may reach what could not be reached.
  for (const auto& leg : legs_) leg->retry_soon(now);
  handle_timeout(now);
}

void Relays::remove_base(const net::SocketAddress& base) {
  std::erase(bases_, base);
  std::erase_if(legs_, [&](const auto& leg) {
    if (!leg->is_udp() || leg->base() != base) return false;
    leg->abandon(news_);
    return true;
  });
}

void Relays::close(Time now) {
  servers_.clear();
  for (const auto& leg : legs_) leg->close(now, news_);
  std::erase_if(legs_, [](const auto& leg) { return leg->is_closed(); });
  end_at_ = now + kGoodbye;
}

void Relays::add_leg(Time now, const RelayServer& server, const net::SocketAddress& base) {
  const bool is_udp = server.protocol == RelayProtocol::kUdp;
  if (legs_.size() >= max_legs_ || (is_udp && !can_ask(base, server.address))) return;
  const bool is_known = std::ranges::any_of(
      legs_, [&](const auto& leg) { return leg->is_for(server) && leg->base() == base; });
  if (is_known) return;
  start(now, *legs_.emplace_back(std::make_unique<RelayLeg>(server, base, timers_, *random_)));
}

void Relays::start(Time now, RelayLeg& leg) {
  leg.start(now, {++streams_}, news_);
}

void Relays::server_connected(Time now, ServerStream stream) {
  if (RelayLeg* const leg = find_stream(stream)) leg->connected(now, news_);
}

void Relays::server_closed(Time now, ServerStream stream) {
  if (RelayLeg* const leg = find_stream(stream)) leg->disconnected(now, news_);
}

void Relays::server_data(ServerStream stream, Bytes bytes) {
  if (RelayLeg* const leg = find_stream(stream)) leg->append(bytes);
}

std::optional<Arrived> Relays::next(Time now, ServerStream stream) {
  RelayLeg* const leg = find_stream(stream);
  while (leg != nullptr) {
    const auto data = leg->next(now, news_);
    if (!data) break;
    if (const auto arrived = leg->arrived(*data)) return arrived;
  }
  return std::nullopt;
}

std::optional<Arrived> Relays::unwrap(Time now, const Arrived& datagram) {
  const net::Path& path = datagram.path;
  if (legs_.empty() || path.transport != net::Transport::kUdp || !is_turn(datagram.payload)) {
    return datagram;
  }
  for (const auto& leg : legs_) {
    if (!leg->is_udp() || leg->server().address != path.remote || leg->base() != path.local) {
      continue;
    }
    const auto data = leg->unwrap(now, datagram.payload, news_);
    return data ? leg->arrived(*data) : std::nullopt;
  }
  return datagram;
}

bool Relays::send(Time now, const net::Path& path, Bytes payload) {
  RelayLeg* const leg = find_owner(path);
  if (leg != nullptr) leg->send(now, path.remote, payload, news_);
  return leg != nullptr;
}

std::optional<Output> Relays::wrap(const net::Path& path, std::vector<std::uint8_t> packet) {
  RelayLeg* const leg = find_owner(path);
  if (leg == nullptr) return std::nullopt;
  return leg->wrap(path.remote, std::move(packet));
}

void Relays::permit(Time now, const net::Path& path) {
  if (RelayLeg* const leg = find_owner(path)) leg->permit(now, path.remote.ip, news_);
}

void Relays::handle_timeout(Time now) {
  if (wait_until_ <= now) wait_until_ = kAtOnce;
  if (end_at_ <= now) {
    for (const auto& leg : legs_) leg->abandon(news_);
    legs_.clear();
    end_at_ = kNever;
  }
  for (const auto& leg : legs_) {
    leg->handle_timeout(now, news_);
    if (leg->retry_at() <= now) start(now, *leg);
  }
  std::erase_if(legs_, [](const auto& leg) { return leg->is_closed(); });
}

Time Relays::next_deadline() const {
  if (legs_.empty()) return kNever;
  Time next = end_at_;
  for (const auto& leg : legs_) {
    next = std::min(next, leg->next_deadline());
    if (leg->is_pending() && wait_until_ != kAtOnce) next = std::min(next, wait_until_);
  }
  return next;
}

bool Relays::complete(Time now) const {
  return wait_until_ <= now ||
         std::ranges::none_of(legs_, [](const auto& leg) { return leg->is_pending(); });
}

std::vector<RelayStats> Relays::stats() const {
  std::vector<RelayStats> all;
  for (const auto& leg : legs_) all.push_back(leg->stats());
  return all;
}

RelayLeg* Relays::find_stream(ServerStream stream) {
  const auto found = std::ranges::find_if(
      legs_, [&](const auto& leg) { return !leg->is_udp() && leg->stream() == stream; });
  return found == legs_.end() ? nullptr : found->get();
}

// No server takes a host candidate's packets by saying that its address is the relayed one.
RelayLeg* Relays::find_owner(const net::Path& path) const {
  if (legs_.empty() || path.transport != net::Transport::kUdp) return nullptr;
  if (std::ranges::find(bases_, path.local) != bases_.end()) return nullptr;
  const auto found =
      std::ranges::find_if(legs_, [&](const auto& leg) { return leg->owns(path.local); });
  return found == legs_.end() ? nullptr : found->get();
}

}  // namespace parley::ice

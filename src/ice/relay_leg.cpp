#include "ice/relay_leg.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"

namespace parley::ice {
namespace {

constexpr int kMaxRedirects = 2;
// RTCPeerConnectionIceErrorEvent: the server could not be reached at all.
constexpr int kUnreachable = 701;

// Whether the same question may be answered otherwise later.
bool is_for_good(const turn::ClientFailed& failed) {
  using stun::ErrorCode;
  if (failed.why != turn::ClientFailure::kRefused) return false;
  return failed.code != ErrorCode::kAllocationMismatch &&
         failed.code != ErrorCode::kAllocationQuotaReached &&
         failed.code != ErrorCode::kServerError && failed.code != ErrorCode::kInsufficientCapacity;
}

}  // namespace

RelayLeg::RelayLeg(RelayServer server, const net::SocketAddress& base, const Timers& timers,
                   Random& random)
    : asked_(server), server_(std::move(server)), base_(base), timers_(timers), random_(&random) {}

void RelayLeg::start(Time now, ServerStream stream, RelayNews& news) {
  retry_at_ = kNever;
  framer_ = turn::StreamFramer();
  client_ = std::make_unique<turn::Client>(
      turn::ClientConfig{.server = is_udp() ? net::Transport::kUdp : net::Transport::kTcp,
                         .login = server_.login,
                         .ipv6 = true},
      *random_);
  if (is_udp()) {
    client_->start(now);
    return pump(now, news);
  }
  stream_ = stream;
  stream_open_ = true;
  news.outputs.push_back(ConnectServer{.stream = stream_,
                                       .address = server_.address,
                                       .tls = server_.protocol == RelayProtocol::kTls,
                                       .name = server_.name});
}

void RelayLeg::close(Time now, RelayNews& news) {
  closing_ = true;
  settled_ = true;
  retry_at_ = kNever;
  if (!client_) return;
  client_->close(now);
  pump(now, news);
}

void RelayLeg::abandon(RelayNews& news) {
  closing_ = settled_ = true;
  retry_at_ = kNever;
  client_.reset();
  lose(news);
  end_stream(news);
}

void RelayLeg::connected(Time now, RelayNews& news) {
  if (!client_) return;
  client_->start(now);
  pump(now, news);
}

void RelayLeg::disconnected(Time now, RelayNews& news) {
  stream_open_ = false;
  if (!client_) return;
  client_->server_closed();
  pump(now, news);
}

std::optional<turn::PeerData> RelayLeg::next(Time now, RelayNews& news) {
  while (client_) {
    const auto packet = framer_.next();
    if (!packet) {
      end_stream(news);
      client_->server_closed();
      pump(now, news);
      return std::nullopt;
    }
    if (!*packet) return std::nullopt;
    packet_.assign((*packet)->begin(), (*packet)->end());
    if (const auto data = unwrap(now, packet_, news)) return data;
  }
  return std::nullopt;
}

std::optional<turn::PeerData> RelayLeg::unwrap(Time now, std::span<std::uint8_t> packet,
                                               RelayNews& news) {
  if (!client_) return std::nullopt;
  auto data = client_->unwrap(now, packet);
  if (!data) pump(now, news);
  return data;
}

void RelayLeg::send(Time now, const net::SocketAddress& peer, Bytes payload, RelayNews& news) {
  if (!client_) return;
  client_->send(now, peer, payload);
  pump(now, news);
}

void RelayLeg::permit(Time now, const net::IpAddress& peer, RelayNews& news) {
  if (!client_) return;
  client_->permit(now, peer);
  pump(now, news);
}

void RelayLeg::handle_timeout(Time now, RelayNews& news) {
  if (!client_ || client_->next_deadline() > now) return;
  client_->handle_timeout(now);
  pump(now, news);
}

std::optional<Output> RelayLeg::wrap(const net::SocketAddress& peer,
                                     std::vector<std::uint8_t> packet) {
  if (!client_ || !client_->wrap(peer, packet)) return std::nullopt;
  return to_server(std::move(packet));
}

Time RelayLeg::next_deadline() const {
  return std::min(retry_at_, client_ ? client_->next_deadline() : kNever);
}

void RelayLeg::retry_soon(Time now) {
  if (client_ || closing_) return;
  settled_ = false;
  failures_ = redirects_ = 0;
  retry_at_ = now;
}

bool RelayLeg::owns(const net::SocketAddress& relayed) const {
  return std::ranges::find(relayed_, relayed) != relayed_.end();
}

std::optional<Arrived> RelayLeg::arrived(const turn::PeerData& data) const {
  const auto relayed = std::ranges::find_if(relayed_, [&](const net::SocketAddress& address) {
    return address.ip.is_v4() == data.peer.ip.is_v4();
  });
  if (relayed == relayed_.end()) return std::nullopt;
  return Arrived{{net::Transport::kUdp, *relayed, data.peer}, data.payload};
}

RelayStats RelayLeg::stats() const {
  return {.url = server_.url,
          .protocol = server_.protocol,
          .server = server_.address,
          .base = base_,
          .is_allocated = !relayed_.empty(),
          .packets = client_ ? client_->counters() : turn::Client::Counters{}};
}

void RelayLeg::pump(Time now, RelayNews& news) {
  while (client_) {
    auto output = client_->poll_output();
    if (!output) return;
    std::visit(overloaded{[&](turn::ToServer& x) {
                            news.outputs.push_back(to_server(std::move(x.packet)));
                          },
                          [&](turn::Allocated& x) { gain(x, news); },
                          [&](turn::ClientFailed& x) { fail(now, x, news); },
                          [&](turn::ClientClosed&) {
                            client_.reset();
                            lose(news);
                            end_stream(news);
                          },
                          // Of peers that are refused or gone the checks tell soon enough.
                          [](auto&) {}},
               *output);
  }
}

Output RelayLeg::to_server(std::vector<std::uint8_t> packet) const {
  if (!is_udp()) return ToServer{stream_, std::move(packet)};
  return Transmit{{net::Transport::kUdp, base_, server_.address}, std::move(packet)};
}

void RelayLeg::gain(const turn::Allocated& allocated, RelayNews& news) {
  settled_ = true;
  failures_ = redirects_ = 0;
  relayed_ = allocated.relayed;
  for (const net::SocketAddress& relayed : relayed_) {
    news.changes.push_back({.gained = true,
                            .relayed = relayed,
                            .mapped = allocated.mapped,
                            .base = base_,
                            .protocol = server_.protocol,
                            .server = server_.address,
                            .url = server_.url});
  }
}

void RelayLeg::lose(RelayNews& news) {
  for (const net::SocketAddress& relayed : std::exchange(relayed_, {})) {
    news.changes.push_back({.gained = false, .relayed = relayed});
  }
}

void RelayLeg::fail(Time now, const turn::ClientFailed& failed, RelayNews& news) {
  client_.reset();
  lose(news);
  end_stream(news);
  if (closing_) return;
  if (failed.alternate && redirects_ < kMaxRedirects &&
      failed.alternate->ip.is_v4() == server_.address.ip.is_v4()) {
    ++redirects_;
    redirect(failed);
    retry_at_ = now;
    return;
  }
  settled_ = true;
  const bool is_answer = failed.code != stun::ErrorCode{};
  if (failures_++ == 0) {
    news.outputs.push_back(
        ServerFailed{.url = server_.url,
                     .server = server_.address,
                     .base = base_,
                     .code = is_answer ? static_cast<int>(failed.code) : kUnreachable,
                     .reason = std::string(turn::to_string(failed.why))});
  }
  if (is_for_good(failed)) return;
  const int doublings = std::min(failures_ - 1, 10);
  retry_at_ = now + std::min(timers_.relay_retry * (1 << doublings), timers_.max_relay_retry);
}

// RFC 8489, 10: without another domain the certificate there must be valid for what it had to be
// valid for here.
void RelayLeg::redirect(const turn::ClientFailed& failed) {
  if (!failed.alternate_domain.empty()) {
    server_.name = failed.alternate_domain;
  } else if (server_.name.empty()) {
    server_.name = server_.address.ip.to_string();
  }
  server_.address = *failed.alternate;
}

void RelayLeg::end_stream(RelayNews& news) {
  if (std::exchange(stream_open_, false)) news.outputs.push_back(CloseServer{stream_});
}

}  // namespace parley::ice

#include "server/relay/relay_service.h"

#include <chrono>
#include <utility>
#include <variant>

#include "server/calendar.h"

namespace parley::server {
namespace {

// The clock of the host may be set at any time.
constexpr Duration kCalendarInterval = std::chrono::minutes{1};

}  // namespace

RelayService::RelayService(io::EventLoop& loop, RelayConfig config, io::PortShare share,
                           Random& random)
    : loop_(loop),
      config_(std::move(config)),
      share_(share),
      random_(random),
      moves_(share),
      clients_(loop, config_, *this),
      relays_(loop, *this, config_.udp_in_runs),
      peers_(loop, config_, *this),
      timer_(loop, [this] { on_due(); }),
      calendar_(loop, [this] { tell_calendar(); }) {}

RelayService::~RelayService() = default;

RelayService::Listening RelayService::listen_udp(const net::SocketAddress& address) {
  auto port = ClientPort::open(loop_, address, share_, *this, config_.udp_in_runs);
  if (!port) return std::unexpected(std::move(port.error()));
  return ports_.emplace_back(*std::move(port))->address();
}

RelayService::Listening RelayService::listen_tcp(const net::SocketAddress& address) {
  return clients_.listen(address, false, share_);
}

RelayService::Listening RelayService::listen_tls(const net::SocketAddress& address) {
  return clients_.listen(address, true, share_);
}

void RelayService::stop_listening(const net::SocketAddress& address) {
  std::erase_if(ports_, [&](const auto& port) { return port->address() == address; });
  clients_.stop_listening(address);
}

void RelayService::serve(std::optional<turn::ServerConfig> turn,
                         std::optional<stun::DiscoveryAddresses> discovery) {
  if (!turn) {
    config_.binding.discovery = std::move(discovery);
    binding_.emplace(config_.binding, random_);
    return;
  }
  turn->binding.discovery = std::move(discovery);
  if (turn->ticket_key) moves_.set_tickets(*turn->ticket_key);
  turn_.emplace(*std::move(turn), random_);
  tell_calendar();
}

void RelayService::set_secrets(std::vector<std::string> secrets) {
  if (turn_) turn_->set_secrets(std::move(secrets));
}

void RelayService::set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours) {
  if (turn_) turn_->set_host(std::move(own), std::move(neighbours));
}

void RelayService::set_certificate(std::shared_ptr<const tls::Context> certificate) {
  clients_.set_certificate(std::move(certificate));
}

io::UdpSocket* RelayService::share(PortSharer& sharer) {
  if (ports_.empty()) return nullptr;
  sharer_ = &sharer;
  return &ports_.front()->socket();
}

void RelayService::adopt(tls::Handover connection, const net::SocketAddress& local) {
  clients_.adopt(std::move(connection), local);
}

// --- The path of a packet from a client to a peer ---

void RelayService::on_packet(const net::Path& path, std::span<std::uint8_t> packet) {
  if (sharer_ != nullptr && sharer_->on_shared_datagram(path, packet)) return;
  if (!turn_) return answer_binding(path, packet);
  const auto is_served = [&] { return turn_->serves(path); };
  if (!moves_.pass_on(loop_.now(), path, packet, is_served)) relay(path, packet);
}

void RelayService::relay(const net::Path& path, Bytes packet) {
  if (const auto out = turn_->from_client(loop_.now(), path, packet)) relays_.send(*out);
}

void RelayService::on_stream_packet(const net::Path& path, Bytes packet) {
  if (!turn_) return answer_binding(path, packet);
  relay(path, packet);
  settle();
}

void RelayService::on_passed_on(const net::Path& path, Bytes packet) {
  if (!turn_) return;
  relay(path, packet);
  settle();
}

// --- And back ---

void RelayService::on_peer_packet(turn::RelayId relay, const net::SocketAddress& peer,
                                  turn::PeerPacket packet) {
  const auto out = turn_->from_peer(loop_.now(), relay, peer, packet);
  if (!out) return;
  if (out->path.transport == net::Transport::kTcp) {
    clients_.send_data(out->path, out->packet);
  } else if (ClientPort* const port = port_of(out->path.local)) {
    port->send(out->path, out->packet);
  }
}

// --- What happens to sockets ---

void RelayService::on_stream_closed(const net::Path& path) {
  if (!turn_) return;
  turn_->client_closed(loop_.now(), path);
  settle();
}

bool RelayService::is_served(const net::Path& path) {
  return turn_ && turn_->serves(path);
}

void RelayService::on_icmp_error(turn::RelayId relay, const net::SocketAddress& peer,
                                 const turn::IcmpError& error) {
  turn_->icmp_error(loop_.now(), relay, peer, error);
  settle();
}

void RelayService::on_peer_connected(turn::ConnectionId id) {
  turn_->peer_connected(loop_.now(), id);
  settle();
}

void RelayService::on_peer_failed(turn::ConnectionId id) {
  turn_->peer_failed(loop_.now(), id);
  settle();
}

std::optional<turn::ConnectionId> RelayService::on_peer_accepted(turn::RelayId relay,
                                                                 const net::SocketAddress& peer) {
  const auto id = turn_->peer_accepted(loop_.now(), relay, peer);
  settle();
  return id;
}

void RelayService::on_peer_closed(turn::ConnectionId id) {
  turn_->peer_closed(loop_.now(), id);
  settle();
}

bool RelayService::take_bandwidth(turn::ConnectionId id, std::size_t bytes) {
  return turn_->take_bandwidth(loop_.now(), id, bytes);
}

// --- What the engine asks for ---

void RelayService::settle() {
  if (!turn_) return;
  while (const auto output = turn_->poll_output()) {
    std::visit([this](const auto& wish) { on(wish); }, *output);
  }
  timer_.arm(turn_->next_deadline());
}

void RelayService::on(const turn::SendToClient& answer) {
  send_answer(answer.path, answer.packet);
}

void RelayService::on(const turn::OpenRelay& relay) {
  const bool is_open = relay.transport == net::Transport::kUdp
                           ? relays_.open(relay.relay, relay.local)
                           : peers_.listen(relay.relay, relay.local);
  if (is_open) {
    turn_->relay_opened(loop_.now(), relay.relay);
  } else {
    ++relays_refused_;
    turn_->relay_failed(loop_.now(), relay.relay);
  }
}

void RelayService::on(const turn::CloseRelay& relay) {
  relays_.close(relay.relay);
  peers_.stop_listening(relay.relay);
}

void RelayService::on(const turn::ConnectPeer& connection) {
  peers_.connect(connection.connection, connection.local, connection.peer);
}

void RelayService::on(const turn::JoinPeer& join) {
  if (ClientStream* const client = clients_.find(join.data)) {
    peers_.join(join.connection, *client);
  } else {
    turn_->client_closed(loop_.now(), join.data);
  }
}

void RelayService::on(const turn::ClosePeer& connection) {
  peers_.close(connection.connection);
}

// Answers leave from where the question came to, or asked them to (RFC 5780). There are one or two
// ports, with discovery four, of which relayed packets have the first.
ClientPort* RelayService::port_of(const net::SocketAddress& local) {
  for (const auto& port : ports_) {
    if (port->serves(local)) return port.get();
  }
  return nullptr;
}

void RelayService::answer_binding(const net::Path& path, Bytes packet) {
  if (!binding_) return;
  if (const auto answer = binding_->handle(loop_.now(), path, packet)) {
    send_answer(answer->path, answer->message);
  }
}

void RelayService::send_answer(const net::Path& path, Bytes packet) {
  if (path.transport == net::Transport::kTcp) {
    clients_.send_answer(path, packet);
  } else if (ClientPort* const port = port_of(path.local)) {
    port->send(path, packet);
  }
}

void RelayService::on_due() {
  turn_->handle_timeout(loop_.now());
  settle();
}

void RelayService::tell_calendar() {
  turn_->set_calendar(loop_.now(), unix_seconds());
  calendar_.arm(loop_.now() + kCalendarInterval);
}

RelayCounters RelayService::counters() const {
  const ClientStreams::Counters& clients = clients_.counters();
  RelayCounters sum{.relays = relays_.counters(),
                    .open_relays = relays_.open_relays() + peers_.listeners(),
                    .open_streams = clients_.open_streams(),
                    .joined = peers_.joined(),
                    .streams = clients.streams,
                    .tls_streams = clients.secured,
                    .joins = peers_.counters().joins,
                    .joined_bytes_to_peers = peers_.counters().bytes_to_peers,
                    .joined_bytes_to_clients = peers_.counters().bytes_to_clients,
                    .refused_full = clients.refused_full,
                    .refused_address = clients.refused_address,
                    .closed_idle = clients.closed_idle,
                    .closed_malformed = clients.closed_malformed,
                    .closed_slow = clients.closed_slow,
                    .closed_tls = clients.closed_tls,
                    .closed_for_room = clients.closed_for_room,
                    .dropped_stream_full = clients.dropped_full,
                    .relays_refused = relays_refused_};
  for (const auto& port : ports_) sum.udp += port->counters();
  if (binding_) add(sum.binding, binding_->counters());
  if (!turn_) return sum;
  sum.turn = turn_->counters();
  sum.allocations = turn_->allocations();
  add(sum.binding, turn_->binding().counters());
  return sum;
}

}  // namespace parley::server

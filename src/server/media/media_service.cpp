#include "server/media/media_service.h"

#include <utility>
#include <variant>

#include "ice/credentials.h"
#include "io/clock.h"
#include "net/demux.h"

namespace parley::server {

MediaService::MediaService(io::EventLoop& loop, MediaConfig config, unsigned index, Random& random)
    : loop_(loop),
      config_(std::move(config)),
      random_(random),
      binding_(config_.binding, random),
      streams_(loop, config_, *this),
      steering_(index),
      timer_(loop, [this] { on_due(); }) {}

MediaService::~MediaService() = default;

MediaService::Listening MediaService::listen(const net::SocketAddress& address) {
  if (auto opened = open_udp(address); !opened) {
    stop_listening();
    return std::unexpected(std::move(opened.error()));
  }
  auto listening = streams_.listen({address.ip, port_});
  if (!listening) stop_listening();
  return listening;
}

std::expected<void, std::string> MediaService::open_udp(const net::SocketAddress& address) {
  if (address.ip.is_v4() || !address.ip.is_any()) return add_udp(address);
  auto opened = add_udp({net::IpAddress(), address.port});
  if (!opened) return opened;
  opened = add_udp({address.ip, port_});
  const bool has_ipv6 = opened || add_udp({address.ip, 0});
  return has_ipv6 ? opened : std::expected<void, std::string>();
}

std::expected<void, std::string> MediaService::add_udp(const net::SocketAddress& address) {
  io::UdpSocket::Config config;
  config.receive_buffer = config_.receive_buffer;
  config.send_buffer = config_.send_buffer;
  config.v6_only = true;
  auto socket = io::UdpSocket::open(loop_, address, *this, config);
  if (!socket) return std::unexpected(std::move(socket.error()));
  port_ = (*socket)->address().port;
  own_udp_.push_back(*std::move(socket));
  return {};
}

void MediaService::stop_listening() {
  streams_.stop_listening();
  own_udp_.clear();
}

void MediaService::serve(std::shared_ptr<const dtls::Certificate> certificate,
                         std::vector<ice::Candidate> candidates, Others others) {
  provider_ = srtp::Provider::make();
  others_ = std::move(others);
  sfu::Node::Config config = config_.node;
  config.certificate = std::move(certificate);
  config.candidates = std::move(candidates);
  node_.emplace(std::move(config), random_, *provider_);
}

void MediaService::stop() {
  others_ = {};
  shared_udp_ = nullptr;
}

// --- What comes ---

void MediaService::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& [path, payload] : datagrams) {
    handle({net::Transport::kUdp, {path.local, port_}, path.remote}, payload);
  }
}

void MediaService::handle(const net::Path& path, std::span<std::uint8_t> datagram) {
  const bool is_plain =
      net::protocol_of(datagram) == net::Protocol::kStun && !ice::addressed_ufrag(datagram);
  if (is_plain) return answer_binding(path, datagram);
  if (!node_) return;
  node_->handle_input(loop_.now(), {.path = path, .payload = datagram});
  loop_.at_turn_end(*this);
}

void MediaService::answer_binding(const net::Path& path, Bytes request) {
  if (const auto answer = binding_.handle(loop_.now(), path, request)) {
    send(answer->path, answer->message);
  }
}

// Of STUN, the relay answers what is TURN's, and the plain Binding requests.
bool MediaService::on_shared_datagram(const net::Path& path, std::span<std::uint8_t> datagram) {
  switch (net::protocol_of(datagram)) {
    case net::Protocol::kStun:
      if (!ice::addressed_ufrag(datagram)) return false;
      break;
    case net::Protocol::kDtls:
    case net::Protocol::kRtp:
    case net::Protocol::kRtcp: break;
    default: return false;
  }
  const auto other = steering_.worker_of(loop_.now(), path, datagram);
  if (other && others_.pass_on) {
    ++passed_on_;
    others_.pass_on(*other, path, datagram);
  } else {
    handle(path, datagram);
  }
  return true;
}

void MediaService::on_relayed(std::size_t worker, sfu::RelayBatch batch) {
  if (!node_) return;
  node_->handle_relay(loop_.now(), node_of(worker), std::move(batch));
  loop_.at_turn_end(*this);
}

void MediaService::on_passed_on(const net::Path& path, std::span<std::uint8_t> datagram) {
  handle(path, datagram);
}

void MediaService::on_stream_packet(const net::Path& path, std::span<std::uint8_t> packet) {
  handle(path, packet);
}

void MediaService::on_stream_closed(const net::Path& path) {
  if (!node_) return;
  node_->tcp_closed(loop_.now(), path);
  loop_.at_turn_end(*this);
}

std::optional<unsigned> MediaService::worker_of(Bytes first_packet) {
  return others_.hand_over ? steering_.worker_of(first_packet) : std::nullopt;
}

void MediaService::on_hand_over(unsigned worker, IceHandover connection) {
  others_.hand_over(worker, std::move(connection));
}

void MediaService::on_due() {
  node_->handle_timeout(loop_.now());
  loop_.at_turn_end(*this);
}

// --- What the control thread asks for ---

// What an earlier connection had to say is said before one that replaces it.
void MediaService::carry_out(MediaCall next) {
  if (!node_) return;
  drain();
  std::visit([this](auto& one) { call(one); }, next);
  loop_.at_turn_end(*this);
}

void MediaService::call(media_call::Connect& connect) {
  const Time now = loop_.now();
  const sfu::ParticipantId participant = connect.participant;
  auto answer = connect.renegotiate ? node_->renegotiate(now, participant, connect.offer)
                                    : node_->connect(now, connect.room, participant, connect.offer);
  if (answer) {
    node_->set_label(participant, std::move(connect.label));
    node_->set_permitted(now, participant, connect.permitted);
    node_->set_may_send_messages(participant, connect.messages);
  } else if (!connect.renegotiate) {
    node_->disconnect(now, participant);
  }
  notices_.emplace_back(MediaAnswer{connect.ticket, participant, std::move(answer)});
}

void MediaService::call(media_call::Disconnect& disconnect) {
  node_->disconnect(loop_.now(), disconnect.participant);
}

void MediaService::call(media_call::CloseRoom& close) {
  node_->close_room(loop_.now(), close.room);
}

void MediaService::call(media_call::LinkRoom& link) {
  node_->link_room(link.room, node_of(link.worker));
}

void MediaService::call(media_call::Permit& permit) {
  node_->set_permitted(loop_.now(), permit.participant, permit.sources);
  node_->set_may_send_messages(permit.participant, permit.messages);
}

void MediaService::call(media_call::SetView& set) {
  node_->set_view(loop_.now(), set.participant, std::move(set.view));
}

void MediaService::call(media_call::SetOneStream& set) {
  node_->set_one_stream(loop_.now(), set.participant, set.size);
}

// --- What leaves ---

// All that one turn brought leaves together: the packets of a frame have then mostly come, and go
// to each receiver as one run. What there was no time for leaves with the next turn, which comes at
// once.
void MediaService::on_turn_end() {
  drain();
  const bool all_left = send_batches();
  timer_.arm(all_left ? node_->next_deadline() : loop_.now());
  if (!notices_.empty() && others_.tell) others_.tell(std::exchange(notices_, {}));
  turns_.add(io::monotonic_now() - loop_.now());
}

bool MediaService::send_batches() {
  do {
    batch_.clear();
    node_->fill(loop_.now(), batch_);
    if (batch_.empty()) return true;
    for (const auto& socket : own_udp_) socket->send_batch(batch_);
    if (shared_udp_ != nullptr) shared_udp_->send_batch(batch_);
    for (const net::DatagramBatch::Run& run : batch_.runs()) {
      if (run.path.transport != net::Transport::kTcp) continue;
      for (std::size_t i = 0; i < run.datagrams; ++i) {
        const Bytes rest = run.bytes.subspan(i * run.datagram_size);
        streams_.send(run.path, rest.first(std::min(rest.size(), run.datagram_size)));
      }
    }
  } while (io::monotonic_now() - loop_.now() < config_.longest_sending);
  return false;
}

void MediaService::drain() {
  while (auto output = node_->poll_output()) {
    std::visit([this](auto& one) { on(one); }, *output);
  }
}

void MediaService::on(sfu::Node::Transmit& output) {
  send(output.path, output.payload);
}

void MediaService::on(sfu::Node::Relay& output) {
  if (!others_.relay) return;
  relay_dropped_ += others_.relay(server::worker_of(output.node), std::move(output.batch));
}

void MediaService::send(const net::Path& path, Bytes packet) {
  if (path.transport == net::Transport::kTcp) return streams_.send(path, packet);
  io::UdpSocket* socket = shared_udp_;
  if (!own_udp_.empty()) {
    socket = (path.remote.ip.is_v4() ? own_udp_.front() : own_udp_.back()).get();
  }
  if (socket != nullptr) socket->send({.remote = path.remote, .local = path.local.ip}, packet);
}

MediaCounters MediaService::counters(std::span<const sfu::RoomId> rooms) const {
  MediaCounters counters{.binding = binding_.counters(),
                         .streams = streams_.counters(),
                         .open_streams = streams_.open(),
                         .passed_on = passed_on_,
                         .relay_dropped = relay_dropped_,
                         .turns = turns_};
  for (const auto& socket : own_udp_) counters.udp += socket->counters();
  if (!own_udp_.empty()) counters.buffers = own_udp_.front()->buffers();
  if (!node_) return counters;
  counters.node = node_->counters();
  for (const sfu::RoomId room : rooms) {
    if (auto of_room = node_->room_counters(room)) counters.rooms.push_back(*of_room);
  }
  return counters;
}

}  // namespace parley::server

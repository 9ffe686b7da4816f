#include "server/relay/peer_relays.h"

#include <utility>

namespace parley::server {
namespace {

static_assert(io::ReceivedDatagram::kHeadroom >= turn::kHeadroom);
static_assert(io::ReceivedDatagram::kTailroom >= turn::kTailroom);

constexpr io::UdpSocket::Config kSocket = {
    .max_datagram = io::UdpSocket::kMaxDatagram,
    .receive_buffer = 0,  // As the system has it: there may be ten thousand of them.
    .send_buffer = 0,
    .tailroom = true,
    .errors = true,
};

// Those that a client hears of (RFC 8656, 11.5): that the peer, or the way there, does not want the
// packet; not redirects, and not what a relay cannot have caused.
bool is_told(const io::UdpError& error) {
  if (error.remote.ip.is_v4()) return error.type == 3 || error.type == 11;  // RFC 792.
  return error.type >= 1 && error.type <= 3;                                // RFC 4443.
}

}  // namespace

class PeerRelays::Relay final : private io::UdpSocket::Handler {
 public:
  Relay(PeerRelays& owner, turn::RelayId id) : owner_(owner), id_(id) {}

  bool open(const net::SocketAddress& local) {
    io::UdpSocket::Config config = kSocket;
    config.in_runs = owner_.in_runs_;
    auto socket = io::UdpSocket::open(owner_.loop_, local, *this, config);
    if (socket) socket_ = *std::move(socket);
    return socket_ != nullptr;
  }

  void send(const turn::ToPeer& packet) {
    socket_->send({.remote = packet.peer}, packet.payload, packet.dont_fragment);
  }

  io::UdpSocket::Counters counters() const { return socket_->counters(); }

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const io::ReceivedDatagram& datagram : datagrams) {
      owner_.handler_.on_peer_packet(id_, datagram.path.remote,
                                     {.buffer = datagram.with_room(),
                                      .begin = io::ReceivedDatagram::kHeadroom,
                                      .size = datagram.payload.size()});
    }
  }

  void on_error(const io::UdpError& error) override {
    if (!is_told(error)) return;
    owner_.handler_.on_icmp_error(id_, error.remote,
                                  {.type = error.type, .code = error.code, .data = error.data});
  }

  PeerRelays& owner_;
  turn::RelayId id_;
  std::unique_ptr<io::UdpSocket> socket_;
};

PeerRelays::PeerRelays(io::EventLoop& loop, Handler& handler, bool in_runs)
    : loop_(loop), handler_(handler), in_runs_(in_runs) {}

PeerRelays::~PeerRelays() = default;

bool PeerRelays::open(turn::RelayId id, const net::SocketAddress& local) {
  auto relay = std::make_unique<Relay>(*this, id);
  if (!relay->open(local)) return false;
  relays_.emplace(id, std::move(relay));
  return true;
}

void PeerRelays::close(turn::RelayId id) {
  const auto relay = relays_.find(id);
  if (relay == relays_.end()) return;
  closed_ += relay->second->counters();
  closing_.push_back(std::move(relay->second));
  relays_.erase(relay);
  loop_.at_turn_end(*this);  // After the socket, which asked for it when it was given packets.
}

void PeerRelays::on_turn_end() {
  closing_.clear();
}

void PeerRelays::send(const turn::ToPeer& packet) {
  const auto relay = relays_.find(packet.relay);
  if (relay != relays_.end()) relay->second->send(packet);
}

io::UdpSocket::Counters PeerRelays::counters() const {
  io::UdpSocket::Counters sum = closed_;
  for (const auto& [id, relay] : relays_) sum += relay->counters();
  return sum;
}

}  // namespace parley::server

#include "probe/wire.h"

#include <utility>

#include "base/shared_bytes.h"
#include "tls/session.h"

namespace parley::probe {
namespace {

constexpr Duration kConnectTimeout = std::chrono::milliseconds{3'500};
// The ramp may run ahead of a slow network by that.
constexpr io::TcpStream::Limits kLimits{.max_queued = 64 << 20};

}  // namespace

SocketWire::SocketWire(io::EventLoop& loop, const Endpoint& endpoint, PathProbe::Wire wire,
                       OnEvent on_event)
    : loop_(loop),
      endpoint_(endpoint),
      wire_(wire),
      on_event_(std::move(on_event)),
      at_once_(loop, [this] { endpoint_.way == Way::kUdp ? open_udp() : open_stream(); }),
      began_(loop.now()) {
  at_once_.arm(loop.now());
}

SocketWire::~SocketWire() = default;

void SocketWire::open_udp() {
  const net::SocketAddress any{.ip = endpoint_.local};
  auto socket = io::UdpSocket::open(loop_, any, *this);
  if (!socket) return tell_broken(socket.error());
  udp_ = *std::move(socket);
  tell_opened({endpoint_.local, udp_->address().port});
}

void SocketWire::open_stream() {
  connector_ = std::make_unique<io::TcpConnector>(
      loop_, net::SocketAddress{.ip = endpoint_.local}, endpoint_.address, kConnectTimeout,
      [this](io::Fd fd) { on_connected(std::move(fd)); });
}

void SocketWire::on_connected(io::Fd fd) {
  if (!fd.is_open()) {
    const bool was_told = loop_.now() - began_ < kConnectTimeout - std::chrono::milliseconds{100};
    return tell_broken(was_told ? "The connection is refused: nothing listens there, or a firewall "
                                  "says no."
                                : "No connection comes about: nothing answers there.");
  }
  std::unique_ptr<tls::Session> session;
  if (endpoint_.way == Way::kTls) {
    session = tls::Session::connect(*endpoint_.tls, endpoint_.name, tls::kTurnAndStun);
  }
  tls::Stream::Handler& handler = *this;  // Which make_unique() could not see.
  stream_ = std::make_unique<tls::Stream>(loop_, fd.release(), endpoint_.address,
                                          std::move(session), handler, kLimits);
  if (endpoint_.way == Way::kTcp) tell_opened({.ip = endpoint_.local});
}

void SocketWire::send(const net::SocketAddress& to, Bytes packet) {
  if (udp_ != nullptr) {
    udp_->send({.remote = to, .local = endpoint_.local}, packet);
  } else if (stream_ != nullptr && to == endpoint_.address) {
    stream_->send(SharedBytes(packet));
  }
}

void SocketWire::tell_opened(net::SocketAddress local) {
  on_event_(PathProbe::Opened{wire_, local});
}

void SocketWire::tell_broken(std::string problem) {
  if (std::exchange(is_over_, true)) return;
  on_event_(PathProbe::Broken{wire_, std::move(problem)});
}

void SocketWire::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& datagram : datagrams) {
    on_event_(PathProbe::Packet{wire_, datagram.path.remote, datagram.payload});
  }
}

void SocketWire::on_data(Bytes data) {
  framer_.append(data);
  while (true) {
    const auto packet = framer_.next();
    if (!packet) return tell_broken("What answers there speaks neither STUN nor TURN.");
    if (!*packet) return;
    on_event_(PathProbe::Packet{wire_, endpoint_.address, **packet});
  }
}

void SocketWire::on_secured() {
  tell_opened({.ip = endpoint_.local});
}

void SocketWire::on_tls_failed(std::string_view problem) {
  tell_broken("TLS does not come about: " + std::string(problem) + ".");
}

void SocketWire::on_ended(io::StreamEnd end) {
  tell_broken("The connection ended: " + std::string(to_string(end)) + ".");
}

}  // namespace parley::probe

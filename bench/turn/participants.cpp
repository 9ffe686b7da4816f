#include "participants.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/overloaded.h"
#include "stun/message_builder.h"

namespace bench {
namespace {

std::unique_ptr<io::UdpSocket> open(io::EventLoop& loop, io::UdpSocket::Handler& handler,
                                    std::size_t buffer) {
  auto socket = io::UdpSocket::open(loop, net::SocketAddress::parse("127.0.0.1:0").value(), handler,
                                    {.receive_buffer = buffer, .send_buffer = buffer});
  if (!socket) fail(socket.error());
  return *std::move(socket);
}

}  // namespace

void fail(const std::string& why) {
  std::fprintf(stderr, "turn_load: %s\n", why.c_str());
  std::exit(1);
}

Peer::Peer(io::EventLoop& loop)
    : socket_(open(loop, *this, 4 << 20)), address_(socket_->address()) {}

Client::Client(io::EventLoop& loop, const Config& config, Random& random)
    : loop_(loop),
      server_(config.server),
      engine_({.login = config.login, .channels = config.channels}, random),
      socket_(open(loop, *this, 0)) {}

void Client::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const io::ReceivedDatagram& datagram : datagrams) {
    if (!datagram.payload.empty() && datagram.payload[0] >= 0x40) ++received_in_channels;
    engine_.handle_input(loop_.now(), {.packet = datagram.payload});
  }
  drain();
}

void Client::drain() {
  while (auto output = engine_.poll_output()) {
    std::visit(overloaded{
                   [&](const turn::ToServer& out) { socket_->send({server_}, out.packet); },
                   [&](const turn::Received&) { ++received; },
                   [&](const turn::Allocated& got) { relayed_ = got.relayed.front(); },
                   [&](const turn::ClientClosed&) { is_closed_ = true; },
                   [](const turn::ClientFailed& failed) {
                     fail("an allocation failed: " + std::string(to_string(failed.why)) + " " +
                          std::to_string(std::to_underlying(failed.code)));
                   },
                   [](const turn::PeerRefused&) { fail("the server refuses the peer"); },
                   [](const auto&) {},
               },
               *output);
  }
}

Asker::Asker(io::EventLoop& loop, const net::SocketAddress& server)
    : server_(server), socket_(open(loop, *this, 4 << 20)) {}

void Asker::ask() {
  ++id_[0];
  const stun::MessageBuilder message(stun::Class::kRequest, stun::Method::kBinding, id_);
  socket_->send({server_}, message.view());
}

void Asker::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const io::ReceivedDatagram& datagram : datagrams) {
    if (datagram.payload.size() >= stun::kHeaderSize && datagram.payload[0] == 1) ++answered;
  }
}

}  // namespace bench

#include "probe/port_wire.h"

#include <utility>

#include "base/shared_bytes.h"

namespace parley::probe {
namespace {

// Longer than the probe's patience: it is what ends the waiting.
constexpr Duration kConnectTimeout = std::chrono::seconds{10};

}  // namespace

class PortWire::Connection final : private io::TcpStream::Handler {
 public:
  Connection(PortWire& wire, std::size_t port, const net::SocketAddress& to)
      : wire_(wire),
        port_(port),
        to_(to),
        connector_(std::make_unique<io::TcpConnector>(
            wire.loop_, net::SocketAddress{.ip = wire.local_}, to, kConnectTimeout,
            [this](io::Fd fd) { on_connected(std::move(fd)); })) {}

  void send(Bytes bytes) {
    if (stream_ != nullptr) stream_->send(SharedBytes(bytes));
  }

 private:
  void on_connected(io::Fd fd) {
    if (!fd.is_open()) {
      return tell_broken(
          "The connection is refused: nothing listens there, or a firewall says no.");
    }
    io::TcpStream::Handler& handler = *this;  // Which make_unique() could not see.
    stream_ = std::make_unique<io::TcpStream>(wire_.loop_, fd.release(), to_, handler,
                                              io::TcpStream::Limits());
    wire_.on_event_(PortProbe::Connected{port_});
  }

  void tell_broken(std::string problem) {
    wire_.on_event_(PortProbe::Broken{port_, std::move(problem)});
  }

  void on_data(Bytes data) override { wire_.on_event_(PortProbe::Data{port_, data}); }
  void on_ended(io::StreamEnd end) override {
    tell_broken("The connection ended: " + std::string(to_string(end)) + ".");
  }

  PortWire& wire_;
  std::size_t port_;
  net::SocketAddress to_;
  std::unique_ptr<io::TcpConnector> connector_;
  std::unique_ptr<io::TcpStream> stream_;
};

PortWire::PortWire(io::EventLoop& loop, const net::IpAddress& local, OnEvent on_event)
    : loop_(loop), local_(local), on_event_(std::move(on_event)) {
  auto socket = io::UdpSocket::open(loop_, {.ip = local_}, *this);
  if (socket) udp_ = *std::move(socket);
}

PortWire::~PortWire() = default;

void PortWire::connect(std::size_t port, const net::SocketAddress& to) {
  connections_[port] = std::make_unique<Connection>(*this, port, to);
}

void PortWire::send(const net::SocketAddress& to, Bytes packet) {
  if (udp_ != nullptr) udp_->send({.remote = to, .local = local_}, packet);
}

void PortWire::send(std::size_t port, Bytes bytes) {
  const auto connection = connections_.find(port);
  if (connection != connections_.end()) connection->second->send(bytes);
}

void PortWire::on_datagrams(std::span<const io::ReceivedDatagram> datagrams) {
  for (const auto& datagram : datagrams) {
    on_event_(PortProbe::Datagram{datagram.path.remote, datagram.payload});
  }
}

}  // namespace parley::probe

#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/lifeline.h"
#include "io/tcp_connector.h"
#include "io/udp.h"
#include "net/address.h"
#include "probe/path_probe.h"
#include "probe/report.h"
#include "tls/context.h"
#include "tls/stream.h"
#include "turn/stream_framer.h"

namespace parley::probe {

// Where a server is, and how to speak to it.
struct Endpoint {
  Way way = Way::kUdp;
  net::SocketAddress address = {};
  net::IpAddress local = {};          // Ours towards it.
  std::string name = {};              // That its certificate must be valid for.
  const tls::Context* tls = nullptr;  // For Way::kTls; outlives the wire.
};

// The socket under one of a PathProbe's wires: a UDP socket, or a TCP or TLS connection to the
// server that is cut into packets.
class SocketWire final : private io::UdpSocket::Handler, private tls::Stream::Handler {
 public:
  // Never told inside the constructor or send(). Who is told must not destroy the wire in it.
  using OnEvent = std::move_only_function<void(PathProbe::Input)>;

  SocketWire(io::EventLoop& loop, const Endpoint& endpoint, PathProbe::Wire wire, OnEvent on_event);
  ~SocketWire();

  void send(const net::SocketAddress& to, Bytes packet);

 private:
  void open_udp();
  void open_stream();
  void on_connected(io::Fd fd);
  void tell_opened(net::SocketAddress local);
  void tell_broken(std::string problem);

  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;
  void on_data(Bytes data) override;
  void on_secured() override;
  void on_tls_failed(std::string_view problem) override;
  void on_ended(io::StreamEnd end) override;

  io::EventLoop& loop_;
  Endpoint endpoint_;
  PathProbe::Wire wire_;
  OnEvent on_event_;
  io::Timer at_once_;  // For what must not be told in the constructor.
  Time began_;
  std::unique_ptr<io::UdpSocket> udp_;
  std::unique_ptr<io::TcpConnector> connector_;
  std::unique_ptr<tls::Stream> stream_;
  turn::StreamFramer framer_;
  bool is_over_ = false;
};

}  // namespace parley::probe

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/tcp.h"
#include "io/tcp_connector.h"
#include "io/udp.h"
#include "net/address.h"
#include "probe/port_probe.h"

namespace parley::probe {

// The sockets under a PortProbe: one of UDP, and a connection to each port.
class PortWire final : private io::UdpSocket::Handler {
 public:
  // Never told inside the constructor, connect() or a send.
  using OnEvent = std::move_only_function<void(PortProbe::Input)>;

  // `local` is ours towards the server.
  PortWire(io::EventLoop& loop, const net::IpAddress& local, OnEvent on_event);
  ~PortWire();

  void connect(std::size_t port, const net::SocketAddress& to);
  void send(const net::SocketAddress& to, Bytes packet);
  void send(std::size_t port, Bytes bytes);

 private:
  class Connection;

  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;

  io::EventLoop& loop_;
  net::IpAddress local_;
  OnEvent on_event_;
  std::unique_ptr<io::UdpSocket> udp_;  // Null: it could not be had, and nothing answers.
  std::map<std::size_t, std::unique_ptr<Connection>> connections_;
};

}  // namespace parley::probe

#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/udp.h"
#include "net/address.h"
#include "net/path.h"

namespace parley::server {

// A UDP socket that clients reach, and its packets as the engine knows them: by net::Path.
class ClientPort final : private io::UdpSocket::Handler {
 public:
  class Handler {
   public:
    virtual void on_packet(const net::Path& path, std::span<std::uint8_t> packet) = 0;
    virtual void on_batch_end() = 0;  // What came together has been told.

   protected:
    ~Handler() = default;
  };

  // The error is for the operator.
  static std::expected<std::unique_ptr<ClientPort>, std::string> open(
      io::EventLoop& loop, const net::SocketAddress& address, io::PortShare share, Handler& handler,
      bool in_runs = true);

  // Whether packets leave here that are said to leave from `local`.
  bool serves(const net::SocketAddress& local) const {
    return address_.port == local.port && (serves_all_ || address_.ip == local.ip);
  }
  void send(const net::Path& path, Bytes packet) {
    socket_->send({.remote = path.remote, .local = path.local.ip}, packet);
  }

  const net::SocketAddress& address() const { return address_; }
  io::UdpSocket& socket() { return *socket_; }
  io::UdpSocket::Counters counters() const { return socket_->counters(); }

 private:
  explicit ClientPort(Handler& handler) : handler_(handler) {}
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;

  Handler& handler_;
  std::unique_ptr<io::UdpSocket> socket_;
  net::SocketAddress address_ = {};
  bool serves_all_ = false;  // Bound to every address.
};

}  // namespace parley::server

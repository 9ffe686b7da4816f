#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/event_loop.h"
#include "io/udp.h"
#include "turn/client.h"

namespace bench {

using namespace parley;

// Who is reached through the relay, and counts what comes.
class Peer final : io::UdpSocket::Handler {
 public:
  explicit Peer(io::EventLoop& loop);

  void send(const net::SocketAddress& relayed, Bytes payload) { socket_->send({relayed}, payload); }
  net::SocketAddress address() const { return address_; }

  std::uint64_t received = 0;

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    received += datagrams.size();
  }

  std::unique_ptr<io::UdpSocket> socket_;
  net::SocketAddress address_;
};

// Has an allocation, and counts what comes through it.
class Client final : io::UdpSocket::Handler {
 public:
  struct Config {
    net::SocketAddress server = {};
    turn::Login login = {};
    bool channels = true;
  };

  Client(io::EventLoop& loop, const Config& config, Random& random);

  void start() {
    then([&] { engine_.start(loop_.now()); });
  }
  void close() {
    then([&] { engine_.close(loop_.now()); });
  }
  void tick() {
    then([&] { engine_.handle_timeout(loop_.now()); });
  }  // A few times a second.
  void send(const net::SocketAddress& peer, Bytes payload) {
    then([&] { engine_.send(loop_.now(), peer, payload); });
  }

  bool is_allocated() const { return engine_.is_allocated(); }
  bool is_closed() const { return is_closed_; }
  const net::SocketAddress& relayed() const { return relayed_; }

  std::uint64_t received = 0;
  std::uint64_t received_in_channels = 0;

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;
  template <class Call>
  void then(Call call) {
    call();
    drain();
  }
  void drain();

  io::EventLoop& loop_;
  net::SocketAddress server_;
  turn::Client engine_;
  net::SocketAddress relayed_ = {};
  bool is_closed_ = false;
  std::unique_ptr<io::UdpSocket> socket_;
};

// Asks for its own address.
class Asker final : io::UdpSocket::Handler {
 public:
  Asker(io::EventLoop& loop, const net::SocketAddress& server);

  void ask();

  std::uint64_t answered = 0;

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;

  net::SocketAddress server_;
  stun::TransactionId id_ = {};
  std::unique_ptr<io::UdpSocket> socket_;
};

// A sentence on standard error, and the end.
[[noreturn]] void fail(const std::string& why);

}  // namespace bench

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "base/random.h"
#include "io/clock.h"
#include "io/event_loop.h"
#include "io/tcp.h"
#include "io/udp.h"
#include "tls/stream.h"
#include "turn/client.h"
#include "turn/stream_framer.h"

// For tests: a client of a relay, turn::Client with its sockets, on loopback.
namespace parley::server {

inline net::SocketAddress at(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

// Turns the loop until `done`, ten seconds at most.
template <class Condition>
void turn_until(io::EventLoop& loop, Condition done) {
  using namespace std::chrono_literals;
  const Time give_up = io::monotonic_now() + 10s;
  while (!done() && io::monotonic_now() < give_up) loop.run_turn(10ms);
  ASSERT_TRUE(done());
}

// A UDP socket that remembers what comes.
class TestPeer final : private io::UdpSocket::Handler {
 public:
  TestPeer(io::EventLoop& loop, std::string_view address)
      : socket_(io::UdpSocket::open(loop, at(address), *this).value()) {}

  void send(const net::SocketAddress& to, std::string_view text) {
    socket_->send({.remote = to}, as_bytes(text));
  }
  net::SocketAddress address() const { return socket_->address(); }

  std::vector<std::string> received;
  std::vector<net::SocketAddress> from;

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const auto& [path, payload] : datagrams) {
      from.push_back(path.remote);
      received.emplace_back(as_text(payload));
    }
  }

  std::unique_ptr<io::UdpSocket> socket_;
};

// One TCP connection, or TLS over it.
class TestStream final : private tls::Stream::Handler {
 public:
  TestStream(io::EventLoop& loop, const net::SocketAddress& to,
             std::unique_ptr<tls::Session> session = {})
      : stream_(loop, io::connect_tcp(to).value(), to, std::move(session), *this, {}) {}
  TestStream(io::EventLoop& loop, int fd, const net::SocketAddress& from)
      : stream_(loop, fd, from, {}, *this, {}) {}

  void send(Bytes bytes) { stream_.send(SharedBytes(bytes)); }
  void send(std::string_view text) { send(as_bytes(text)); }
  void pause() { stream_.pause_reading(); }
  void resume() { stream_.resume_reading(); }
  void close() { stream_.close(); }
  void close_after_sending() { stream_.close_after_sending(); }

  std::string received;  // Unless on_bytes takes it.
  std::function<void(Bytes)> on_bytes;
  bool ended = false;

 private:
  void on_data(Bytes data) override {
    if (on_bytes) return on_bytes(data);
    received += as_text(data);
  }
  void on_ended(io::StreamEnd) override { ended = true; }
  void on_tls_failed(std::string_view) override { ended = true; }

  tls::Stream stream_;
};

class TurnUser final : private io::UdpSocket::Handler {
 public:
  struct Way {
    net::SocketAddress server = {};
    std::shared_ptr<const tls::Context> tls = {};  // With config.server kTcp.
    std::string local = "127.0.0.1:0";             // Over UDP.
  };

  TurnUser(io::EventLoop& loop, Way way, turn::ClientConfig config)
      : loop_(loop),
        way_(std::move(way)),
        config_(config),
        random_(static_cast<std::uint64_t>(way_.server.port)),
        client_(std::move(config), random_),
        timer_(loop, [this] {
          client_.handle_timeout(loop_.now());
          settle();
        }) {
    if (config_.server == net::Transport::kUdp) {
      udp_ = io::UdpSocket::open(loop, at(way_.local), *this).value();
    } else {
      stream_ = std::make_unique<TestStream>(loop, way_.server, session());
      stream_->on_bytes = [this](Bytes bytes) { read(bytes); };
    }
    client_.start(loop.now());
    settle();
  }

  void send(const net::SocketAddress& peer, std::string_view text) {
    client_.send(loop_.now(), peer, as_bytes(text));
    settle();
  }
  void permit(const net::IpAddress& peer) {
    client_.permit(loop_.now(), peer);
    settle();
  }
  void connect(const net::SocketAddress& peer) {
    client_.connect(loop_.now(), peer);
    settle();
  }
  void bind(turn::ConnectionId connection) {
    client_.bind(loop_.now(), connection);
    settle();
  }
  // To another address of this host, over UDP.
  void move(std::string_view local) {
    udp_ = io::UdpSocket::open(loop_, at(local), *this).value();
    client_.path_changed(loop_.now());
    settle();
  }
  void close() {
    client_.close(loop_.now());
    settle();
  }

  bool is_allocated() const { return !relayed.empty(); }
  TestStream& stream() { return *stream_; }
  TestStream& data(turn::ConnectionId id) { return *data_.at(id); }

  std::vector<net::SocketAddress> relayed;
  std::vector<turn::Received> received;
  std::vector<turn::PeerUnreachable> unreachable;
  std::vector<turn::PeerConnected> connected;
  std::vector<turn::ConnectFailed> connect_failed;
  std::vector<turn::ConnectionId> bound;
  std::optional<turn::ClientFailed> failed;
  bool moved = false;
  bool closed = false;

 private:
  std::unique_ptr<tls::Session> session() const {
    if (way_.tls == nullptr) return nullptr;
    return tls::Session::connect(*way_.tls, "localhost", tls::kTurnAndStun);
  }

  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const auto& [path, payload] : datagrams) {
      client_.handle_input(loop_.now(), {.packet = payload});
    }
    settle();
  }

  void read(Bytes bytes) {
    framer_.append(bytes);
    for (auto packet = framer_.next(); packet && *packet; packet = framer_.next()) {
      client_.handle_input(loop_.now(), {.packet = **packet});
    }
    settle();
  }

  // Over a connection for a peer's data.
  void read_data(turn::ConnectionId id, Bytes bytes) {
    const auto is_bound = [&] { return std::ranges::find(bound, id) != bound.end(); };
    TestStream& stream = *data_.at(id);
    if (is_bound()) {
      stream.received += as_text(bytes);
      return;
    }
    turn::StreamFramer framer;
    framer.append(bytes);
    const auto packet = framer.next();
    if (!packet || !*packet) return;
    client_.handle_input(loop_.now(), {.packet = **packet, .connection = id});
    settle();
    stream.received += as_text(framer.take_rest());
  }

  void settle() {
    while (auto output = client_.poll_output()) {
      std::visit(overloaded{[&](turn::ToServer& x) { send_to_server(x); },
                            [&](turn::Allocated& x) { relayed = x.relayed; },
                            [&](turn::Received& x) { received.push_back(std::move(x)); },
                            [&](turn::PeerUnreachable& x) { unreachable.push_back(x); },
                            [&](turn::PeerConnected& x) { connected.push_back(x); },
                            [&](turn::ConnectFailed& x) { connect_failed.push_back(x); },
                            [&](turn::Bound& x) { bound.push_back(x.connection); },
                            [&](turn::ClientFailed& x) { failed = x; },
                            [&](turn::Moved&) { moved = true; },
                            [&](turn::ClientClosed&) { closed = true; }, [](auto&) {}},
                 *output);
    }
    timer_.arm(client_.next_deadline());
  }

  void send_to_server(const turn::ToServer& out) {
    if (out.connection) {
      auto& stream = data_[out.connection];
      if (stream == nullptr) {
        stream = std::make_unique<TestStream>(loop_, way_.server, session());
        stream->on_bytes = [this, id = out.connection](Bytes bytes) { read_data(id, bytes); };
      }
      stream->send(out.packet);
    } else if (udp_ != nullptr) {
      udp_->send({.remote = way_.server}, out.packet);
    } else {
      stream_->send(out.packet);
    }
  }

  io::EventLoop& loop_;
  Way way_;
  turn::ClientConfig config_;
  SeededRandom random_;
  turn::Client client_;
  io::Timer timer_;
  std::unique_ptr<io::UdpSocket> udp_;
  std::unique_ptr<TestStream> stream_;
  turn::StreamFramer framer_;
  std::map<turn::ConnectionId, std::unique_ptr<TestStream>> data_;
};

}  // namespace parley::server

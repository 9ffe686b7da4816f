#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/clock.h"
#include "io/udp.h"

// For the tests of UDP sockets.
namespace parley::io {

inline net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

template <class Condition>
void turn_until(EventLoop& loop, Condition done) {
  const Time give_up = monotonic_now() + std::chrono::seconds{5};
  while (!done() && monotonic_now() < give_up) loop.run_turn(std::chrono::milliseconds{10});
  ASSERT_TRUE(done());
}

struct Node final : UdpSocket::Handler {
  Node(EventLoop& loop, std::string_view at, UdpSocket::Config config = {}) {
    auto opened = UdpSocket::open(loop, address(at), *this, config);
    EXPECT_TRUE(opened.has_value()) << opened.error();
    socket = *std::move(opened);
  }

  void on_datagrams(std::span<const ReceivedDatagram> datagrams) override {
    ++batches;
    for (const ReceivedDatagram& datagram : datagrams) {
      texts.emplace_back(as_text(datagram.payload));
      paths.push_back(datagram.path);
      if (scribble) std::ranges::fill(datagram.with_room(), 0xEE);
      if (echo) socket->send(datagram.path, datagram.payload);
    }
    if (then) then();
  }
  void on_error(const UdpError& error) override { errors.push_back(error); }

  void send(const net::SocketAddress& to, std::string_view text) {
    socket->send({.remote = to}, as_bytes(text));
  }

  std::unique_ptr<UdpSocket> socket;
  bool echo = false;
  bool scribble = false;  // Uses all the room that there is around a payload, and the payload.
  int batches = 0;
  std::vector<std::string> texts;
  std::vector<UdpPath> paths;
  std::vector<UdpError> errors;
  std::function<void()> then;
};

inline bool has_ipv6() {
  struct Nobody final : UdpSocket::Handler {
    void on_datagrams(std::span<const ReceivedDatagram>) override {}
  } nobody;
  EventLoop loop;
  return UdpSocket::open(loop, address("[::1]:0"), nobody).has_value();
}

}  // namespace parley::io

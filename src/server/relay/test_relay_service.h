#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

#include "server/relay/relay_service.h"
#include "server/relay/test_turn_user.h"

// For tests: a RelayService on loopback, and its clients, on one loop.
namespace parley::server {

inline turn::ServerConfig loopback_config() {
  turn::ServerConfig config;
  config.users = {turn::make_user(config.realm, {"ada", "lovelace"})};
  const net::IpAddress v4 = at("127.0.0.1:0").ip;
  const net::IpAddress v6 = at("[::1]:0").ip;
  config.relay_hosts = {{v4, v4}, {v6, v6}};
  config.peers.allow = {net::Network::parse("127.0.0.0/8").value(),
                        net::Network::parse("::1").value()};
  return config;
}

inline turn::ClientConfig client_over(net::Transport transport) {
  turn::ClientConfig config;
  config.server = transport;
  config.login = {"ada", "lovelace"};
  return config;
}

struct RelayServiceTest : testing::Test {
  void start(RelayConfig limits = {},
             std::optional<turn::ServerConfig> config = loopback_config()) {
    service = std::make_unique<RelayService>(loop, limits, io::PortShare{}, random);
    udp = service->listen_udp(at("[::]:0")).value();
    tcp = service->listen_tcp(at("127.0.0.1:0")).value();
    secure = service->listen_tls(at("127.0.0.1:0")).value();
    udp.ip = at("127.0.0.1:0").ip;
    service->serve(std::move(config));
  }

  std::unique_ptr<TurnUser> join(TurnUser::Way way, turn::ClientConfig config) {
    auto user = std::make_unique<TurnUser>(loop, std::move(way), std::move(config));
    turn_until(loop, [&] { return user->is_allocated() || user->failed; });
    EXPECT_TRUE(user->is_allocated());
    return user;
  }
  std::unique_ptr<TurnUser> join_udp() {
    return join({.server = udp}, client_over(net::Transport::kUdp));
  }
  std::unique_ptr<TurnUser> join_tcp() {
    return join({.server = tcp}, client_over(net::Transport::kTcp));
  }

  // Through a peer that echoes nothing: both directions, until a channel is bound and after.
  void expect_both_ways(TurnUser& user) {
    TestPeer peer(loop, "127.0.0.1:0");
    for (std::size_t i = 0; i < 5; ++i) {
      user.send(peer.address(), "to peer");
      turn_until(loop, [&] { return peer.received.size() == i + 1; });
      EXPECT_EQ(peer.received.back(), "to peer");
      EXPECT_EQ(peer.from.back(), user.relayed.front());
      peer.send(user.relayed.front(), "and back");
      turn_until(loop, [&] { return user.received.size() == i + 1; });
      EXPECT_EQ(as_text(user.received.back().payload), "and back");
      EXPECT_EQ(user.received.back().peer, peer.address());
    }
  }

  io::EventLoop loop;
  SeededRandom random{1};
  std::unique_ptr<RelayService> service;
  net::SocketAddress udp, tcp, secure;
};

}  // namespace parley::server

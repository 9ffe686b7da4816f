#include "io/path_sockets.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/clock.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;
using net::Transport;

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

template <class Condition>
void turn_until(EventLoop& loop, Condition done) {
  const Time give_up = monotonic_now() + 5s;
  while (!done() && monotonic_now() < give_up) loop.run_turn(10ms);
  ASSERT_TRUE(done());
}

struct Node final : PathSockets::Handler {
  explicit Node(EventLoop& loop, PathSockets::Config config = {})
      : sockets(std::make_unique<PathSockets>(loop, *this, config)) {}

  void on_packet(const net::Path& path, std::span<std::uint8_t> packet) override {
    packets.emplace_back(as_text(packet));
    paths.push_back(path);
    if (then) then();
  }
  void on_connected(const net::Path& asked, const net::Path& actual) override {
    connected.emplace_back(asked, actual);
  }
  void on_disconnected(const net::Path& path) override { disconnected.push_back(path); }

  void send(const net::Path& path, std::string_view text) { sockets->send(path, as_bytes(text)); }

  std::unique_ptr<PathSockets> sockets;
  std::vector<std::string> packets;
  std::vector<net::Path> paths;
  std::vector<std::pair<net::Path, net::Path>> connected;
  std::vector<net::Path> disconnected;
  std::function<void()> then;
};

// Two nodes with a TCP connection, and the path of either side.
struct TcpPair {
  explicit TcpPair(PathSockets::Config server_config = {}) : server(loop, server_config) {
    listening = server.sockets->listen_tcp(address("127.0.0.1:0")).value();
    connect();
    turn_until(loop, [&] { return client.connected.size() == 1; });
    path = client.connected.at(0).second;
    back = {.transport = Transport::kTcp, .local = path.remote, .remote = path.local};
  }

  void connect() {
    client.sockets->connect(
        {.transport = Transport::kTcp, .local = address("127.0.0.1:0"), .remote = listening});
  }

  EventLoop loop;
  Node server;
  Node client{loop};
  net::SocketAddress listening;
  net::Path path;
  net::Path back;
};

TEST(PathSockets, CarriesDatagramsByTheirPaths) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto from = a.sockets->open_udp(address("127.0.0.1:0")).value();
  const auto to = b.sockets->open_udp(address("127.0.0.1:0")).value();
  a.send({.local = from, .remote = to}, "there");
  turn_until(loop, [&] { return b.packets.size() == 1; });
  EXPECT_EQ(b.paths[0], (net::Path{.local = to, .remote = from}));
  b.send(b.paths[0], "and back");
  turn_until(loop, [&] { return a.packets.size() == 1; });
  EXPECT_EQ(a.packets[0], "and back");
  EXPECT_EQ(a.sockets->counters().udp.sent, 1u);
  EXPECT_EQ(a.sockets->counters().udp.received, 1u);
}

TEST(PathSockets, SendsFromTheSocketThatThePathNames) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto first = a.sockets->open_udp(address("127.0.0.1:0")).value();
  const auto second = a.sockets->open_udp(address("127.0.0.1:0")).value();
  const auto to = b.sockets->open_udp(address("127.0.0.1:0")).value();
  a.send({.local = second, .remote = to}, "second");
  turn_until(loop, [&] { return b.packets.size() == 1; });
  a.send({.local = first, .remote = to}, "first");
  turn_until(loop, [&] { return b.packets.size() == 2; });
  EXPECT_EQ(b.paths[0].remote, second);
  EXPECT_EQ(b.paths[1].remote, first);
}

TEST(PathSockets, KnowsTheLocalAddressWhereAllAreListenedOn) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto any = a.sockets->open_udp(address("0.0.0.0:0")).value();
  const auto from = b.sockets->open_udp(address("127.0.0.1:0")).value();
  const net::SocketAddress asked{address("127.0.0.2:0").ip, any.port};
  b.send({.local = from, .remote = asked}, "who?");
  turn_until(loop, [&] { return a.packets.size() == 1; });
  EXPECT_EQ(a.paths[0].local, asked);
  a.send(a.paths[0], "me");
  turn_until(loop, [&] { return b.packets.size() == 1; });
  EXPECT_EQ(b.paths[0].remote, asked);
}

TEST(PathSockets, LosesWhatIsSentOnAPathThatIsNotThere) {
  EventLoop loop;
  Node a(loop);
  const auto to = address("127.0.0.1:9");
  a.send({.local = address("127.0.0.1:1"), .remote = to}, "x");
  a.send({.transport = Transport::kTcp, .local = address("127.0.0.1:1"), .remote = to}, "x");
  EXPECT_EQ(a.sockets->counters().dropped_no_path, 2u);
  const auto local = a.sockets->open_udp(address("127.0.0.1:0")).value();
  a.sockets->close_local(local);
  a.send({.local = local, .remote = to}, "x");
  EXPECT_EQ(a.sockets->counters().dropped_no_path, 3u);
}

TEST(PathSockets, FramesPacketsOnTcp) {
  TcpPair pair;
  EXPECT_EQ(pair.client.connected[0].first.local, address("127.0.0.1:0"));
  EXPECT_EQ(pair.path.remote, pair.listening);
  EXPECT_NE(pair.path.local.port, 0);
  const std::vector<std::string> sent{"one", std::string(60'000, 'x'), "three"};
  for (const std::string& packet : sent) pair.client.send(pair.path, packet);
  turn_until(pair.loop, [&] { return pair.server.packets.size() == 3; });
  EXPECT_EQ(pair.server.packets, sent);
  EXPECT_EQ(pair.server.paths[0], pair.back);
  pair.server.send(pair.back, "back");
  turn_until(pair.loop, [&] { return pair.client.packets.size() == 1; });
  EXPECT_EQ(pair.client.paths[0], pair.path);
}

TEST(PathSockets, DropsWhatTheLengthOfAPacketCannotTell) {
  TcpPair pair;
  pair.client.send(pair.path, std::string(65'536, 'x'));
  EXPECT_EQ(pair.client.sockets->counters().dropped_too_long, 1u);
}

TEST(PathSockets, TellsOfAConnectionThatThePeerEnds) {
  TcpPair pair;
  pair.client.send(pair.path, "x");
  turn_until(pair.loop, [&] { return pair.server.packets.size() == 1; });
  pair.client.sockets->close(pair.path);
  turn_until(pair.loop, [&] { return pair.server.disconnected.size() == 1; });
  EXPECT_EQ(pair.server.disconnected[0], pair.back);
  EXPECT_TRUE(pair.client.disconnected.empty());
  pair.server.send(pair.back, "too late");
  EXPECT_EQ(pair.server.sockets->counters().dropped_no_path, 1u);
}

TEST(PathSockets, TellsOfAConnectionThatCannotBeMade) {
  EventLoop loop;
  Node a(loop);
  const auto nobody = a.sockets->listen_tcp(address("127.0.0.1:0")).value();
  a.sockets->close_local(nobody);
  const net::Path refused{
      .transport = Transport::kTcp, .local = address("127.0.0.1:0"), .remote = nobody};
  const net::Path impossible{
      .transport = Transport::kTcp, .local = address("127.0.0.1:0"), .remote = address("[::1]:1")};
  for (const net::Path& path : {refused, impossible}) {
    a.disconnected.clear();
    a.sockets->connect(path);
    EXPECT_TRUE(a.disconnected.empty());
    turn_until(loop, [&] { return a.disconnected.size() == 1; });
    EXPECT_EQ(a.disconnected[0], path);
  }
  EXPECT_TRUE(a.connected.empty());
}

TEST(PathSockets, TellsNothingOfAnAttemptThatWasClosed) {
  TcpPair pair;
  pair.client.connected.clear();
  pair.connect();
  pair.client.sockets->close(
      {.transport = Transport::kTcp, .local = address("127.0.0.1:0"), .remote = pair.listening});
  for (int i = 0; i < 5; ++i) pair.loop.run_turn(1ms);
  EXPECT_TRUE(pair.client.connected.empty());
  EXPECT_TRUE(pair.client.disconnected.empty());
}

TEST(PathSockets, ConnectsOnceWhereItIsAskedTwice) {
  TcpPair pair;
  pair.connect();
  pair.connect();
  turn_until(pair.loop, [&] { return pair.client.connected.size() == 2; });
  for (int i = 0; i < 5; ++i) pair.loop.run_turn(1ms);
  EXPECT_EQ(pair.server.sockets->counters().tcp_accepted, 2u);
}

TEST(PathSockets, SendsAwayWhoIsOneTooMany) {
  TcpPair pair({.max_accepted = 1});
  pair.connect();
  turn_until(pair.loop, [&] { return pair.server.sockets->counters().tcp_refused == 1; });
  turn_until(pair.loop, [&] { return pair.client.disconnected.size() == 1; });
  pair.client.sockets->close(pair.path);
  turn_until(pair.loop, [&] { return pair.server.disconnected.size() == 1; });
  pair.connect();
  turn_until(pair.loop, [&] { return pair.server.sockets->counters().tcp_accepted == 2; });
}

TEST(PathSockets, GivesUpAPeerThatDoesNotRead) {
  TcpPair pair;
  EventLoop other;  // Never runs: so nobody reads.
  Node sender(other, {.max_queued = 100'000});
  sender.sockets->connect(
      {.transport = Transport::kTcp, .local = address("127.0.0.1:0"), .remote = pair.listening});
  turn_until(other, [&] { return sender.connected.size() == 1; });
  const net::Path path = sender.connected[0].second;
  for (int i = 0; i < 1000 && sender.disconnected.empty(); ++i) {
    for (int n = 0; n < 10; ++n) sender.send(path, std::string(60'000, 'x'));
    other.run_turn(0ms);
  }
  ASSERT_EQ(sender.disconnected.size(), 1u);
  EXPECT_EQ(sender.disconnected[0], path);
}

TEST(PathSockets, MayBeDestroyedByWhomTheyTell) {
  for (const Transport transport : {Transport::kUdp, Transport::kTcp}) {
    TcpPair pair;
    net::Path path = pair.path;
    if (transport == Transport::kUdp) {
      path = {.local = pair.client.sockets->open_udp(address("127.0.0.1:0")).value(),
              .remote = pair.server.sockets->open_udp(address("127.0.0.1:0")).value()};
    }
    pair.server.then = [&] { pair.server.sockets.reset(); };
    for (int i = 0; i < 10; ++i) pair.client.send(path, "x");
    turn_until(pair.loop, [&] { return pair.server.sockets == nullptr; });
    EXPECT_EQ(pair.server.packets.size(), 1u);
  }
}

TEST(PathSockets, SayInASentenceWhyTheyCannotBeOpened) {
  EventLoop loop;
  Node a(loop);
  const auto taken = a.sockets->open_udp(address("127.0.0.1:0")).value();
  EXPECT_EQ(a.sockets->open_udp(taken).error(),
            "cannot listen on " + taken.to_string() + ": Address already in use");
}

}  // namespace
}  // namespace parley::io

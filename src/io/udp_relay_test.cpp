// What a relay wants of its sockets: room around what was received, no fragments, errors, and to
// weigh nothing while it waits.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "io/sockaddr.h"
#include "io/udp_test_node.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

// A descriptor of ours that is bound to `at`.
int descriptor_of(const net::SocketAddress& at) {
  for (int fd = 3; fd < 1024; ++fd) {
    KernelAddress address;
    socklen_t size = sizeof address;
    if (::getsockname(fd, &address.any, &size) == 0 && from_kernel(address) == at) return fd;
  }
  return -1;
}

int option(const UdpSocket& socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(descriptor_of(socket.address()), level, name, &value, &size), 0);
  return value;
}

// An address at which nobody listens, and did until now.
net::SocketAddress nobody(EventLoop& loop, std::string_view at) {
  return Node(loop, at).socket->address();
}

TEST(UdpRelay, AnIdleSocketWeighsLessThan300Bytes) {
  EXPECT_LE(sizeof(UdpSocket), 300u);
}

TEST(UdpRelay, GivesRoomAroundEachDatagramOfARun) {
  EventLoop loop;
  for (const bool in_runs : {false, true}) {
    Node a(loop, "127.0.0.1:0", {.in_runs = in_runs});
    Node b(loop, "127.0.0.1:0", {.in_runs = in_runs, .tailroom = true});
    b.scribble = true;
    std::vector<std::string> sent;
    for (const std::size_t size : {1200u, 1u, 3u, 160u}) {  // Also shorter than the room.
      for (char c = 'a'; c <= 'q'; ++c) sent.emplace_back(size, c);
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (i % 17 == 0) loop.run_turn(0ms);
      a.send(b.socket->address(), sent[i]);
    }
    turn_until(loop, [&] { return b.texts.size() == sent.size(); });
    EXPECT_EQ(b.texts, sent) << "in runs: " << in_runs;
  }
}

TEST(UdpRelay, SocketsOfALoopShareWhatWaitsToBeSent) {
  EventLoop loop;
  Node to(loop, "127.0.0.1:0");
  std::vector<std::unique_ptr<Node>> nodes;
  for (int i = 0; i < 50; ++i) nodes.push_back(std::make_unique<Node>(loop, "127.0.0.1:0"));
  for (int round = 0; round < 20; ++round) {
    for (const auto& node : nodes) node->send(to.socket->address(), std::to_string(round));
    nodes[3]->socket->send({.remote = to.socket->address()}, as_bytes("and"));
    turn_until(loop, [&] { return to.texts.size() == 51; });
    EXPECT_EQ(std::ranges::count(to.texts, std::to_string(round)), 50);
    to.texts.clear();
  }
  nodes[0]->send(to.socket->address(), "unsent");
  nodes.clear();
  loop.run_turn(0ms);
  EXPECT_TRUE(to.texts.empty());
}

TEST(UdpRelay, ForbidsFragmentsOfThoseDatagramsForWhichItIsAsked) {
  EventLoop loop;
  Node to(loop, "127.0.0.1:0");
  Node from(loop, "127.0.0.1:0");
  const auto discovery = [&] { return option(*from.socket, IPPROTO_IP, IP_MTU_DISCOVER); };
  const int at_first = discovery();
  const UdpPath path{.remote = to.socket->address()};
  from.socket->send(path, as_bytes("1"), true);
  from.socket->send(path, as_bytes("2"), true);
  loop.run_turn(0ms);
  EXPECT_EQ(discovery(), IP_PMTUDISC_DO);
  from.socket->send(path, as_bytes("3"), true);
  from.socket->send(path, as_bytes("4"));
  from.socket->send(path, as_bytes("5"), true);
  from.socket->send(path, as_bytes("6"));
  loop.run_turn(0ms);
  EXPECT_EQ(discovery(), at_first);
  turn_until(loop, [&] { return to.texts.size() == 6; });
  EXPECT_EQ(to.texts, (std::vector<std::string>{"1", "2", "3", "4", "5", "6"}));
}

TEST(UdpRelay, LetsRoutersCutWhatIsNotForbiddenOnceItHearsOfErrors) {
  EventLoop loop;
  Node to(loop, "127.0.0.1:0");
  Node from(loop, "127.0.0.1:0", {.errors = true});
  const auto discovery = [&] { return option(*from.socket, IPPROTO_IP, IP_MTU_DISCOVER); };
  EXPECT_EQ(discovery(), IP_PMTUDISC_DONT);
  const UdpPath path{.remote = to.socket->address()};
  from.socket->send(path, as_bytes("1"), true);
  loop.run_turn(0ms);
  EXPECT_EQ(discovery(), IP_PMTUDISC_DO);
  from.socket->send(path, as_bytes("2"));
  loop.run_turn(0ms);
  EXPECT_EQ(discovery(), IP_PMTUDISC_DONT);
}

TEST(UdpRelay, ForbidsFragmentsOfBothFamiliesOnOneSocket) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this host";
  EventLoop loop;
  Node from(loop, "[::]:0");
  from.socket->send({.remote = nobody(loop, "[::1]:0")}, as_bytes("1"), true);
  loop.run_turn(0ms);
  EXPECT_EQ(option(*from.socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_DO);
  EXPECT_EQ(option(*from.socket, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_DO);
}

TEST(UdpRelay, TellsOfErrorsAndLosesNothingByThem) {
  EventLoop loop;
  Node to(loop, "127.0.0.1:0");
  Node from(loop, "127.0.0.1:0", {.errors = true});
  const auto closed = nobody(loop, "127.0.0.1:0");
  for (int i = 0; i < 5; ++i) {
    from.send(closed, "anyone?");
    loop.run_turn(0ms);  // The error is there by now, and what is sent next meets it.
    from.send(to.socket->address(), "you?");
    loop.run_turn(0ms);
  }
  turn_until(loop, [&] { return to.texts.size() == 5 && from.errors.size() == 5; });
  EXPECT_EQ(from.errors[0].remote, closed);
  EXPECT_EQ(from.errors[0].type, 3);  // Destination unreachable:
  EXPECT_EQ(from.errors[0].code, 3);  // the port.
  EXPECT_EQ(from.errors[0].data, 0u);
  EXPECT_EQ(from.socket->counters().sent, 10u);
}

TEST(UdpRelay, TellsOfErrorsOfBothFamilies) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this host";
  EventLoop loop;
  Node from(loop, "[::]:0", {.errors = true});
  const auto closed = nobody(loop, "[::1]:0");
  const auto closed_v4 = nobody(loop, "127.0.0.1:0");
  from.send(closed, "anyone?");
  turn_until(loop, [&] { return from.errors.size() == 1; });
  EXPECT_EQ(from.errors[0].remote, closed);
  EXPECT_EQ(from.errors[0].type, 1);
  EXPECT_EQ(from.errors[0].code, 4);
  from.send(closed_v4, "anyone?");
  turn_until(loop, [&] { return from.errors.size() == 2; });
  EXPECT_EQ(from.errors[1].remote, closed_v4);
  EXPECT_EQ(from.errors[1].type, 3);
}

TEST(UdpRelay, KeepsErrorsToItselfUnlessTheyAreWanted) {
  EventLoop loop;
  Node to(loop, "127.0.0.1:0");
  Node from(loop, "127.0.0.1:0");
  from.send(nobody(loop, "127.0.0.1:0"), "anyone?");
  loop.run_turn(0ms);
  from.send(to.socket->address(), "you?");
  turn_until(loop, [&] { return to.texts.size() == 1; });
  EXPECT_TRUE(from.errors.empty());
}

TEST(UdpRelay, MayBeDestroyedByWhomItTellsOfAnError) {
  struct Fragile final : UdpSocket::Handler {
    void on_datagrams(std::span<const ReceivedDatagram>) override {}
    void on_error(const UdpError&) override { socket.reset(); }
    std::unique_ptr<UdpSocket> socket;
  };
  EventLoop loop;
  Fragile fragile;
  fragile.socket = UdpSocket::open(loop, address("127.0.0.1:0"), fragile, {.errors = true}).value();
  const UdpPath path{.remote = nobody(loop, "127.0.0.1:0")};
  for (int i = 0; i < 3; ++i) fragile.socket->send(path, as_bytes("anyone?"));
  turn_until(loop, [&] { return fragile.socket == nullptr; });
}

TEST(UdpRelay, AsksTheKernelForNoBufferWhereNoneIsNamed) {
  EventLoop loop;
  const int usual = [] {
    const Fd fd(::socket(AF_INET, SOCK_DGRAM, 0));
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &value, &size);
    return value;
  }();
  Node small(loop, "127.0.0.1:0", {.receive_buffer = 0, .send_buffer = 0});
  EXPECT_EQ(option(*small.socket, SOL_SOCKET, SO_RCVBUF), usual);
}

}  // namespace
}  // namespace parley::io

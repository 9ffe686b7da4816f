#include "io/udp.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "io/udp_test_node.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

TEST(UdpSocket, CarriesDatagramsWithTheirAddresses) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  a.send(b.socket->address(), "one");
  a.send(b.socket->address(), "");
  a.send(b.socket->address(), "three");
  turn_until(loop, [&] { return b.texts.size() == 3; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"one", "", "three"}));
  EXPECT_EQ(b.paths[0].remote, a.socket->address());
  EXPECT_EQ(b.paths[0].local.to_string(), "127.0.0.1");
}

TEST(UdpSocket, SendsAtTheEndOfTheTurnAndReadsInBatches) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  loop.run_turn(0ms);
  for (std::size_t i = 0; i < UdpSocket::kBatch; ++i) {
    a.send(b.socket->address(), std::to_string(i));
  }
  EXPECT_EQ(a.socket->counters().sent, 0u);
  loop.run_turn(0ms);
  EXPECT_EQ(a.socket->counters().sent, UdpSocket::kBatch);
  turn_until(loop, [&] { return b.texts.size() == UdpSocket::kBatch; });
  EXPECT_EQ(b.batches, 1);
}

TEST(UdpSocket, LosesNothingWhenAnArrivalIsManyBatchesLong) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  constexpr std::size_t kCount = 20 * UdpSocket::kBatch;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (i % 200 == 0) loop.run_turn(0ms);  // The kernel's buffer may be small here.
    a.send(b.socket->address(), std::to_string(i));
    bytes += std::to_string(i).size();
  }
  turn_until(loop, [&] { return b.texts.size() == kCount; });
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(b.texts[i], std::to_string(i));
  EXPECT_EQ(b.socket->counters().received, kCount);
  EXPECT_EQ(b.socket->counters().received_bytes, bytes);
  EXPECT_EQ(a.socket->counters().sent_bytes, bytes);
}

// A client that is connected hears only the address that it asked.
TEST(UdpSocket, AnswersFromTheAddressThatWasAsked) {
  EventLoop loop;
  for (const char* at : {"0.0.0.0:0", "[::]:0"}) {
    Node server(loop, at);
    server.echo = true;
    const std::uint16_t port = server.socket->address().port;
    Node client(loop, "127.0.0.1:0");
    client.send({address("127.0.0.2:0").ip, port}, "who?");
    turn_until(loop, [&] { return client.texts.size() == 1; });
    EXPECT_EQ(client.paths[0].remote.ip.to_string(), "127.0.0.2") << at;
    EXPECT_EQ(server.paths[0].local.to_string(), "127.0.0.2") << at;
    EXPECT_EQ(server.paths[0].remote, client.socket->address()) << at;
  }
}

TEST(UdpSocket, SpeaksIpv6WhereTheHostDoes) {
  EventLoop loop;
  Node server(loop, "[::]:0");
  server.echo = true;
  if (server.socket->address().ip.is_v4()) GTEST_SKIP() << "no IPv6 on this host";
  if (!UdpSocket::open(loop, address("[::1]:0"), server)) GTEST_SKIP() << "no ::1 on this host";
  Node client(loop, "[::1]:0");
  client.send({address("[::1]:0").ip, server.socket->address().port}, "six");
  turn_until(loop, [&] { return client.texts.size() == 1; });
  EXPECT_EQ(client.paths[0].remote.ip.to_string(), "::1");
  EXPECT_EQ(server.paths[0].local.to_string(), "::1");
}

TEST(UdpSocket, DropsAndCountsWhatIsTooLong) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0", {.max_datagram = 100});
  a.send(b.socket->address(), std::string(101, 'x'));
  a.send(b.socket->address(), std::string(100, 'y'));
  a.send(b.socket->address(), std::string(1501, 'z'));
  turn_until(loop, [&] { return b.texts.size() == 1; });
  EXPECT_EQ(b.texts[0], std::string(100, 'y'));
  EXPECT_EQ(b.socket->counters().dropped_too_long, 1u);
  EXPECT_EQ(a.socket->counters().dropped_too_long, 1u);
}

TEST(UdpSocket, GoesOnAfterADatagramThatTheKernelRefuses) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  a.send(b.socket->address(), "before");
  a.send({address("255.255.255.255:0").ip, 9}, "broadcast is not allowed");
  a.send(b.socket->address(), "after");
  turn_until(loop, [&] { return b.texts.size() == 2; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(a.socket->counters().dropped_unreachable, 1u);
  EXPECT_EQ(a.socket->counters().sent, 2u);
}

TEST(UdpSocket, TakesAnAddressOfTheOtherFamilyForUnreachable) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  a.send(address("[::1]:9"), "no way");
  loop.run_turn(0ms);
  EXPECT_EQ(a.socket->counters().dropped_unreachable, 1u);
}

TEST(UdpSocket, CountsWhatTheKernelDroppedBecauseNobodyRead) {
  EventLoop sending;
  EventLoop receiving;
  Node a(sending, "127.0.0.1:0", {.in_runs = false});
  Node b(receiving, "127.0.0.1:0", {.receive_buffer = 4096, .in_runs = false});
  for (int i = 0; i < 1000; ++i) a.send(b.socket->address(), std::string(1000, 'x'));
  sending.run_turn(0ms);
  receiving.run_turn(0ms);
  const auto counters = b.socket->counters();
  EXPECT_GT(counters.dropped_by_kernel, 0u);
  EXPECT_EQ(counters.dropped_by_kernel + counters.received, a.socket->counters().sent);
}

// Whoever of the two can: what is sent in a run may be received singly, and the other way round.
TEST(UdpSocket, CarriesRunsAsWhatTheyAreMadeOf) {
  EventLoop loop;
  for (const bool sender : {false, true}) {
    for (const bool receiver : {false, true}) {
      SCOPED_TRACE(testing::Message() << "in runs: sender " << sender << ", receiver " << receiver);
      Node a(loop, "127.0.0.1:0", {.in_runs = sender});
      Node b(loop, "127.0.0.1:0", {.in_runs = receiver});
      std::vector<std::string> sent;
      for (char c = 'a'; c <= 'z'; ++c) sent.emplace_back(1200, c);
      sent.emplace_back(500, '-');
      for (const std::string& text : sent) a.send(b.socket->address(), text);
      turn_until(loop, [&] { return b.texts.size() == sent.size(); });
      EXPECT_EQ(b.texts, sent);
      for (const UdpPath& path : b.paths) EXPECT_EQ(path.remote, a.socket->address());
      EXPECT_EQ(a.socket->counters().sent, sent.size());
      EXPECT_EQ(a.socket->counters().sent_bytes, 26u * 1200 + 500);
      EXPECT_EQ(b.socket->counters().received, sent.size());
      EXPECT_EQ(b.socket->counters().received_bytes, 26u * 1200 + 500);
      EXPECT_LE(a.socket->counters().runs_sent, sender ? 1u : 0u);  // 0: an old kernel.
      EXPECT_LE(b.socket->counters().runs_received, receiver ? 1u : 0u);
    }
  }
}

TEST(UdpSocket, SendsARunWhereTheKernelCan) {
  EventLoop loop;
  Node a(loop, "0.0.0.0:0");
  Node b(loop, "127.0.0.1:0");
  const UdpPath path{.remote = b.socket->address(), .local = address("127.0.0.1:0").ip};
  for (int i = 0; i < 10; ++i) a.socket->send(path, as_bytes(std::string(1000, 'x')));
  turn_until(loop, [&] { return b.texts.size() == 10; });
  if (a.socket->counters().runs_sent == 0) GTEST_SKIP() << "no GSO on this kernel";
  EXPECT_EQ(a.socket->counters().runs_sent, 1u);
  EXPECT_EQ(b.socket->counters().runs_received, 1u);
  EXPECT_EQ(b.paths.back().remote.ip.to_string(), "127.0.0.1");
}

TEST(UdpSocket, MakesNoRunLongerThanUdpCarries) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  for (std::size_t i = 0; i < UdpSocket::kBatch; ++i) {
    a.send(b.socket->address(), std::string(1400, 'x'));
  }
  turn_until(loop, [&] { return b.texts.size() == UdpSocket::kBatch; });
  EXPECT_EQ(a.socket->counters().runs_refused, 0u);
}

// Runs begin and end wherever sizes and receivers change; all arrives, in order for each receiver.
TEST(UdpSocket, KeepsTheOrderOfAnyMixture) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  Node c(loop, "127.0.0.1:0");
  std::mt19937 random{1};
  std::vector<std::string> to_b;
  std::vector<std::string> to_c;
  std::size_t size = 0;
  for (int i = 0; i < 2000; ++i) {
    if (i % 50 == 0) loop.run_turn(0ms);  // The kernel's buffer may be small here.
    if (random() % 4 == 0) size = random() % 5 * 100;
    const bool first = random() % 8 != 0;
    const std::string text(size, static_cast<char>('a' + i % 26));
    a.send((first ? b : c).socket->address(), text);
    (first ? to_b : to_c).push_back(text);
  }
  turn_until(loop, [&] { return b.texts.size() + c.texts.size() == 2000; });
  EXPECT_EQ(b.texts, to_b);
  EXPECT_EQ(c.texts, to_c);
}

TEST(UdpSocket, TellsOfNoMoreThanABatchAtOnce) {
  EventLoop sending;
  EventLoop receiving;
  Node a(sending, "127.0.0.1:0");
  Node b(receiving, "127.0.0.1:0");
  std::size_t told = 0;
  b.then = [&] {
    EXPECT_LE(b.texts.size() - told, UdpSocket::kBatch);
    told = b.texts.size();
  };
  for (int i = 0; i < 500; ++i) a.send(b.socket->address(), "x");
  sending.run_turn(0ms);
  turn_until(receiving, [&] { return b.texts.size() == 500; });
}

TEST(UdpSocket, SendsSinglyWhatTheKernelRefusesAsARun) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  for (int i = 0; i < 3; ++i) a.send(b.socket->address(), "before");
  for (int i = 0; i < 3; ++i) a.send({address("255.255.255.255:0").ip, 9}, "not allowed");
  for (int i = 0; i < 3; ++i) a.send(b.socket->address(), "after");
  turn_until(loop, [&] { return b.texts.size() == 6; });
  const auto counters = a.socket->counters();
  EXPECT_EQ(counters.sent, 6u);
  EXPECT_EQ(counters.dropped_unreachable, 3u);
  EXPECT_EQ(counters.runs_refused, counters.runs_sent);  // One each, where the kernel knows runs.
}

TEST(UdpSocket, DropsTheDatagramsOfARunThatAreTooLong) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0", {.max_datagram = 100});
  for (int i = 0; i < 5; ++i) a.send(b.socket->address(), std::string(101, 'x'));
  a.send(b.socket->address(), std::string(100, 'y'));
  turn_until(loop, [&] { return b.texts.size() == 1; });
  EXPECT_EQ(b.socket->counters().dropped_too_long, 5u);
  EXPECT_EQ(b.socket->counters().received, 1u);
}

TEST(UdpSocket, MayBeDestroyedByWhomItTells) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  b.then = [&] { b.socket.reset(); };
  for (int i = 0; i < 100; ++i) a.send(b.socket->address(), "x");
  turn_until(loop, [&] { return b.socket == nullptr; });
  EXPECT_LE(b.texts.size(), UdpSocket::kBatch);
}

TEST(UdpSocket, SaysInASentenceWhyItCannotListen) {
  EventLoop loop;
  Node a(loop, "127.0.0.1:0");
  const auto again = UdpSocket::open(loop, a.socket->address(), a);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(),
            "cannot listen on " + a.socket->address().to_string() + ": Address already in use");
}

}  // namespace
}  // namespace parley::io

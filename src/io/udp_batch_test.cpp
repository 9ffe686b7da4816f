#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/udp.h"
#include "io/udp_test_node.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

struct UdpBatchTest : testing::Test {
  static net::Path path_to(const net::SocketAddress& remote) { return {.remote = remote}; }

  void add(const net::Path& path, std::string_view text) {
    const auto room = batch.add(path, text.size());
    ASSERT_EQ(room.size(), text.size());
    std::ranges::copy(as_bytes(text), room.begin());
  }

  EventLoop loop;
  net::DatagramBatch batch;
};

TEST_F(UdpBatchTest, SendsAtOnceWhatStandsInTheBatch) {
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  Node c(loop, "127.0.0.1:0");
  add(path_to(b.socket->address()), "to b");
  add(path_to(c.socket->address()), "to c");
  add(path_to(b.socket->address()), "to b again");
  a.socket->send_batch(batch);
  EXPECT_EQ(a.socket->counters().sent, 3u);
  batch.clear();
  add(path_to(b.socket->address()), "and more");  // Over what is on its way.
  a.socket->send_batch(batch);
  turn_until(loop, [&] { return b.texts.size() == 3 && c.texts.size() == 1; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"to b", "to b again", "and more"}));
  EXPECT_EQ(c.texts[0], "to c");
  EXPECT_EQ(a.socket->counters().sent_bytes, 4u + 4 + 10 + 8);
}

TEST_F(UdpBatchTest, SendsARunAsOne) {
  for (const bool in_runs : {true, false}) {
    Node a(loop, "127.0.0.1:0", {.in_runs = in_runs});
    Node b(loop, "127.0.0.1:0");
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < net::DatagramBatch::kMaxDatagrams; ++i) {
      const bool last_of_eight = i % 8 == 7;
      texts.push_back(std::string(last_of_eight ? 700 : 1200, static_cast<char>('A' + i)));
    }
    batch.clear();
    for (const std::string& text : texts) add(path_to(b.socket->address()), text);
    a.socket->send_batch(batch);
    turn_until(loop, [&] { return b.texts.size() == texts.size(); });
    EXPECT_EQ(b.texts, texts);
    EXPECT_EQ(a.socket->counters().sent, texts.size());
    EXPECT_LE(a.socket->counters().runs_sent, in_runs ? 8u : 0u);
  }
}

TEST_F(UdpBatchTest, LeavesFromTheAddressOfThePath) {
  for (const char* at : {"0.0.0.0:0", "[::]:0"}) {
    Node server(loop, at);
    Node client(loop, "127.0.0.1:0");
    net::Path path = path_to(client.socket->address());
    path.local = {address("127.0.0.3:0").ip, server.socket->address().port};
    batch.clear();
    add(path, "one");
    add(path, "two");
    server.socket->send_batch(batch);
    turn_until(loop, [&] { return client.texts.size() == 2; });
    EXPECT_EQ(client.paths[0].remote, path.local) << at;
    EXPECT_EQ(client.paths[1].remote, path.local) << at;
  }
}

TEST_F(UdpBatchTest, KeepsTheOrderWithWhatWaits) {
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  a.send(b.socket->address(), "first");
  add(path_to(b.socket->address()), "second");
  a.socket->send_batch(batch);
  turn_until(loop, [&] { return b.texts.size() == 2; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"first", "second"}));
}

TEST_F(UdpBatchTest, GoesOnAfterWhatTheKernelRefuses) {
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "127.0.0.1:0");
  const net::Path refused = path_to({address("255.255.255.255:0").ip, 9});
  add(path_to(b.socket->address()), "before");
  for (int i = 0; i < 3; ++i) add(refused, "broadcast is not allowed");
  add(path_to(b.socket->address()), "between");
  add(refused, "nor is this");
  a.socket->send_batch(batch);
  batch.clear();
  add(path_to(b.socket->address()), "after");
  a.socket->send_batch(batch);
  turn_until(loop, [&] { return b.texts.size() == 3; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"before", "between", "after"}));
  EXPECT_EQ(a.socket->counters().dropped_unreachable, 4u);
  EXPECT_EQ(a.socket->counters().sent, 3u);
}

TEST_F(UdpBatchTest, LeavesOutWhatIsNotForIt) {
  Node a(loop, "127.0.0.1:0");  // Of IPv4 alone.
  Node b(loop, "127.0.0.1:0");
  add(path_to(address("[::1]:9")), "six");
  add(path_to(b.socket->address()), "one");
  net::Path stream = path_to(b.socket->address());
  stream.transport = net::Transport::kTcp;
  add(stream, "on a stream");
  add(path_to(b.socket->address()), "two");
  add(stream, "on a stream");
  a.socket->send_batch(batch);
  turn_until(loop, [&] { return b.texts.size() == 2; });
  EXPECT_EQ(b.texts, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(a.socket->counters().dropped_unreachable, 0u);
  EXPECT_EQ(a.socket->counters().sent, 2u);
}

TEST_F(UdpBatchTest, IsSharedByTwoSocketsOfOnePort) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this host";
  Node four(loop, "0.0.0.0:0");
  const std::uint16_t port = four.socket->address().port;
  Node six(loop, "[::]:" + std::to_string(port), {.v6_only = true});
  Node a(loop, "127.0.0.1:0");
  Node b(loop, "[::1]:0");
  add(path_to(a.socket->address()), "to a");
  add(path_to(b.socket->address()), "to b");
  add(path_to(a.socket->address()), "to a again");
  for (Node* const socket : {&four, &six}) socket->socket->send_batch(batch);
  turn_until(loop, [&] { return a.texts.size() == 2 && b.texts.size() == 1; });
  EXPECT_EQ(a.texts, (std::vector<std::string>{"to a", "to a again"}));
  EXPECT_EQ(b.paths[0].remote.port, port);
  a.send({address("127.0.0.1:0").ip, port}, "back");
  b.send({address("[::1]:0").ip, port}, "back");
  turn_until(loop, [&] { return four.texts.size() == 1 && six.texts.size() == 1; });
}

TEST_F(UdpBatchTest, CountsWhatTheKernelDoesNotTakeAtOnce) {
  Node a(loop, "127.0.0.1:0", {.send_buffer = 1, .in_runs = false});  // The least that it grants.
  Node b(loop, "127.0.0.1:0");
  const auto sent = [&] { return a.socket->counters().sent; };
  const auto dropped = [&] { return a.socket->counters().dropped_full; };
  std::uint64_t made = 0;
  for (int i = 0; i < 10; ++i) {
    batch.clear();
    for (int k = 0; k < 64; ++k) add(path_to(b.socket->address()), std::string(1200, 'x'));
    a.socket->send_batch(batch);
    made += 64;
    EXPECT_EQ(sent() + dropped(), made);
  }
}

}  // namespace
}  // namespace parley::io

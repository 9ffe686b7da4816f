#include "server/media/ice_streams.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/relay/test_turn_user.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;

std::string framed(std::string_view packet) {
  return std::string{static_cast<char>(packet.size() >> 8), static_cast<char>(packet.size())} +
         std::string(packet);
}

struct IceStreamsTest : testing::Test, IceStreams::Handler {
  void start() {
    streams.emplace(loop, config, *this);
    address = streams->listen(at("127.0.0.1:0")).value();
  }

  void on_stream_packet(const net::Path& path, std::span<std::uint8_t> packet) override {
    packets.emplace_back(as_text(packet));
    last_path = path;
  }
  void on_stream_closed(const net::Path&) override { ++closed; }
  std::optional<unsigned> worker_of(Bytes first_packet) override {
    firsts.emplace_back(as_text(first_packet));
    return other;
  }
  void on_hand_over(unsigned worker, IceHandover connection) override {
    EXPECT_EQ(worker, other);
    handed_over = std::move(connection);
  }

  io::EventLoop loop;
  MediaConfig config;
  std::optional<IceStreams> streams;
  net::SocketAddress address;
  std::optional<unsigned> other;  // The worker whose streams are.
  std::vector<std::string> packets, firsts;
  net::Path last_path;
  int closed = 0;
  std::optional<IceHandover> handed_over;
};

TEST_F(IceStreamsTest, CutsAStreamIntoPacketsAndAnswers) {
  start();
  TestStream client(loop, address);
  const std::string all = framed("check") + framed("second") + framed("third");
  client.send(std::string_view(all).substr(0, 4));  // Not even the first packet.
  turn_until(loop, [&] { return streams->open() == 1; });
  loop.run_turn(10ms);
  EXPECT_TRUE(packets.empty());
  client.send(std::string_view(all).substr(4));
  turn_until(loop, [&] { return packets.size() == 3; });
  EXPECT_EQ(packets, (std::vector<std::string>{"check", "second", "third"}));
  EXPECT_EQ(firsts, std::vector<std::string>{"check"});
  EXPECT_EQ(last_path.transport, net::Transport::kTcp);
  EXPECT_EQ(last_path.local, address);
  streams->send(last_path, as_bytes("answer"));
  turn_until(loop, [&] { return client.received == framed("answer"); });
  EXPECT_EQ(streams->counters().packets_in, 3u);
  EXPECT_EQ(streams->counters().bytes_out, 6u);
}

TEST_F(IceStreamsTest, TellsOfAnEndButNotOfItsOwn) {
  start();
  TestStream one(loop, address);
  one.send(framed("check"));
  turn_until(loop, [&] { return packets.size() == 1; });
  one.close();
  turn_until(loop, [&] { return closed == 1; });
  TestStream two(loop, address);
  two.send(framed("check"));
  turn_until(loop, [&] { return packets.size() == 2; });
  streams->close(last_path);
  turn_until(loop, [&] { return two.ended; });
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(streams->open(), 0u);
  streams->send(last_path, as_bytes("too late"));
  EXPECT_EQ(streams->counters().dropped_gone, 1u);
}

TEST_F(IceStreamsTest, ClosesWhatBeginsWithNoCheck) {
  start();
  TestStream client(loop, address);
  client.send("GET / HTTP/1.1\r\n\r\n");  // A packet of 18,245 bytes.
  turn_until(loop, [&] { return client.ended; });
  TestStream empty(loop, address);
  empty.send(std::string(2, '\0'));
  turn_until(loop, [&] { return empty.ended; });
  EXPECT_EQ(streams->counters().closed_malformed, 2u);
  EXPECT_TRUE(packets.empty());
}

TEST_F(IceStreamsTest, ClosesTheSilent) {
  config.idle_timeout = 20ms;
  start();
  TestStream client(loop, address);
  turn_until(loop, [&] { return client.ended; });
  EXPECT_EQ(streams->counters().closed_idle, 1u);
  EXPECT_EQ(closed, 1);
}

TEST_F(IceStreamsTest, TakesSoManyAndNoMore) {
  config.max_streams = 1;
  start();
  TestStream one(loop, address);
  turn_until(loop, [&] { return streams->open() == 1; });
  TestStream two(loop, address);
  turn_until(loop, [&] { return two.ended; });
  EXPECT_EQ(streams->counters().refused_full, 1u);
  EXPECT_FALSE(one.ended);
}

TEST_F(IceStreamsTest, DropsPacketsForWhoReadsTooSlowly) {
  config.max_queued_data = 10'000;
  start();
  TestStream client(loop, address);
  client.send(framed("check"));
  turn_until(loop, [&] { return packets.size() == 1; });
  const std::string packet(1'000, 'x');
  for (int i = 0; i < 100; ++i) streams->send(last_path, as_bytes(packet));  // In one turn.
  EXPECT_GT(streams->counters().dropped_full, 80u);
  const auto sent = streams->counters().packets_out;
  turn_until(loop, [&] { return client.received.size() == sent * 1'002; });
  EXPECT_FALSE(client.ended);
}

TEST_F(IceStreamsTest, HandsAStreamOverWithAllThatHasCome) {
  other = 3;
  start();
  TestStream client(loop, address);
  client.send(framed("check") + framed("more"));
  turn_until(loop, [&] { return handed_over.has_value(); });
  EXPECT_EQ(streams->open(), 0u);
  EXPECT_EQ(closed, 0);
  EXPECT_TRUE(packets.empty());
  other.reset();
  streams->adopt(*std::move(handed_over));
  EXPECT_EQ(packets, (std::vector<std::string>{"check", "more"}));
  client.send(framed("third"));
  turn_until(loop, [&] { return packets.size() == 3; });
  streams->send(last_path, as_bytes("answer"));
  turn_until(loop, [&] { return client.received == framed("answer"); });
}

}  // namespace
}  // namespace parley::server

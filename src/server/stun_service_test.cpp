#include "server/stun_service.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <vector>

#include "io/clock.h"
#include "io/tcp.h"
#include "server/stun_worker.h"
#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::MessageView;

constexpr stun::TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

std::vector<std::uint8_t> request() {
  return MessageBuilder(stun::Class::kRequest, stun::Method::kBinding, kId).take();
}

std::optional<net::SocketAddress> mapped_address(Bytes answer) {
  const auto message = MessageView::parse(answer);
  if (!message || message->message_class() != stun::Class::kSuccess) return std::nullopt;
  return stun::read_xor_address(message->find(Attribute::kXorMappedAddress).value(), kId);
}

// Turns the loop until `done`, five seconds at most.
template <class Condition>
void turn_until(io::EventLoop& loop, Condition done) {
  const Time give_up = io::monotonic_now() + 5s;
  while (!done() && io::monotonic_now() < give_up) loop.run_turn(10ms);
  ASSERT_TRUE(done());
}

struct UdpClient final : io::UdpSocket::Handler {
  UdpClient(io::EventLoop& loop, const net::IpAddress& ip)
      : socket(io::UdpSocket::open(loop, {ip, 0}, *this).value()) {}
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const auto& [path, payload] : datagrams) {
      from.push_back(path.remote);
      mapped.push_back(mapped_address(payload));
    }
  }
  std::unique_ptr<io::UdpSocket> socket;
  std::vector<net::SocketAddress> from;
  std::vector<std::optional<net::SocketAddress>> mapped;
};

struct TcpClient final : io::TcpStream::Handler {
  TcpClient(io::EventLoop& loop, const net::SocketAddress& to)
      : stream(loop, io::connect_tcp(to).value(), to, *this, {}) {}
  void on_data(Bytes data) override { received.insert(received.end(), data.begin(), data.end()); }
  void on_ended(io::StreamEnd) override { ended = true; }
  void send(Bytes bytes) { stream.send(SharedBytes(bytes)); }

  io::TcpStream stream;
  std::vector<std::uint8_t> received;
  bool ended = false;
};

struct StunServiceTest : testing::Test {
  void start(StunService::Config config = {}, std::string_view at = "127.0.0.1:0") {
    SeededRandom random(1);
    auto started =
        StunService::start(loop, net::SocketAddress::parse(at).value(), std::move(config), random);
    ASSERT_TRUE(started.has_value()) << started.error();
    service = *std::move(started);
  }

  io::EventLoop loop;
  std::unique_ptr<StunService> service;
};

TEST_F(StunServiceTest, AnswersOverUdpByTheWayTheRequestCame) {
  start({}, "[::]:0");
  UdpClient client(loop, net::IpAddress::parse("127.0.0.1").value());
  const net::SocketAddress second{net::IpAddress::parse("127.0.0.2").value(),
                                  service->address().port};
  client.socket->send({.remote = second}, request());
  turn_until(loop, [&] { return client.mapped.size() == 1; });
  EXPECT_EQ(client.mapped[0], client.socket->address());
  EXPECT_EQ(client.from[0], second);
}

TEST_F(StunServiceTest, AnswersAThousandRequestsInBatches) {
  start();
  UdpClient client(loop, net::IpAddress::parse("127.0.0.1").value());
  for (int i = 0; i < 1000; ++i) {
    if (i % 100 == 0) loop.run_turn(0ms);  // The kernel's buffer may be small here.
    client.socket->send({.remote = service->address()}, request());
  }
  turn_until(loop, [&] { return client.mapped.size() == 1000; });
  EXPECT_EQ(service->counters().binding.answered, 1000u);
  EXPECT_EQ(service->counters().udp.sent, 1000u);
}

TEST_F(StunServiceTest, AnswersOverTcpHoweverTheRequestsAreSplit) {
  start();
  TcpClient client(loop, service->address());
  auto three = request();
  three.insert(three.end(), three.begin(), three.begin() + 20);
  three.insert(three.end(), three.begin(), three.begin() + 20);
  for (const std::uint8_t byte : three) {
    client.send({&byte, 1});
    loop.run_turn(0ms);
  }
  turn_until(loop, [&] { return client.received.size() >= 96; });
  ASSERT_EQ(client.received.size(), 96u);
  for (std::size_t at = 0; at < 96; at += 32) {
    const auto mapped = mapped_address(Bytes(client.received).subspan(at, 32));
    ASSERT_TRUE(mapped);
    EXPECT_TRUE(mapped->ip.is_loopback());
  }
  EXPECT_EQ(service->counters().open_connections, 1u);
  client.stream.close();
  turn_until(loop, [&] { return service->counters().open_connections == 0; });
}

TEST_F(StunServiceTest, ClosesWhatSpeaksNoStun) {
  start();
  TcpClient client(loop, service->address());
  client.send(as_bytes("GET / HTTP/1.1\r\n\r\n"));
  turn_until(loop, [&] { return client.ended; });
  EXPECT_EQ(service->counters().closed_malformed, 1u);
  EXPECT_EQ(service->counters().open_connections, 0u);
}

TEST_F(StunServiceTest, ClosesAConnectionThatRestsTooLong) {
  start({.idle_timeout = 20ms});
  TcpClient client(loop, service->address());
  turn_until(loop, [&] { return client.ended; });
  EXPECT_EQ(service->counters().closed_idle, 1u);
}

TEST_F(StunServiceTest, TakesNoMoreConnectionsThanItHasRoomFor) {
  start({.max_connections = 2});
  std::deque<TcpClient> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(loop, service->address());
  turn_until(loop, [&] { return service->counters().refused_full == 1; });
  EXPECT_EQ(service->counters().open_connections, 2u);
  clients[0].stream.close();
  clients[1].stream.close();
  turn_until(loop, [&] { return service->counters().open_connections == 0; });
  TcpClient later(loop, service->address());
  turn_until(loop, [&] { return service->counters().open_connections == 1; });
}

TEST_F(StunServiceTest, GivesUpAClientThatNeverReads) {
  start({.max_queued = 4096});
  TcpClient client(loop, service->address());
  client.stream.pause_reading();
  std::vector<std::uint8_t> many;
  for (int i = 0; i < 1000; ++i) {
    const auto one = request();
    many.insert(many.end(), one.begin(), one.end());
  }
  const SharedBytes shared{Bytes(many)};
  for (int i = 0; i < 50'000 && service->counters().closed_slow == 0; ++i) {
    if (client.stream.queued() < many.size()) client.stream.send(shared);
    loop.run_turn(0ms);
  }
  EXPECT_EQ(service->counters().closed_slow, 1u);
  EXPECT_EQ(service->counters().open_connections, 0u);
}

TEST_F(StunServiceTest, MayBeDestroyedWithConnectionsOpen) {
  start();
  TcpClient client(loop, service->address());
  client.send(Bytes(request()).first(10));
  turn_until(loop, [&] { return service->counters().open_connections == 1; });
  service.reset();
  turn_until(loop, [&] { return client.ended; });
}

TEST_F(StunServiceTest, SaysInASentenceWhyItCannotListen) {
  start();
  SeededRandom random(1);
  const auto again = StunService::start(loop, service->address(), {}, random);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(),
            "cannot listen on " + service->address().to_string() + ": Address already in use");
}

TEST(StunWorker, ServesFromAThreadOfItsOwn) {
  const auto loopback = net::SocketAddress::parse("127.0.0.1:0").value();
  const auto worker = StunWorker::start(loopback, {}).value();
  EXPECT_NE(worker->address().port, 0);
  io::EventLoop loop;
  UdpClient client(loop, loopback.ip);
  client.socket->send({.remote = worker->address()}, request());
  turn_until(loop, [&] { return client.mapped.size() == 1; });
  EXPECT_EQ(client.mapped[0], client.socket->address());
  EXPECT_EQ(worker->counters().binding.answered, 1u);
  EXPECT_FALSE(StunWorker::start(worker->address(), {}).has_value());
}

}  // namespace
}  // namespace parley::server

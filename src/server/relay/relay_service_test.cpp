#include "server/relay/relay_service.h"

#include <gtest/gtest.h>

#include "server/calendar.h"
#include "server/relay/test_relay_service.h"
#include "stun/attributes.h"
#include "stun/message_builder.h"
#include "tls/test_certificate.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using net::Transport;

constexpr stun::TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

std::vector<std::uint8_t> binding_request() {
  return stun::MessageBuilder(stun::Class::kRequest, stun::Method::kBinding, kId).take();
}
std::vector<std::uint8_t> allocate_request() {
  return stun::MessageBuilder(stun::Class::kRequest, stun::Method::kAllocate, kId).take();
}

// The address that a Binding answer tells.
std::optional<net::SocketAddress> mapped_address(std::string_view answer) {
  const auto message = stun::MessageView::parse(as_bytes(answer));
  if (!message || message->message_class() != stun::Class::kSuccess) return std::nullopt;
  return stun::read_xor_address(message->find(stun::Attribute::kXorMappedAddress).value(), kId);
}

TEST_F(RelayServiceTest, RelaysForAClientOverUdp) {
  start();
  auto user = join_udp();
  expect_both_ways(*user);
  EXPECT_EQ(service->counters().turn.packets_to_peers, 5u);
  EXPECT_EQ(service->counters().turn.packets_to_clients, 5u);
  EXPECT_EQ(service->counters().allocations, 1u);
  EXPECT_EQ(service->counters().open_relays, 1u);
  user->close();
  turn_until(loop, [&] { return user->closed; });
  EXPECT_EQ(service->counters().open_relays, 0u);
  EXPECT_EQ(service->counters().relays.sent, 5u);  // Though that socket is gone.
}

TEST_F(RelayServiceTest, RelaysForAClientOverTcp) {
  start();
  auto user = join_tcp();
  expect_both_ways(*user);
  EXPECT_EQ(service->counters().open_streams, 1u);
  user.reset();
  turn_until(loop, [&] { return service->counters().open_streams == 0; });
  EXPECT_EQ(service->counters().allocations, 0u);
  EXPECT_EQ(service->counters().open_relays, 0u);
}

TEST_F(RelayServiceTest, RelaysForAClientOverTls) {
  start();
  const tls::TestCertificate certificate;
  service->set_certificate(certificate.for_server());
  auto user =
      join({.server = secure, .tls = certificate.for_clients()}, client_over(Transport::kTcp));
  expect_both_ways(*user);
  EXPECT_EQ(service->counters().tls_streams, 1u);
}

TEST_F(RelayServiceTest, TurnsTlsClientsAwayWithoutACertificate) {
  start();
  TestStream client(loop, secure);
  turn_until(loop, [&] { return client.ended; });
  EXPECT_EQ(service->counters().streams, 0u);
}

TEST_F(RelayServiceTest, EndsAStreamThatSpeaksNoTls) {
  start();
  service->set_certificate(tls::TestCertificate().for_server());
  TestStream client(loop, secure);
  client.send("GET / HTTP/1.1\r\n\r\n");
  turn_until(loop, [&] { return client.ended; });
  turn_until(loop, [&] { return service->counters().open_streams == 0; });
  EXPECT_EQ(service->counters().closed_tls, 1u);
}

TEST_F(RelayServiceTest, RelaysBetweenTwoOfItsClients) {
  start();
  auto ada = join_udp();
  auto bob = join_tcp();
  bob->permit(ada->relayed.front().ip);
  for (std::size_t i = 0; i < 5; ++i) {
    ada->send(bob->relayed.front(), "from ada");
    turn_until(loop, [&] {
      if (bob->received.size() == i) ada->send(bob->relayed.front(), "again");
      return bob->received.size() > i;
    });
  }
  EXPECT_EQ(bob->received.front().peer, ada->relayed.front());
  ada->received.clear();
  bob->send(ada->relayed.front(), "from bob");
  turn_until(loop, [&] { return !ada->received.empty(); });
  EXPECT_EQ(as_text(ada->received.front().payload), "from bob");
}

TEST_F(RelayServiceTest, RelaysOverIpv6) {
  start();
  turn::ClientConfig config = client_over(Transport::kUdp);
  config.ipv4 = false;
  config.ipv6 = true;
  auto user = join({.server = {at("[::1]:0").ip, udp.port}, .local = "[::1]:0"}, config);
  EXPECT_TRUE(user->relayed.front().ip.is_v6());
  TestPeer peer(loop, "[::1]:0");
  user->send(peer.address(), "six");
  turn_until(loop, [&] { return !peer.received.empty(); });
  peer.send(user->relayed.front(), "back");
  turn_until(loop, [&] { return !user->received.empty(); });
  EXPECT_EQ(user->received.front().peer, peer.address());
}

TEST_F(RelayServiceTest, SendsWhatCameBeforeAnAllocationWasLetGoOf) {
  start();
  auto user = join_udp();
  TestPeer peer(loop, "127.0.0.1:0");
  user->send(peer.address(), "hello");
  turn_until(loop, [&] { return !peer.received.empty(); });
  for (int i = 0; i < 50; ++i) user->send(peer.address(), "last words");
  user->close();
  turn_until(loop, [&] { return user->closed && peer.received.size() == 51; });
}

TEST_F(RelayServiceTest, TellsAClientOfPeersThatCannotBeReached) {
  start();
  auto user = join_udp();
  net::SocketAddress nobody;
  { nobody = TestPeer(loop, "127.0.0.1:0").address(); }
  user->send(nobody, "is there anybody?");
  turn_until(loop, [&] { return !user->unreachable.empty(); });
  EXPECT_EQ(user->unreachable.front().peer, nobody);
  EXPECT_EQ(user->unreachable.front().type, 3);  // RFC 792: destination unreachable,
  EXPECT_EQ(user->unreachable.front().code, 3);  // the port.
}

TEST_F(RelayServiceTest, AnswersFromTheAddressThatWasAsked) {
  start();
  TestPeer client(loop, "127.0.0.1:0");
  const net::SocketAddress second{at("127.0.0.2:0").ip, udp.port};
  client.send(second, as_text(binding_request()));
  turn_until(loop, [&] { return !client.received.empty(); });
  EXPECT_EQ(mapped_address(client.received[0]), client.address());
  EXPECT_EQ(client.from[0], second);
}

TEST_F(RelayServiceTest, AnswersBindingAloneWhereTurnIsOff) {
  start({}, std::nullopt);
  TestPeer client(loop, "127.0.0.1:0");
  client.send(udp, as_text(allocate_request()));
  client.send(udp, as_text(binding_request()));
  TestStream stream(loop, tcp);
  stream.send(allocate_request());
  stream.send(binding_request());
  turn_until(loop, [&] { return !client.received.empty() && stream.received.size() >= 32; });
  EXPECT_EQ(client.received.size(), 1u);
  EXPECT_TRUE(mapped_address(stream.received));
  EXPECT_EQ(service->counters().turn.requests, 0u);
}

TEST_F(RelayServiceTest, IsSilentBeforeItServes) {
  service = std::make_unique<RelayService>(loop, RelayConfig(), io::PortShare{}, random);
  const net::SocketAddress port = service->listen_udp(at("127.0.0.1:0")).value();
  TestPeer client(loop, "127.0.0.1:0");
  client.send(port, as_text(binding_request()));
  turn_until(loop, [&] { return service->counters().udp.received == 1; });
  service->serve(std::nullopt);
  client.send(port, as_text(binding_request()));
  turn_until(loop, [&] { return !client.received.empty(); });
  EXPECT_EQ(service->counters().binding.answered, 1u);
}

TEST_F(RelayServiceTest, KnowsTheTimeUntilWhichALoginHolds) {
  turn::ServerConfig server = loopback_config();
  server.secrets = {"old"};
  start({}, std::move(server));
  service->set_secrets({"new", "old"});
  turn::ClientConfig config = client_over(Transport::kUdp);
  config.login = turn::time_limited_login("old", "bob", unix_seconds() + 1h);
  join({.server = udp}, config);
  config.login = turn::time_limited_login("old", "bob", unix_seconds() - 1h);
  TurnUser late(loop, {.server = udp}, config);
  turn_until(loop, [&] { return late.failed.has_value(); });
}

// --- Limits ---

TEST_F(RelayServiceTest, DropsPacketsForAStreamThatReadsTooSlowly) {
  auto config = loopback_config();  // Nothing but the stream's queue is to hold packets back.
  config.quotas.user.bandwidth = config.quotas.address.bandwidth = DataRate::mbps(10'000);
  start({.max_queued_data = 20'000}, config);
  auto user = join_tcp();
  TestPeer peer(loop, "127.0.0.1:0");
  user->send(peer.address(), "hello");
  turn_until(loop, [&] { return !peer.received.empty(); });
  user->stream().pause();
  const std::string packet(1000, 'x');
  for (int i = 0; i < 50'000 && service->counters().dropped_stream_full == 0; ++i) {
    peer.send(user->relayed.front(), packet);
    if (i % 20 == 0) loop.run_turn(0ms);
  }
  EXPECT_GT(service->counters().dropped_stream_full, 0u);
  EXPECT_EQ(service->counters().open_streams, 1u);
  user->stream().resume();  // The stream has no gap in it: what comes is still in packets.
  turn_until(loop, [&] { return user->received.size() > 20; });
  EXPECT_EQ(user->received.back().payload.size(), packet.size());
  const std::size_t sent = peer.received.size();
  user->send(peer.address(), "still here");
  turn_until(loop, [&] { return peer.received.size() > sent; });
}

TEST_F(RelayServiceTest, ClosesStreamsThatHaveNothingHere) {
  start({.stranger_timeout = 1ms});
  TestStream idle(loop, tcp);
  turn_until(loop, [&] { return idle.ended; });
  EXPECT_EQ(service->counters().closed_idle, 1u);
  EXPECT_EQ(service->counters().open_streams, 0u);
}

TEST_F(RelayServiceTest, LetsAStreamWithAnAllocationBeSilent) {
  start({.stranger_timeout = 100ms});
  auto user = join_tcp();
  TestStream idle(loop, tcp);  // Begins later, so its time is over later.
  turn_until(loop, [&] { return idle.ended; });
  EXPECT_EQ(service->counters().open_streams, 1u);
  expect_both_ways(*user);
}

TEST_F(RelayServiceTest, ClosesAStreamThatSpeaksSomethingElse) {
  start();
  TestStream client(loop, tcp);
  client.send("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
  turn_until(loop, [&] { return client.ended; });
  EXPECT_EQ(service->counters().closed_malformed, 1u);
}

TEST_F(RelayServiceTest, RefusesStreamsBeyondTheirNumber) {
  start({.max_streams = 1});
  auto first = join_tcp();
  TestStream second(loop, tcp);
  turn_until(loop, [&] { return second.ended; });
  EXPECT_EQ(service->counters().refused_full, 1u);
  expect_both_ways(*first);
}

TEST_F(RelayServiceTest, AnswersWithAnErrorWhereNoPortIsFree) {
  turn::ServerConfig config = loopback_config();
  TestPeer taken(loop, "127.0.0.1:0");
  config.first_port = config.last_port = taken.address().port;
  start({}, std::move(config));
  TurnUser user(loop, {.server = udp}, client_over(Transport::kUdp));
  turn_until(loop, [&] { return user.failed.has_value(); });
  EXPECT_EQ(user.failed->code, stun::ErrorCode::kInsufficientCapacity);
  EXPECT_GT(service->counters().relays_refused, 0u);
}

}  // namespace
}  // namespace parley::server

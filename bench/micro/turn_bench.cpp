// What one relayed packet of 1,200 bytes costs the TURN engine, without sockets; and one request.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "turn/channel_data.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

constexpr std::size_t kPayload = 1200;
constexpr std::size_t kClients = 200;

ServerConfig config() {
  ServerConfig config = test::make_config();
  config.quotas.user = {
      .allocations = 1000, .permissions = 1000, .bandwidth = DataRate::infinite()};
  config.quotas.address = config.quotas.user;
  config.unauthenticated = {.per_second = 1e9, .burst = 1e9};
  return config;
}

// Clients with a channel and a permission each.
struct Relays {
  Relays() : world(config()) {
    for (std::size_t i = 0; i < kClients; ++i) {
      net::Path path = test::udp_from("198.51.100.7:1000");
      path.remote.port = static_cast<std::uint16_t>(1000 + i);
      test::TestClient client(world, path);
      const auto reply = client.allocate();
      client.bind(0x4000, test::kPeer);
      paths.push_back(path);
      relays.push_back(world.relay_at(reply.xor_address(stun::Attribute::kXorRelayedAddress)));
    }
  }

  test::TestServer world;
  std::vector<net::Path> paths;
  std::vector<RelayId> relays;
};

void channel_data_to_peer(benchmark::State& state) {
  Relays relays;
  std::vector<std::uint8_t> packet(ChannelData::kHeaderSize + kPayload);
  ChannelData::write_header(std::span(packet).first<ChannelData::kHeaderSize>(), 0x4000, kPayload);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        relays.world.server.from_client(relays.world.now, relays.paths[i++ % kClients], packet));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(channel_data_to_peer);

void channel_data_to_client(benchmark::State& state) {
  Relays relays;
  std::vector<std::uint8_t> buffer(kHeadroom + kPayload + kTailroom);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        relays.world.server.from_peer(relays.world.now, relays.relays[i++ % kClients], test::kPeer,
                                      {.buffer = buffer, .size = kPayload}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(channel_data_to_client);

void send_indication_to_peer(benchmark::State& state) {
  Relays relays;
  stun::MessageBuilder indication(stun::Class::kIndication, stun::Method::kSend, {});
  indication.add_xor_address(stun::Attribute::kXorPeerAddress, test::kPeer);
  indication.add(stun::Attribute::kData, std::vector<std::uint8_t>(kPayload));
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(relays.world.server.from_client(
        relays.world.now, relays.paths[i++ % kClients], indication.view()));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(send_indication_to_peer);

void data_indication_to_client(benchmark::State& state) {
  Relays relays;
  net::SocketAddress other = test::kPeer;
  ++other.port;
  std::vector<std::uint8_t> buffer(kHeadroom + kPayload + kTailroom);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(relays.world.server.from_peer(relays.world.now,
                                                           relays.relays[i++ % kClients], other,
                                                           {.buffer = buffer, .size = kPayload}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(data_indication_to_client);

void allocate_and_let_go(benchmark::State& state) {
  test::TestServer world(config());
  test::TestClient client(world, test::udp_from("198.51.100.7:1000"));
  for (auto _ : state) {
    benchmark::DoNotOptimize(client.allocate());
    benchmark::DoNotOptimize(client.refresh(0));
  }
}
BENCHMARK(allocate_and_let_go);

void unauthenticated_request(benchmark::State& state) {
  test::TestServer world(config());
  test::TestClient client(world, test::udp_from("127.0.0.1:1000"));  // Never limited.
  for (auto _ : state) {
    benchmark::DoNotOptimize(client.send(stun::Method::kAllocate, test::TestClient::udp()));
  }
}
BENCHMARK(unauthenticated_request);

}  // namespace
}  // namespace parley::turn

BENCHMARK_MAIN();

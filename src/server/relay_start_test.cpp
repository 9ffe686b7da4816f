#include "server/relay_start.h"

#include <gtest/gtest.h>

#include "server/engine_configs.h"
#include "server/ice_servers.h"

namespace parley::server {
namespace {

constexpr DataDirectory::SecretKey kKey = {1, 2, 3};

HostAddresses host() {
  const auto ip = net::IpAddress::parse("10.0.0.5");
  return {.all = {*ip}, .primary_v4 = ip};
}

TEST(TurnSecrets, AreTheOperators) {
  Config config;
  config.turn.secrets = {"new", "old"};
  EXPECT_EQ(turn_secrets(config, kKey), (std::vector<std::string>{"new", "old"}));
}

TEST(TurnSecrets, AreMadeFromTheKeyOfThisHostWhereThereAreNone) {
  const auto made = turn_secrets({}, kKey);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made.front().size(), 43u);  // 256 bits.
  EXPECT_EQ(turn_secrets({}, kKey), made);
  EXPECT_NE(turn_secrets({}, {4, 5, 6}), made);
}

TEST(TurnConfig, SaysWhatTheOperatorSaid) {
  Config config;
  config.turn.realm = "example.org";
  config.turn.users = {turn::make_user("example.org", {"ada", "one:two"})};
  config.turn.first_port = 50'000;
  config.turn.last_port = 50'999;
  config.turn.max_allocations = 900;
  config.turn.user_allocations = 10;
  config.turn.user_mbit = 20;
  config.turn.address_allocations = 30;
  config.turn.address_mbit = 40;
  const turn::ServerConfig turn = turn_config(config, host(), {"new", "old"});
  EXPECT_EQ(turn.realm, "example.org");
  EXPECT_EQ(turn.users, config.turn.users);
  EXPECT_EQ(turn.secrets, (std::vector<std::string>{"new", "old"}));
  ASSERT_EQ(turn.relay_hosts.size(), 1u);
  EXPECT_EQ(turn.relay_hosts[0].local.to_string(), "10.0.0.5");
  EXPECT_EQ(turn.first_port, 50'000);
  EXPECT_EQ(turn.last_port, 50'999);
  EXPECT_EQ(turn.tcp, turn::TcpFor::kUsers) << "an open proxy for every guest, else";
  EXPECT_EQ(turn.guest_prefix, kPageUser);
  EXPECT_EQ(turn.max_allocations, 900u);
  EXPECT_EQ(turn.quotas.user.allocations, 10u);
  EXPECT_EQ(turn.quotas.user.permissions, 200u);
  EXPECT_EQ(turn.quotas.user.bandwidth, DataRate::mbps(20));
  EXPECT_EQ(turn.quotas.address.allocations, 30u);
  EXPECT_EQ(turn.quotas.address.permissions, 600u);
  EXPECT_EQ(turn.quotas.address.bandwidth, DataRate::mbps(40));
}

// A browser has at most a connection for each of its allocations.
TEST(RelayConfigOfTheServer, LetsAnAddressHaveAsManyConnectionsAsAllocations) {
  Config config;
  config.turn.max_allocations = 900;
  config.turn.address_allocations = 30;
  EXPECT_EQ(relay_config(config).max_streams, 900u);
  EXPECT_EQ(relay_config(config).max_streams_per_address, 30u);
}

TEST(MakeRelay, MakesNoneWhereAllIsOff) {
  Config config;
  config.stun.listen.enabled = false;
  config.turn.tls.enabled = false;
  WorkerThreads threads(1);
  EXPECT_EQ(make_relay(config, threads), nullptr);
  config.turn.tls.enabled = true;
  config.turn.enabled = false;
  EXPECT_EQ(make_relay(config, threads), nullptr);
}

TEST(MakeRelay, MakesAsManyWorkersAsThereAreThreads) {
  WorkerThreads threads(3);
  const auto relay = make_relay({}, threads);
  ASSERT_NE(relay, nullptr);
  EXPECT_EQ(relay->workers(), 3u);
}

TEST(WorkersOf, AreAsManyAsAskedElseOneACore) {
  Config config;
  EXPECT_GE(workers_of(config), 1u);
  config.media.workers = 3;
  EXPECT_EQ(workers_of(config), 3u);
}

}  // namespace
}  // namespace parley::server

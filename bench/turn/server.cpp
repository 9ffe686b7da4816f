// turn_server ADDRESS WORKERS [single]
//
// The relay as it is in Parley, by itself, with limits that no load comes near to. `single`:
// without GSO and GRO. Prints the address when it is ready.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "net/address.h"
#include "server/relay/relay_workers.h"

namespace {

using namespace parley;

turn::ServerConfig turn_config(const net::IpAddress& host) {
  turn::ServerConfig config;
  config.users = {turn::make_user(config.realm, {"bench", "bench"})};
  config.relay_hosts = {{host, host}};
  config.first_port = 20000;
  config.peers.allow = {net::Network::parse("127.0.0.0/8").value()};
  config.max_allocations = 1'000'000;
  config.quotas.user = {
      .allocations = 1'000'000, .permissions = 1'000'000, .bandwidth = DataRate::infinite()};
  config.quotas.address = config.quotas.user;
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  const auto address = argc < 3 ? std::nullopt : net::SocketAddress::parse(argv[1]);
  if (!address) {
    std::fputs("turn_server ADDRESS WORKERS [single]\n", stderr);
    return 2;
  }
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  server::RelayConfig config;
  config.udp_in_runs = argc < 4 || std::string_view(argv[3]) != "single";
  server::WorkerThreads threads(std::strtoul(argv[2], nullptr, 10));
  server::RelayWorkers relay(threads, config);
  const auto taken = relay.listen(*address);
  if (!taken) {
    std::fprintf(stderr, "%s\n", taken.error().c_str());
    return 1;
  }
  relay.serve(turn_config(address->ip));
  std::printf("ready %s\n", taken->to_string().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
}

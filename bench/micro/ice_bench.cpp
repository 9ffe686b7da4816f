// What a connectivity check costs whoever answers it: the SFU's lite agents get some hundred a
// second and core. And what an agent weighs.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <memory>
#include <vector>

#include "base/random.h"
#include "ice/agent.h"
#include "ice/authenticator.h"

namespace parley::ice {
namespace {

const Credentials kPeer{"peer", std::string(24, 'p')};

net::Path path(std::uint16_t port) {
  return {net::Transport::kUdp,
          {net::IpAddress::v4({203, 0, 113, 1}), 40'000},
          {net::IpAddress::v4({203, 0, 113, 2}), port}};
}

std::vector<std::uint8_t> check_for(const Agent& agent) {
  return write_check({.id = {1},
                      .local_ufrag = kPeer.ufrag,
                      .remote_ufrag = agent.local_credentials().ufrag,
                      .remote_pwd = agent.local_credentials().pwd,
                      .priority = 1'845'501'695,
                      .controlling = true,
                      .tie_breaker = 5,
                      .use_candidate = true});
}

void drain_all(Agent& agent) {
  while (auto output = agent.poll_output()) benchmark::DoNotOptimize(output);
}

void answer_check(benchmark::State& state, bool lite) {
  SeededRandom random(1);
  Agent agent({.lite = lite}, random);
  Time now{std::chrono::hours{1}};
  agent.add_local_candidate(now, Candidate::host(path(1).local));
  agent.set_remote(now, kPeer);
  const auto check = check_for(agent);
  for (auto _ : state) {
    agent.handle_input(now, {path(1), check});
    drain_all(agent);
  }
}
BENCHMARK_CAPTURE(answer_check, lite, true);
BENCHMARK_CAPTURE(answer_check, full, false);

void refuse_check(benchmark::State& state) {
  SeededRandom random(1);
  Agent agent({.lite = true}, random);
  auto check = check_for(agent);
  check[check.size() - 20] ^= 1;
  for (auto _ : state) {
    agent.handle_input(Time{}, {path(1), check});
    drain_all(agent);
  }
}
BENCHMARK(refuse_check);

// Asked for each packet of data.
void is_validated(benchmark::State& state) {
  SeededRandom random(1);
  Agent agent({.lite = true}, random);
  agent.handle_input(Time{std::chrono::hours{1}}, {path(1), check_for(agent)});
  drain_all(agent);
  for (auto _ : state) benchmark::DoNotOptimize(agent.is_validated(path(1)));
}
BENCHMARK(is_validated);

// Of one agent that is connected, on the heap and off it.
void memory(benchmark::State& state, bool lite) {
  constexpr std::size_t kAgents = 1000;
  SeededRandom random(1);
  for (auto _ : state) {
    const std::size_t before = mallinfo2().uordblks;
    std::vector<std::unique_ptr<Agent>> agents;
    for (std::size_t i = 0; i < kAgents; ++i) {
      Agent& agent = *agents.emplace_back(std::make_unique<Agent>(Config{.lite = lite}, random));
      const Time now{std::chrono::hours{1}};
      agent.add_local_candidate(now, Candidate::host(path(1).local));
      agent.set_remote(now, kPeer);
      agent.handle_input(now, {path(1), check_for(agent)});
      drain_all(agent);
    }
    state.counters["bytes"] =
        static_cast<double>(mallinfo2().uordblks - before) / static_cast<double>(kAgents);
  }
}
BENCHMARK_CAPTURE(memory, lite, true)->Iterations(1);
BENCHMARK_CAPTURE(memory, full, false)->Iterations(1);

}  // namespace
}  // namespace parley::ice

BENCHMARK_MAIN();

#include "ice/agent.h"

#include "ice/full_agent.h"
#include "ice/lite_agent.h"

namespace parley::ice {
namespace {

template <class Agents, class Command>
decltype(auto) on(Agents& agents, Command command) {
  return std::visit([&](auto& agent) -> decltype(auto) { return command(*agent); }, agents);
}

}  // namespace

Agent::Agent(const Config& config, Random& random) {
  if (config.lite) {
    agent_ = std::make_unique<LiteAgent>(config, random);
  } else {
    agent_ = std::make_unique<FullAgent>(config, random);
  }
}

Agent::~Agent() = default;
Agent::Agent(Agent&&) noexcept = default;
Agent& Agent::operator=(Agent&&) noexcept = default;

const Credentials& Agent::local_credentials() const {
  return on(agent_, [](auto& agent) -> const Credentials& { return agent.local_credentials(); });
}

void Agent::add_local_candidate(Time now, Candidate candidate) {
  on(agent_, [&](auto& agent) { agent.add_local_candidate(now, candidate); });
}

void Agent::gather(Time now, const std::vector<net::SocketAddress>& stun_servers,
                   const std::vector<RelayServer>& relay_servers) {
  on(agent_, [&](auto& agent) { agent.gather(now, stun_servers, relay_servers); });
}

void Agent::remove_local(Time now, const net::SocketAddress& base) {
  on(agent_, [&](auto& agent) { agent.remove_local(now, base); });
}

void Agent::set_remote(Time now, const Credentials& credentials, bool lite) {
  on(agent_, [&](auto& agent) { agent.set_remote(now, credentials, lite); });
}

bool Agent::add_remote_candidate(Time now, const Candidate& candidate) {
  return on(agent_, [&](auto& agent) { return agent.add_remote_candidate(now, candidate); });
}

void Agent::end_of_remote_candidates(Time now) {
  on(agent_, [&](auto& agent) { agent.end_of_remote_candidates(now); });
}

void Agent::name_resolved(Time now, std::string_view name, std::optional<net::IpAddress> address) {
  on(agent_, [&](auto& agent) { agent.name_resolved(now, name, address); });
}

void Agent::restart(Time now) {
  on(agent_, [&](auto& agent) { agent.restart(now); });
}

void Agent::close(Time now) {
  on(agent_, [&](auto& agent) { agent.close(now); });
}

void Agent::tcp_connected(Time now, const net::Path& asked, const net::Path& actual) {
  on(agent_, [&](auto& agent) { agent.tcp_connected(now, asked, actual); });
}

void Agent::tcp_closed(Time now, const net::Path& path) {
  on(agent_, [&](auto& agent) { agent.tcp_closed(now, path); });
}

void Agent::server_connected(Time now, ServerStream stream) {
  on(agent_, [&](auto& agent) { agent.server_connected(now, stream); });
}

void Agent::server_closed(Time now, ServerStream stream) {
  on(agent_, [&](auto& agent) { agent.server_closed(now, stream); });
}

void Agent::server_data(Time now, ServerStream stream, Bytes bytes) {
  on(agent_, [&](auto& agent) { agent.server_data(now, stream, bytes); });
}

std::optional<Arrived> Agent::next_relayed(Time now, ServerStream stream) {
  return on(agent_, [&](auto& agent) { return agent.next_relayed(now, stream); });
}

std::optional<Arrived> Agent::unwrap(Time now, const Arrived& datagram) {
  return on(agent_, [&](auto& agent) { return agent.unwrap(now, datagram); });
}

std::optional<Output> Agent::wrap(const net::Path& path, std::vector<std::uint8_t> packet) {
  return on(agent_, [&](auto& agent) { return agent.wrap(path, std::move(packet)); });
}

std::size_t Agent::room_for(const net::Path& path) const {
  return on(agent_, [&](auto& agent) { return agent.room_for(path); });
}

void Agent::handle_input(Time now, Datagram datagram) {
  on(agent_, [&](auto& agent) { agent.handle_input(now, datagram); });
}

void Agent::handle_timeout(Time now) {
  on(agent_, [&](auto& agent) { agent.handle_timeout(now); });
}

std::optional<Output> Agent::poll_output() {
  return on(agent_, [](auto& agent) { return agent.poll_output(); });
}

Time Agent::next_deadline() const {
  return on(agent_, [](auto& agent) { return agent.next_deadline(); });
}

State Agent::state() const {
  return on(agent_, [](auto& agent) { return agent.state(); });
}

bool Agent::controlling() const {
  return on(agent_, [](auto& agent) { return agent.controlling(); });
}

std::optional<net::Path> Agent::selected() const {
  return on(agent_, [](auto& agent) -> std::optional<net::Path> { return agent.selected(); });
}

bool Agent::is_validated(const net::Path& path) const {
  return on(agent_, [&](auto& agent) { return agent.is_validated(path); });
}

std::optional<Duration> Agent::round_trip_time() const {
  return on(agent_, [](auto& agent) { return agent.round_trip_time(); });
}

std::vector<Candidate> Agent::local_candidates() const {
  return on(agent_, [](auto& agent) { return agent.local_candidates(); });
}

std::vector<Candidate> Agent::remote_candidates() const {
  return on(agent_, [](auto& agent) { return agent.remote_candidates(); });
}

std::vector<PairStats> Agent::pairs() const {
  return on(agent_, [](auto& agent) { return agent.pairs(); });
}

std::vector<RelayStats> Agent::relays() const {
  return on(agent_, [](auto& agent) { return agent.relays(); });
}

const Counters& Agent::counters() const {
  return on(agent_, [](auto& agent) -> const Counters& { return agent.counters(); });
}

}  // namespace parley::ice

#include "probe/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

namespace parley::probe {
namespace {

constexpr std::uint16_t kStunPort = 3478;
constexpr std::size_t kMediaPorts = 2;  // Are enough to tell a NAT by.

// STUN and TURN at one place are one attempt: what relays answers STUN, too.
std::vector<Doctor::Server> without_doubles(std::vector<Doctor::Server> servers) {
  const auto place = [](const Doctor::Server& each) {
    return std::tuple(each.way, each.host, each.port, !each.relays);
  };
  std::ranges::stable_sort(servers, {}, place);
  const auto doubles = std::ranges::unique(servers, [](const auto& a, const auto& b) {
    return std::tie(a.way, a.host, a.port) == std::tie(b.way, b.host, b.port);
  });
  servers.erase(doubles.begin(), doubles.end());
  return servers;
}

std::vector<net::IpAddress> one_of_each_family(const std::vector<net::IpAddress>& all) {
  std::vector<net::IpAddress> chosen;
  for (const bool v4 : {true, false}) {
    const auto found = std::ranges::find(all, v4, &net::IpAddress::is_v4);
    if (found != all.end()) chosen.push_back(*found);
  }
  return chosen;
}

void add(std::vector<Attempt>& attempts, const Doctor::Server& server,
         const std::vector<std::uint16_t>& media, const Resolve& resolve) {
  Attempt attempt{.way = server.way, .server = {.port = server.port}, .name = server.host};
  if (server.relays) attempt.login = turn::Login{server.username, server.credential};
  const auto addresses = resolve(server.host);
  if (!addresses || addresses->empty()) {
    attempt.problem = fmt::format("The name {} stands for no address{}{}.", server.host,
                                  addresses ? "" : ": ", addresses ? "" : addresses.error());
    attempts.push_back(std::move(attempt));
    return;
  }
  for (const auto& ip : one_of_each_family(*addresses)) {
    attempt.server.ip = ip;
    attempt.other_ports.clear();
    if (server.way == Way::kUdp) {
      for (const auto port : media) attempt.other_ports.push_back({ip, port});
    }
    attempts.push_back(attempt);
  }
}

void add_unannounced(std::vector<Attempt>& attempts, const net::SocketAddress& server,
                     const std::string& name) {
  const bool is_known = std::ranges::any_of(attempts, [&](const Attempt& each) {
    return each.way == Way::kUdp && each.server.ip == server.ip;
  });
  if (is_known) return;
  attempts.push_back({.server = server, .name = name, .announced = false});
}

}  // namespace

std::vector<Attempt> plan(const Web& web, const std::optional<Doctor>& doctor,
                          const Resolve& resolve) {
  std::vector<Attempt> attempts;
  if (doctor) {
    auto media = doctor->media;
    media.resize(std::min(media.size(), kMediaPorts));
    for (const auto& server : without_doubles(doctor->servers)) {
      add(attempts, server, media, resolve);
    }
  }
  if (web.remote) {
    const std::uint16_t port = doctor ? doctor->stun.value_or(0) : kStunPort;
    if (port != 0) add_unannounced(attempts, {*web.remote, port}, web.host);
  }
  return attempts;
}

std::vector<std::vector<net::SocketAddress>> media_ports(const Doctor& doctor) {
  std::vector<std::uint16_t> ports = doctor.media;
  if (doctor.single_port && doctor.https) ports = {*doctor.https};
  std::vector<std::vector<net::SocketAddress>> all;
  for (const net::IpAddress& ip : doctor.media_addresses) {
    std::vector<net::SocketAddress> of_one;
    for (const std::uint16_t port : ports) of_one.push_back({ip, port});
    if (!of_one.empty()) all.push_back(std::move(of_one));
  }
  return all;
}

}  // namespace parley::probe

#include "server/relay_start.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/base64.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "server/engine_configs.h"
#include "server/listening.h"
#include "server/stun_discovery.h"

namespace parley::server {
namespace {

using Problem = std::optional<std::string>;

std::string_view what_is_served(const Config& config) {
  return config.turn.enabled ? "STUN and TURN" : "STUN";
}

// What UDP there is besides comes through the front door of HTTPS.
Problem listen_on_single_port(RelayWorkers& relay, const Config& config,
                              const net::SocketAddress& https, RelayPorts& ports) {
  const auto udp = relay.listen_udp(https);
  if (!udp) return udp.error() + ". Choose another by --https.";
  log::info("server", "{} on {}, beside HTTPS", what_is_served(config), udp->to_string());
  ports.plain = udp->port;
  if (config.turn.enabled) ports.tls = udp->port;
  return std::nullopt;
}

using Discovery = std::optional<stun::DiscoveryAddresses>;

Problem listen_for_discovery(RelayWorkers& relay, const Config& config,
                             const net::SocketAddress& stun, Discovery& discovery) {
  if (!config.stun.alternate) return std::nullopt;
  auto addresses = relay.listen_discovery(stun, stun_alternate(config, stun));
  if (!addresses) return addresses.error() + ". Choose another by --stun-alternate.";
  addresses->announced = announced_stun(config);
  discovery = *addresses;
  log::info("server", "clients may discover what their NAT does, by {}",
            addresses->announced_of(addresses->alternate).to_string());
  return std::nullopt;
}

Problem listen_on_own_ports(RelayWorkers& relay, const Config& config, RelayPorts& ports,
                            Discovery& discovery) {
  if (config.stun.listen.enabled) {
    const auto address = listen_or_move(config.stun.listen, "--stun",
                                        [&](net::SocketAddress at) { return relay.listen(at); });
    if (!address) return address.error();
    log::info("server", "{} on {}", what_is_served(config), address->to_string());
    ports.plain = address->port;
    if (auto problem = listen_for_discovery(relay, config, *address, discovery)) return problem;
  }
  if (config.turn.enabled && config.turn.tls.enabled) {
    const auto address = listen_or_move(
        config.turn.tls, "--turn-tls", [&](net::SocketAddress at) { return relay.listen_tls(at); });
    if (!address) return address.error();
    log::info("server", "TURN over TLS on {}", address->to_string());
    ports.tls = address->port;
  }
  return std::nullopt;
}

void log_relayed_addresses(const turn::ServerConfig& turn) {
  for (const turn::RelayHost& host : turn.relay_hosts) {
    const bool same = host.local == host.announced;
    log::info("server", "relaying from {}{}, ports {} to {}", host.announced.to_string(),
              same ? "" : " (here " + host.local.to_string() + ")", turn.first_port,
              turn.last_port);
  }
}

}  // namespace

std::size_t workers_of(const Config& config) {
  if (config.media.workers > 0) return static_cast<std::size_t>(config.media.workers);
  return std::max(1u, std::thread::hardware_concurrency());
}

std::unique_ptr<WorkerThreads> make_mixer_threads(const Config& config) {
  if (config.media.mixers == 0 || !config.media.sfu) return nullptr;
  return std::make_unique<WorkerThreads>(2 * static_cast<std::size_t>(config.media.mixers),
                                         "mixer");
}

std::unique_ptr<RelayWorkers> make_relay(const Config& config, WorkerThreads& threads) {
  const bool tls = config.turn.enabled && config.turn.tls.enabled;
  if (!config.single_port && !config.stun.listen.enabled && !tls) return nullptr;
  return std::make_unique<RelayWorkers>(threads, relay_config(config));
}

std::expected<RelayPorts, std::string> start_relay(RelayWorkers& relay, const Config& config,
                                                   const HostAddresses& host,
                                                   const std::vector<std::string>& secrets,
                                                   std::vector<std::uint16_t> media_ports,
                                                   std::optional<net::SocketAddress> https) {
  RelayPorts ports;
  Discovery discovery;
  auto problem = config.single_port && https ? listen_on_single_port(relay, config, *https, ports)
                                             : listen_on_own_ports(relay, config, ports, discovery);
  if (problem) return std::unexpected(*std::move(problem));
  std::optional<turn::ServerConfig> turn;
  if (config.turn.enabled) {
    turn = turn_config(config, host, secrets);
    turn->peers.media_ports = std::move(media_ports);
    log_relayed_addresses(*turn);
  }
  relay.serve(std::move(turn), discovery);
  return ports;
}

std::vector<std::string> turn_secrets(const Config& config, const DataDirectory::SecretKey& key) {
  if (!config.turn.secrets.empty()) return config.turn.secrets;
  return {to_base64url(crypto::derive_key(key, "parley-turn"))};
}

}  // namespace parley::server

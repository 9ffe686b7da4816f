#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/config.h"
#include "server/data_directory.h"
#include "server/relay/relay_workers.h"
#include "server/relay_addresses.h"

// The relay as the operator wants it.
namespace parley::server {

// How many threads relay and carry media.
std::size_t workers_of(const Config& config);
// Null: nothing is mixed.
std::unique_ptr<WorkerThreads> make_mixer_threads(const Config& config);

// It does nothing yet; null where all of it is off. `threads` outlive it.
std::unique_ptr<RelayWorkers> make_relay(const Config& config, WorkerThreads& threads);

// The ports that clients reach it at; 0: off.
struct RelayPorts {
  std::uint16_t plain = 0;  // UDP and TCP.
  std::uint16_t tls = 0;
};

// Listens and serves. With a single port that is `https`, the address which HTTPS has taken. Who is
// relayed may reach `media_ports` of this host. The error is a sentence for the operator.
std::expected<RelayPorts, std::string> start_relay(RelayWorkers& relay, const Config& config,
                                                   const HostAddresses& host,
                                                   const std::vector<std::string>& secrets,
                                                   std::vector<std::uint16_t> media_ports,
                                                   std::optional<net::SocketAddress> https);

// The operator's, or one of our own: never none.
std::vector<std::string> turn_secrets(const Config& config, const DataDirectory::SecretKey& key);

}  // namespace parley::server

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "server/config.h"
#include "server/relay_addresses.h"
#include "turn/server_config.h"

namespace parley::server {

// What is known of the addresses that this server announces, when it has started.
struct AddressFacts {
  // Where a part of Parley listens, by the key that says so.
  struct Listener {
    std::string_view key = {};  // "stun.listen"
    net::SocketAddress address = {};
    std::uint16_t ports = 1;  // One after the other.
  };

  std::optional<net::IpAddress> public_address = {};
  std::vector<net::IpAddress> local = {};  // Of this host.
  std::vector<Listener> listeners = {};    // Those that are on.
  bool single_port = false;                // STUN and TURN are on that of https.listen.
  bool media_by_server = true;
  std::vector<turn::RelayHost> relays = {};     // Empty where TURN is off.
  std::uint16_t first_port = 0, last_port = 0;  // Of relayed addresses.
  std::int64_t max_allocations = 0;
  std::vector<std::string> page_names = {};  // Host names and addresses that people type.
};

// `media_ports`: how many there are.
AddressFacts address_facts(const Config& config, const HostAddresses& host,
                           std::uint16_t media_ports, std::vector<std::string> page_names);

// What cannot be right: a sentence each, that names the line of the configuration to change. No
// packet is sent to find it out.
std::vector<std::string> check_addresses(const AddressFacts& facts);

// The same of one more name by which the page is reached, which nobody could know at the start: a
// reverse proxy's.
std::optional<std::string> check_page_name(const AddressFacts& facts, std::string_view name);

// Whether people anywhere may know this name or address: "meet.example.org", not "printer.local".
bool is_public_name(std::string_view host);

}  // namespace parley::server

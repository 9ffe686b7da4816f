#include "server/address_check.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>

#include "server/stun_discovery.h"
#include "turn/peer_policy.h"

namespace parley::server {
namespace {

using Warnings = std::vector<std::string>;
using Listener = AddressFacts::Listener;

bool in(const net::IpAddress& ip, std::string_view network) {
  return net::Network::parse(network)->contains(ip);
}

bool in_any(const net::IpAddress& ip, std::initializer_list<std::string_view> networks) {
  return std::ranges::any_of(networks, std::bind_front(in, ip));
}

// Why nobody on the internet reaches it; none: they may. As the end of "which is ...".
std::optional<std::string_view> flaw_of(const net::IpAddress& ip) {
  if (ip.is_loopback()) return "this computer to itself";
  if (ip.is_any()) return "no address";
  if (in_any(ip, {"224.0.0.0/4", "ff00::/8"})) return "a group of hosts (multicast)";
  if (in_any(ip,
             {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"})) {
    return "an example out of documentation";
  }
  if (ip.is_private()) return "private";
  if (in(ip, "100.64.0.0/10")) return "one that a provider shares among its customers";
  if (!turn::is_public_unicast(ip)) return "reserved";
  return std::nullopt;
}

bool is_of_this_host(const AddressFacts& facts, const net::IpAddress& ip) {
  return std::ranges::find(facts.local, ip) != facts.local.end();
}

std::string list(const std::vector<net::IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const net::IpAddress& ip : addresses) {
    if (!ip.is_loopback()) texts.push_back(ip.to_string());
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

// "::" takes both families.
bool hears(const net::IpAddress& listening, const net::IpAddress& ip) {
  if (listening.is_any()) return listening.is_v6() || ip.is_v4();
  return listening == ip;
}

// ---- One question each.

void check_public_address(const AddressFacts& facts, Warnings& warnings) {
  if (!facts.public_address) return;
  const net::IpAddress& ip = *facts.public_address;
  const auto flaw = flaw_of(ip);
  if (!flaw || (is_of_this_host(facts, ip) && !ip.is_loopback())) return;
  warnings.push_back(fmt::format(
      "public_address is {}, which is {}{}: clients cannot reach STUN and TURN there. Set "
      "public_address to the address under which people reach this host, or leave it out.",
      ip.to_string(), *flaw,
      ip.is_private() && !ip.is_loopback()
          ? fmt::format(" and not of this host (those are {})", list(facts.local))
          : ""));
}

// Behind a NAT we cannot know to which of our addresses it leads: of one family, at least.
void check_listener(const AddressFacts& facts, const Listener& listener, Warnings& warnings) {
  const net::IpAddress& announced = *facts.public_address;
  const net::IpAddress& listening = listener.address.ip;
  if (hears(listening, announced)) return;
  const auto warn = [&](std::string_view why, std::string_view listen_on) {
    warnings.push_back(fmt::format(
        "Clients are sent to public_address {}, but {} is {}, which {}. Set {} = \"{}:{}\".",
        announced.to_string(), listener.key, listener.address.to_string(), why, listener.key,
        listen_on, listener.address.port));
  };
  if (listening.is_loopback()) return warn("hears this computer alone", "[::]");
  if (announced.is_v6() && listening.is_v4()) return warn("takes IPv4 alone", "[::]");
  if (announced.is_v4() && listening.is_v6()) return warn("takes IPv6 alone", "[::]");
  if (!listening.is_any() && is_of_this_host(facts, announced)) {
    warn("is another address of this host", "[::]");
  }
}

bool is_for_stun_and_turn(const AddressFacts& facts, const Listener& listener) {
  if (facts.single_port) return listener.key == "https.listen";
  return listener.key == "stun.listen" || listener.key == "turn.tls";
}

void check_listeners(const AddressFacts& facts, Warnings& warnings) {
  if (!facts.public_address || facts.public_address->is_loopback()) return;
  for (const Listener& listener : facts.listeners) {
    if (is_for_stun_and_turn(facts, listener)) check_listener(facts, listener, warnings);
  }
}

void check_relay_ports(const AddressFacts& facts, Warnings& warnings) {
  if (facts.relays.empty()) return;
  for (const Listener& listener : facts.listeners) {
    const std::uint32_t first = listener.address.port;
    const std::uint32_t last = first + listener.ports - 1;
    if (first == 0 || first > facts.last_port || last < facts.first_port) continue;
    if (std::ranges::none_of(facts.relays, [&](const turn::RelayHost& relay) {
          return hears(listener.address.ip, relay.local);
        })) {
      continue;
    }
    warnings.push_back(fmt::format(
        "{} is {}, among the ports of relayed addresses, {} to {}: what opens your firewall for "
        "these opens it for that, too. Move it, or set turn.first_port and turn.last_port.",
        listener.key, listener.address.to_string(), facts.first_port, facts.last_port));
  }
  const std::int64_t ports = facts.last_port - facts.first_port + 1;
  if (ports < facts.max_allocations) {
    warnings.push_back(fmt::format(
        "turn.first_port to turn.last_port are {} ports, fewer than turn.max_allocations, {}.",
        ports, facts.max_allocations));
  }
}

// Clients are sent to the media's ports under the same address.
bool is_media(const AddressFacts& facts, const Listener& listener) {
  return facts.media_by_server && listener.key == "media.listen";
}

std::string ports_of(const Listener& listener) {
  const std::uint16_t first = listener.address.port;
  return listener.ports == 1 ? fmt::format("{}", first)
                             : fmt::format("{} to {}", first, first + listener.ports - 1);
}

std::string ports_to_forward(const AddressFacts& facts) {
  std::vector<std::string> ports;
  for (const Listener& listener : facts.listeners) {
    if (!is_for_stun_and_turn(facts, listener) && !is_media(facts, listener)) continue;
    const bool tls_alone = listener.key == "turn.tls";
    ports.push_back(fmt::format("{} {}", tls_alone ? "TCP" : "UDP and TCP", ports_of(listener)));
  }
  ports.push_back(fmt::format("UDP {} to {}", facts.first_port, facts.last_port));
  return fmt::format("{}", fmt::join(ports, ", "));
}

}  // namespace

AddressFacts address_facts(const Config& config, const HostAddresses& host,
                           std::uint16_t media_ports, std::vector<std::string> page_names) {
  AddressFacts facts{.public_address = config.public_address,
                     .local = host.all,
                     .single_port = config.single_port,
                     .media_by_server = config.media.sfu,
                     .first_port = static_cast<std::uint16_t>(config.turn.first_port),
                     .last_port = static_cast<std::uint16_t>(config.turn.last_port),
                     .max_allocations = config.turn.max_allocations,
                     .page_names = std::move(page_names)};
  const auto add = [&](std::string_view key, const Config::Listen& listen, std::uint16_t ports) {
    if (listen.enabled) facts.listeners.push_back({key, listen.address, ports});
  };
  const bool relays = config.turn.enabled &&
                      (config.single_port || config.stun.listen.enabled || config.turn.tls.enabled);
  if (relays) facts.relays = relay_hosts(config, host);
  add("http.listen", config.http.listen, 1);
  add("https.listen", config.https.listen, 1);
  if (config.single_port) return facts;
  add("stun.listen", config.stun.listen, 1);
  if (config.stun.alternate) {
    const net::SocketAddress& stun = config.stun.listen.address;
    const std::uint16_t port = stun_alternate(config, stun).port;
    facts.listeners.push_back({"stun.alternate", {stun.ip, port}});
  }
  if (config.turn.enabled) add("turn.tls", config.turn.tls, 1);
  if (relays) add("media.listen", config.media.listen, media_ports);
  return facts;
}

std::vector<std::string> check_addresses(const AddressFacts& facts) {
  Warnings warnings;
  check_public_address(facts, warnings);
  check_listeners(facts, warnings);
  check_relay_ports(facts, warnings);
  const auto name = std::ranges::find_if(facts.page_names, is_public_name);
  if (name == facts.page_names.end()) return warnings;
  if (auto warning = check_page_name(facts, *name)) warnings.push_back(*std::move(warning));
  return warnings;
}

// The page is on the internet, and the relay is not.
std::optional<std::string> check_page_name(const AddressFacts& facts, std::string_view name) {
  if (facts.relays.empty() || !is_public_name(name)) return std::nullopt;
  if (facts.public_address && !is_of_this_host(facts, *facts.public_address)) return std::nullopt;
  std::vector<net::IpAddress> addresses;
  for (const turn::RelayHost& relay : facts.relays) addresses.push_back(relay.announced);
  if (std::ranges::any_of(addresses, turn::is_public_unicast)) return std::nullopt;
  return fmt::format(
      "The page is reached as {}, but the relay has no public address ({}): people elsewhere will "
      "not reach it. Set public_address = \"IP\" to the address of your router or cloud, and "
      "forward {} to this host.",
      name, list(addresses), ports_to_forward(facts));
}

bool is_public_name(std::string_view host) {
  if (const auto ip = net::IpAddress::parse(host)) return turn::is_public_unicast(*ip);
  // RFC 6762, RFC 6761, RFC 8375, and what routers make up.
  constexpr std::array<std::string_view, 8> kHere = {
      ".local", ".localhost", ".home.arpa", ".internal", ".lan", ".home", ".test", ".localdomain"};
  return host.find('.') != host.npos &&
         std::ranges::none_of(kHere, [&](std::string_view end) { return host.ends_with(end); });
}

}  // namespace parley::server

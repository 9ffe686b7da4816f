#include "peer/ice_servers.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace parley::peer {
namespace {

constexpr std::uint16_t kPort = 3478;
constexpr std::uint16_t kTlsPort = 5349;
constexpr std::size_t kMaxHost = 253;

// Cuts off and returns what stands before the mark, or all.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ':';
}

}  // namespace

std::expected<IceServerUrl, std::string> IceServerUrl::parse(std::string_view url) {
  std::string_view rest = url;
  const std::string_view scheme = take_until(rest, ':');
  IceServerUrl parsed{.is_turn = scheme.starts_with("turn"), .port = kPort};
  if (scheme == "turns") {
    parsed.protocol = ice::RelayProtocol::kTls;
    parsed.port = kTlsPort;
  } else if (scheme != "turn" && scheme != "stun") {
    return std::unexpected("the scheme is none of stun, turn and turns");
  }
  std::string_view place = take_until(rest, '?');
  if (rest == "transport=tcp" && scheme == "turn") {
    parsed.protocol = ice::RelayProtocol::kTcp;
  } else if (!rest.empty() && rest != (scheme == "turns" ? "transport=tcp" : "transport=udp")) {
    return std::unexpected("there is no such transport");
  }
  if (place.starts_with('[')) {
    place.remove_prefix(1);
    if (place.find(']') == place.npos) return std::unexpected("a bracket is not closed");
    parsed.host = take_until(place, ']');
    if (!place.empty() && !place.starts_with(':')) return std::unexpected("the port is none");
    if (!place.empty()) place.remove_prefix(1);
    if (const auto ip = net::IpAddress::parse(parsed.host); !ip || ip->is_v4()) {
      return std::unexpected("in brackets stands an IPv6 address");
    }
  } else {
    parsed.host = take_until(place, ':');
  }
  if (parsed.host.empty() || parsed.host.size() > kMaxHost ||
      !std::ranges::all_of(parsed.host, is_host_char)) {
    return std::unexpected("the host is none");
  }
  if (place.empty()) return parsed;
  const auto port = parse_port(place);
  if (!port) return std::unexpected("the port is none");
  parsed.port = *port;
  return parsed;
}

IceServers::IceServers(const std::vector<IceServer>& servers) {
  for (const IceServer& server : servers) {
    for (const std::string& text : server.urls) {
      const auto url = IceServerUrl::parse(text);
      if (!url) {
        problems_.push_back({text, url.error()});
        continue;
      }
      const Named named{*url, text, {server.username, server.credential}};
      if (const auto ip = net::IpAddress::parse(url->host)) {
        add(named, *ip);
        continue;
      }
      named_.push_back(named);
      if (std::ranges::find(names_, url->host) == names_.end()) names_.push_back(url->host);
    }
  }
}

std::vector<IceServers::Problem> IceServers::resolve(std::string_view name,
                                                     const std::vector<net::IpAddress>& addresses) {
  std::vector<Problem> problems;
  std::erase(names_, name);
  for (const Named& server : named_) {
    if (server.url.host != name) continue;
    for (const bool v4 : {true, false}) {
      const auto ip = std::ranges::find(addresses, v4, &net::IpAddress::is_v4);
      if (ip != addresses.end()) add(server, *ip);
    }
    if (addresses.empty()) problems.push_back({server.text, "the name has no address"});
  }
  std::erase_if(named_, [&](const Named& server) { return server.url.host == name; });
  return problems;
}

void IceServers::add(const Named& server, const net::IpAddress& ip) {
  const net::SocketAddress address{ip, server.url.port};
  if (!server.url.is_turn) {
    stun_.push_back(address);
    return;
  }
  relays_.push_back({.protocol = server.url.protocol,
                     .address = address,
                     .name = server.url.host,
                     .login = server.login,
                     .url = server.text});
}

}  // namespace parley::peer

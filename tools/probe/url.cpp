#include "probe/url.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "net/address.h"

namespace parley::probe {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kStunPort = 3478;   // RFC 7064, 3.2; RFC 7065, 3.1.
constexpr std::uint16_t kTurnsPort = 5349;  // RFC 7065, 3.1.

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// What may stand in a name or an IPv4 address; names in other scripts come encoded.
bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

struct Authority {
  std::string host = {};
  std::uint16_t port = 0;
};

std::optional<Authority> parse_authority(std::string_view text, std::uint16_t default_port) {
  Authority authority{.port = default_port};
  if (take_prefix(text, "[")) {
    const auto end = text.find(']');
    if (end == text.npos) return std::nullopt;
    authority.host = text.substr(0, end);
    const auto ip = net::IpAddress::parse(authority.host);
    if (!ip || !ip->is_v6()) return std::nullopt;
    text.remove_prefix(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, end);
    if (!is_host(authority.host)) return std::nullopt;
    text.remove_prefix(end);
  }
  if (text.empty()) return authority;
  if (!take_prefix(text, ":")) return std::nullopt;
  const auto port = parse_port(text);
  if (!port) return std::nullopt;
  authority.port = *port;
  return authority;
}

}  // namespace

std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != host.npos;
  return is_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string WebUrl::to_string() const {
  const bool is_default = port == (secure ? kHttpsPort : kHttpPort);
  const bool is_v6 = host.find(':') != host.npos;
  const std::string place = !is_default ? host_and_port(host, port)
                            : is_v6     ? fmt::format("[{}]", host)
                                        : host;
  return fmt::format("{}://{}{}", secure ? "https" : "http", place, base);
}

std::optional<WebUrl> parse_web_url(std::string_view text) {
  WebUrl url;
  if (take_prefix(text, "http://")) {
    url.secure = false;
  } else if (!take_prefix(text, "https://") && text.find("://") != text.npos) {
    return std::nullopt;
  }
  const auto path = std::min(text.find_first_of("/?#"), text.size());
  auto authority = parse_authority(text.substr(0, path), url.secure ? kHttpsPort : kHttpPort);
  if (!authority) return std::nullopt;
  url.host = std::move(authority->host);
  url.port = authority->port;
  url.base = text.substr(path, text.find_first_of("?#", path) - path);
  // A link to a room is a fine way to name a server.
  if (const auto room = url.base.find("/room/"); room != url.base.npos) url.base.resize(room);
  while (url.base.ends_with('/')) url.base.pop_back();
  return url;
}

std::optional<Doctor::Server> parse_ice_url(std::string_view text) {
  Doctor::Server server;
  std::uint16_t port = kStunPort;
  if (take_prefix(text, "turns:")) {
    server.way = Way::kTls;
    port = kTurnsPort;
    server.relays = true;
  } else if (take_prefix(text, "turn:")) {
    server.relays = true;
  } else if (!take_prefix(text, "stun:")) {
    return std::nullopt;
  }
  const auto query = std::min(text.find('?'), text.size());
  const auto transport = text.substr(query);
  if (server.way == Way::kUdp && server.relays && transport == "?transport=tcp") {
    server.way = Way::kTcp;
  } else if (server.way == Way::kTls && transport == "?transport=udp") {
    return std::nullopt;  // TURN over DTLS.
  }
  auto authority = parse_authority(text.substr(0, query), port);
  if (!authority) return std::nullopt;
  server.host = std::move(authority->host);
  server.port = authority->port;
  return server;
}

}  // namespace parley::probe

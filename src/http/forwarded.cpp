#include "http/forwarded.h"

#include <algorithm>
#include <optional>

#include "http/text.h"

namespace parley::http {
namespace {

std::string_view last_element(std::string_view list) {
  const auto comma = list.rfind(',');
  return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

std::string_view without_last_element(std::string_view list) {
  const auto comma = list.rfind(',');
  return comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
}

// Some proxies add the port: "192.0.2.1:1234", "[2001:db8::1]:1234", "[2001:db8::1]".
std::optional<net::SocketAddress> parse_hop(std::string_view text) {
  if (const auto ip = net::IpAddress::parse(text)) return net::SocketAddress{.ip = *ip};
  if (const auto address = net::SocketAddress::parse(text)) return address;
  if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
  const auto ip = net::IpAddress::parse(text.substr(1, text.size() - 2));
  return ip ? std::optional(net::SocketAddress{.ip = *ip}) : std::nullopt;
}

// The last field of that name: a proxy that does not join them appends its own.
std::optional<std::string_view> last_header(const Request& request, std::string_view name) {
  std::optional<std::string_view> last;
  for (const auto& [known, value] : request.headers) {
    if (equals_ignoring_case(known, name)) last = value;
  }
  return last;
}

net::SocketAddress find_client(const Request& request, net::SocketAddress client,
                               std::span<const net::Network> trusted_proxies) {
  for (auto field = request.headers.rbegin(); field != request.headers.rend(); ++field) {
    if (!equals_ignoring_case(field->first, "X-Forwarded-For")) continue;
    for (std::string_view hops = field->second; !hops.empty(); hops = without_last_element(hops)) {
      const auto hop = parse_hop(last_element(hops));
      if (!hop) return client;  // Whoever wrote that is the last one known.
      client = *hop;
      if (!is_in(trusted_proxies, client.ip)) return client;
    }
  }
  return client;
}

}  // namespace

bool is_in(std::span<const net::Network> networks, const net::IpAddress& address) {
  return std::ranges::any_of(
      networks, [&](const net::Network& network) { return network.contains(address); });
}

void set_origin(Request& request, const net::SocketAddress& peer, bool over_tls,
                std::span<const net::Network> trusted_proxies) {
  request.peer = peer;
  request.secure = over_tls;
  if (!is_in(trusted_proxies, peer.ip)) return;

  request.peer = find_client(request, peer, trusted_proxies);
  if (const auto protocol = last_header(request, "X-Forwarded-Proto")) {
    request.secure = equals_ignoring_case(last_element(*protocol), "https");
  }
  if (const auto host = last_header(request, "X-Forwarded-Host")) {
    const std::string_view name = last_element(*host);
    if (!name.empty()) request.host = name;
  }
}

}  // namespace parley::http

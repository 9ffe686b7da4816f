#include "server/ice_servers.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "turn/login.h"

namespace parley::server {
namespace {

constexpr std::size_t kUserBytes = 9;  // Two of a thousand people do not meet by chance.

std::string in_url(const net::IpAddress& ip) {
  return ip.is_v6() ? fmt::format("[{}]", ip.to_string()) : ip.to_string();
}

}  // namespace

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::vector<meeting::IceServer> IceServers::for_client(const Client& client, UnixTime now,
                                                       std::chrono::seconds lifetime) const {
  const std::string name = config_.public_address ? in_url(*config_.public_address)
                                                  : std::string(without_port(client.host));
  if (name.empty()) return {};
  std::vector<meeting::IceServer> servers;
  if (config_.port != 0)
    servers.push_back({.urls = {fmt::format("stun:{}:{}", name, config_.port)}});
  auto urls = turn_urls(client, name);
  if (!urls.empty()) {
    turn::Login login =
        turn::time_limited_login(config_.secret, user_part(client.who), now + lifetime);
    servers.push_back({.urls = std::move(urls),
                       .username = std::move(login.username),
                       .credential = std::move(login.password)});
  }
  return servers;
}

// In the order in which they are to be preferred. A certificate is for a name: over TLS the one
// that the client has found good already.
std::vector<std::string> IceServers::turn_urls(const Client& client, std::string_view name) const {
  std::vector<std::string> urls;
  if (!config_.turn) return urls;
  if (config_.port != 0) {
    urls.push_back(fmt::format("turn:{}:{}?transport=udp", name, config_.port));
    urls.push_back(fmt::format("turn:{}:{}?transport=tcp", name, config_.port));
  }
  if (config_.tls_port != 0) {
    const std::string_view certified = client.https ? without_port(client.host) : "";
    urls.push_back(fmt::format("turns:{}:{}?transport=tcp", certified.empty() ? name : certified,
                               config_.tls_port));
  }
  return urls;
}

std::string IceServers::user_part(std::string_view who) const {
  const auto digest = crypto::hmac_sha256(config_.user_key, as_bytes(who));
  return std::string(kPageUser) + to_base64url(Bytes(digest).first(kUserBytes));
}

}  // namespace parley::server

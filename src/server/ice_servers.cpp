#include "server/ice_servers.h"

#include <fmt/core.h>

namespace parley::server {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::vector<meeting::IceServer> IceServers::for_client(std::string_view host) const {
  if (stun_port_ == 0) return {};
  std::string name(without_port(host));
  if (public_address_) {
    name = public_address_->is_v6() ? fmt::format("[{}]", public_address_->to_string())
                                    : public_address_->to_string();
  }
  if (name.empty()) return {};
  return {{.urls = {fmt::format("stun:{}:{}", name, stun_port_)}}};  // RFC 7064.
}

}  // namespace parley::server

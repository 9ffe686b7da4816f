#include "sim/nat.h"

#include <algorithm>
#include <utility>

namespace parley::sim {

std::string_view to_string(NatKind kind) {
  switch (kind) {
    case NatKind::kFullCone: return "full cone";
    case NatKind::kAddressRestricted: return "address-restricted cone";
    case NatKind::kPortRestricted: return "port-restricted cone";
    case NatKind::kSymmetric: return "symmetric";
  }
  std::unreachable();
}

net::SocketAddress Nat::translate_out(Time now, net::Transport transport,
                                      const net::SocketAddress& inside,
                                      const net::SocketAddress& to) {
  const net::SocketAddress key = key_of(to);
  auto found = std::ranges::find_if(mappings_, [&](const auto& entry) {
    const auto& [port, mapping] = entry;
    return port.first == transport && mapping.inside == inside && mapping.to == key &&
           is_alive(now, mapping);
  });
  if (found == mappings_.end()) {
    const std::pair port{transport, free_port(transport)};
    found = mappings_.insert_or_assign(port, Mapping{.inside = inside, .to = key}).first;
  }
  found->second.used = now;
  found->second.sent_to.insert(to);
  return {.ip = config_.outside, .port = found->first.second};
}

std::optional<net::SocketAddress> Nat::translate_in(Time now, net::Transport transport,
                                                    const net::SocketAddress& outside,
                                                    const net::SocketAddress& from) {
  const auto found = mappings_.find({transport, outside.port});
  if (found == mappings_.end() || !is_alive(now, found->second) || !lets_in(found->second, from)) {
    return std::nullopt;
  }
  return found->second.inside;
}

bool Nat::is_alive(Time now, const Mapping& mapping) const {
  return config_.mapping_timeout == kNoTimeout || now - mapping.used < config_.mapping_timeout;
}

net::SocketAddress Nat::key_of(const net::SocketAddress& to) const {
  if (config_.kind != NatKind::kSymmetric) return {};
  return config_.tells_ports_apart ? to : net::SocketAddress{.ip = to.ip};
}

bool Nat::lets_in(const Mapping& mapping, const net::SocketAddress& from) const {
  switch (config_.kind) {
    case NatKind::kFullCone: return true;
    case NatKind::kAddressRestricted:
      return std::ranges::any_of(mapping.sent_to,
                                 [&](const auto& sent_to) { return sent_to.ip == from.ip; });
    case NatKind::kPortRestricted:
    case NatKind::kSymmetric: return mapping.sent_to.contains(from);
  }
  std::unreachable();
}

std::uint16_t Nat::free_port(net::Transport transport) {
  for (;;) {
    const auto port = static_cast<std::uint16_t>(10'000 + random_() % 50'000);
    if (!mappings_.contains({transport, port})) return port;
  }
}

}  // namespace parley::sim

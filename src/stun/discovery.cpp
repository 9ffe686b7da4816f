#include "stun/discovery.h"

#include <algorithm>

#include "base/bytes.h"

namespace parley::stun {
namespace {

// Two bytes, and two that fill up: whether its length counts these is read both ways. Nothing
// listens at port 0.
std::optional<std::uint16_t> read_port(Bytes value) {
  ByteReader reader(value);
  const std::uint16_t port = reader.u16();
  const bool is_one = reader.ok() && (value.size() == 2 || value.size() == 4) && port != 0;
  return is_one ? std::optional(port) : std::nullopt;
}

}  // namespace

std::array<net::SocketAddress, 4> DiscoveryAddresses::all() const {
  return {primary, changed(primary, kChangePort), changed(primary, kChangeIp), alternate};
}

bool DiscoveryAddresses::has(const net::Path& path) const {
  const net::SocketAddress& to = path.local;
  return path.transport == net::Transport::kUdp && (to.ip == primary.ip || to.ip == alternate.ip) &&
         (to.port == primary.port || to.port == alternate.port);
}

net::SocketAddress DiscoveryAddresses::announced_of(const net::SocketAddress& address) const {
  if (!announced) return address;
  return {(*announced)[address.ip == primary.ip ? 0 : 1], address.port};
}

net::SocketAddress DiscoveryAddresses::changed(const net::SocketAddress& from,
                                               std::uint32_t flags) const {
  net::SocketAddress to = from;
  if (flags & kChangeIp) to.ip = from.ip == primary.ip ? alternate.ip : primary.ip;
  if (flags & kChangePort) to.port = from.port == primary.port ? alternate.port : primary.port;
  return to;
}

std::optional<DiscoveryRequest> DiscoveryRequest::parse(const MessageView& request) {
  DiscoveryRequest asked{.padded = request.has(Attribute::kPadding)};
  if (request.has(Attribute::kChangeRequest)) {
    const auto flags = request.find_u32(Attribute::kChangeRequest);
    if (!flags) return std::nullopt;
    asked.change = *flags & (kChangeIp | kChangePort);
  }
  if (const auto port = request.find(Attribute::kResponsePort)) {
    asked.response_port = read_port(*port);
    if (!asked.response_port || asked.padded) return std::nullopt;
  }
  return asked;
}

}  // namespace parley::stun

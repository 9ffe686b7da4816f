#include "turn/allocate_request.h"

#include <algorithm>

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::ErrorCode;
using stun::MessageView;

constexpr std::uint8_t kReserveNext = 0x80;

std::expected<net::Transport, ErrorCode> read_transport(const MessageView& request,
                                                        net::Transport client) {
  const auto value = request.find(Attribute::kRequestedTransport);
  if (!value || value->size() != 4) return std::unexpected(ErrorCode::kBadRequest);
  const std::uint8_t protocol = value->front();
  if (protocol == kProtocolUdp) return net::Transport::kUdp;
  if (protocol != kProtocolTcp) return std::unexpected(ErrorCode::kUnsupportedTransport);
  // A client that can reach us over UDP alone cannot open the data connections (RFC 6062, 5.1).
  if (client != net::Transport::kTcp) return std::unexpected(ErrorCode::kBadRequest);
  return net::Transport::kTcp;
}

bool read_ports(const MessageView& request, AllocateRequest& allocate) {
  if (const auto even = request.find(Attribute::kEvenPort)) {
    if (even->size() != 1) return false;
    allocate.even_port = true;
    allocate.reserve_next = (even->front() & kReserveNext) != 0;
  }
  if (const auto token = request.find(Attribute::kReservationToken)) {
    if (token->size() != 8) return false;
    allocate.reservation = ByteReader(*token).u64();
  }
  return true;
}

// What may not stand beside what (RFC 8656, 7.2; RFC 6062, 5.1).
bool is_consistent(const MessageView& request, const AllocateRequest& allocate) {
  const bool requested = request.has(Attribute::kRequestedAddressFamily);
  const bool additional = request.has(Attribute::kAdditionalAddressFamily);
  if (requested && additional) return false;
  if (allocate.reservation && (allocate.even_port || requested || additional)) return false;
  if (allocate.reserve_next && additional) return false;
  const bool ports = allocate.even_port || allocate.reservation;
  return allocate.transport == net::Transport::kUdp ||
         (!ports && !request.has(Attribute::kDontFragment));
}

std::expected<void, ErrorCode> read_families(const MessageView& request,
                                             AllocateRequest& allocate) {
  const auto requested = read_family(request, Attribute::kRequestedAddressFamily);
  if (!requested) return std::unexpected(requested.error());
  const auto additional = read_family(request, Attribute::kAdditionalAddressFamily);
  if (!additional) return std::unexpected(additional.error());
  if (*additional == Family::kIpv4) return std::unexpected(ErrorCode::kBadRequest);
  allocate.ipv4 = *requested != Family::kIpv6;
  allocate.ipv6 = *requested == Family::kIpv6 || *additional == Family::kIpv6;
  return {};
}

}  // namespace

std::expected<AllocateRequest, ErrorCode> AllocateRequest::parse(const MessageView& request,
                                                                 net::Transport client) {
  AllocateRequest allocate;
  const auto transport = read_transport(request, client);
  if (!transport) return std::unexpected(transport.error());
  allocate.transport = *transport;
  if (!read_ports(request, allocate) || !is_consistent(request, allocate)) {
    return std::unexpected(ErrorCode::kBadRequest);
  }
  if (const auto families = read_families(request, allocate); !families) {
    return std::unexpected(families.error());
  }
  if (request.has(Attribute::kLifetime)) {
    allocate.lifetime = request.find_u32(Attribute::kLifetime);
    if (!allocate.lifetime) return std::unexpected(ErrorCode::kBadRequest);
  }
  if (const auto ticket = request.find(Attribute::kMobilityTicket)) {
    if (!ticket->empty()) return std::unexpected(ErrorCode::kBadRequest);
    allocate.mobility = true;
  }
  return allocate;
}

std::expected<std::optional<Family>, ErrorCode> read_family(const MessageView& request,
                                                            Attribute type) {
  const auto value = request.find(type);
  if (!value) return std::nullopt;
  if (value->size() != 4) return std::unexpected(ErrorCode::kBadRequest);
  const auto family = static_cast<Family>(value->front());
  if (family != Family::kIpv4 && family != Family::kIpv6) {
    return std::unexpected(ErrorCode::kAddressFamilyNotSupported);
  }
  return family;
}

Duration lifetime_of(std::optional<std::uint32_t> seconds, Duration standard, Duration longest) {
  if (!seconds) return standard;
  return std::max(standard, std::min<Duration>(std::chrono::seconds{*seconds}, longest));
}

}  // namespace parley::turn

#include "server/local_addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/in6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <optional>

#include "io/fd.h"

namespace parley::server {
namespace {

// None of another family than IPv4 and IPv6, and none that holds on one link alone.
std::optional<net::IpAddress> address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in native = {};
    std::memcpy(&native, &address, sizeof(native));
    std::array<std::uint8_t, 4> bytes = {};
    std::memcpy(bytes.data(), &native.sin_addr, bytes.size());
    return net::IpAddress::v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 native = {};
    std::memcpy(&native, &address, sizeof(native));
    if (IN6_IS_ADDR_LINKLOCAL(&native.sin6_addr)) return std::nullopt;
    std::array<std::uint8_t, 16> bytes = {};
    std::memcpy(bytes.data(), &native.sin6_addr, bytes.size());
    return net::IpAddress::v6(bytes);
  }
  return std::nullopt;
}

std::optional<net::IpAddress> address_of(const ifaddrs& interface) {
  if (interface.ifa_addr == nullptr || (interface.ifa_flags & IFF_UP) == 0) return std::nullopt;
  return address_of(*interface.ifa_addr);
}

unsigned prefix_of(const net::IpAddress& mask) {
  unsigned bits = 0;
  for (const std::uint8_t byte : mask.bytes()) bits += static_cast<unsigned>(std::popcount(byte));
  return bits;
}

using Interfaces = std::unique_ptr<ifaddrs, void (*)(ifaddrs*)>;

Interfaces interfaces() {
  ifaddrs* list = nullptr;
  return {::getifaddrs(&list) == 0 ? list : nullptr, ::freeifaddrs};
}

// An address that no host near us has (RFC 5737, RFC 3849), and any port.
bool connect_far_away(const io::Fd& socket, bool v6) {
  sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = 9, .sin_addr = {}, .sin_zero = {}};
  sockaddr_in6 native = {};
  native.sin6_family = AF_INET6;
  native.sin6_port = 9;
  ::inet_pton(AF_INET, "198.51.100.1", &v4.sin_addr);
  ::inet_pton(AF_INET6, "2001:db8::1", &native.sin6_addr);
  const sockaddr* const address =
      v6 ? reinterpret_cast<const sockaddr*>(&native) : reinterpret_cast<const sockaddr*>(&v4);
  return ::connect(socket.get(), address, v6 ? sizeof(native) : sizeof(v4)) == 0;
}

}  // namespace

std::vector<net::IpAddress> local_addresses() {
  const Interfaces list = interfaces();
  std::vector<net::IpAddress> addresses;
  for (const ifaddrs* interface = list.get(); interface != nullptr;
       interface = interface->ifa_next) {
    if (const auto address = address_of(*interface)) addresses.push_back(*address);
  }
  std::ranges::stable_partition(addresses, &net::IpAddress::is_v4);
  return addresses;
}

std::vector<net::Network> local_networks() {
  const Interfaces list = interfaces();
  std::vector<net::Network> networks;
  for (const ifaddrs* interface = list.get(); interface != nullptr;
       interface = interface->ifa_next) {
    const auto address = address_of(*interface);
    if (!address || address->is_loopback() || interface->ifa_netmask == nullptr) continue;
    const auto mask = address_of(*interface->ifa_netmask);
    if (!mask || mask->is_v4() != address->is_v4()) continue;
    const unsigned prefix = prefix_of(*mask);
    if (prefix > 0 && prefix < address->bytes().size() * 8) networks.push_back({*address, prefix});
  }
  return networks;
}

// To connect a UDP socket sends nothing: the kernel chooses the address to send from.
std::optional<net::IpAddress> primary_address(bool v6) {
  const io::Fd socket(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int lasting = IPV6_PREFER_SRC_PUBLIC;  // RFC 5014.
  if (v6) {
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, &lasting, sizeof(lasting));
  }
  if (!connect_far_away(socket, v6)) return std::nullopt;
  sockaddr_storage chosen = {};
  socklen_t size = sizeof(chosen);
  auto* const native = reinterpret_cast<sockaddr*>(&chosen);
  if (::getsockname(socket.get(), native, &size) != 0) return std::nullopt;
  const auto address = address_of(*native);
  return address && !address->is_loopback() ? address : std::nullopt;
}

std::string local_host_name() {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace parley::server

#include "server/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace parley::server {
namespace {

std::optional<net::IpAddress> address_of(const ifaddrs& interface) {
  if (interface.ifa_addr == nullptr || (interface.ifa_flags & IFF_UP) == 0) return std::nullopt;
  if (interface.ifa_addr->sa_family == AF_INET) {
    sockaddr_in native = {};
    std::memcpy(&native, interface.ifa_addr, sizeof(native));
    std::array<std::uint8_t, 4> bytes = {};
    std::memcpy(bytes.data(), &native.sin_addr, bytes.size());
    return net::IpAddress::v4(bytes);
  }
  if (interface.ifa_addr->sa_family == AF_INET6) {
    sockaddr_in6 native = {};
    std::memcpy(&native, interface.ifa_addr, sizeof(native));
    if (IN6_IS_ADDR_LINKLOCAL(&native.sin6_addr)) return std::nullopt;
    std::array<std::uint8_t, 16> bytes = {};
    std::memcpy(bytes.data(), &native.sin6_addr, bytes.size());
    return net::IpAddress::v6(bytes);
  }
  return std::nullopt;
}

}  // namespace

std::vector<net::IpAddress> local_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  std::vector<net::IpAddress> addresses;
  for (const ifaddrs* interface = list; interface != nullptr; interface = interface->ifa_next) {
    if (const auto address = address_of(*interface)) addresses.push_back(*address);
  }
  std::ranges::stable_partition(addresses, &net::IpAddress::is_v4);
  return addresses;
}

std::string local_host_name() {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace parley::server

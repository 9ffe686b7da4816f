#include "local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <memory>

namespace native_call {

using namespace parley;

std::vector<net::IpAddress> local_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owned(list, freeifaddrs);
  std::vector<net::IpAddress> addresses;
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_UP) == 0) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    std::array<char, NI_MAXHOST> text = {};
    getnameinfo(each->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6),
                text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    // A link-local one is written with a zone, and so is no address to parse().
    if (const auto address = net::IpAddress::parse(text.data())) addresses.push_back(*address);
  }
  std::ranges::stable_partition(addresses, [](const auto& ip) { return !ip.is_loopback(); });
  return addresses;
}

}  // namespace native_call

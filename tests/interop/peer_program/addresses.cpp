#include "addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <bit>

namespace parley::peer_program {

std::vector<net::IpAddress> own_addresses() {
  std::vector<net::IpAddress> addresses;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {net::IpAddress::v4({127, 0, 0, 1})};
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
    if ((each->ifa_flags & IFF_UP) == 0) continue;
    const auto& address = *reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
    addresses.push_back(
        net::IpAddress::v4(std::bit_cast<std::array<std::uint8_t, 4>>(address.sin_addr)));
  }
  freeifaddrs(list);
  return addresses;
}

}  // namespace parley::peer_program

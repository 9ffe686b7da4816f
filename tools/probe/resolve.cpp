#include "probe/resolve.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

#include "io/fd.h"

namespace parley::probe {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::expected<Addresses, std::string> ask_system(const std::string& host, const char* port,
                                                 int flags) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_DGRAM;  // One of each address; which makes no difference.
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port, &hints, &list);
  if (error != 0) return std::unexpected(std::string(::gai_strerror(error)));
  return Addresses(list, &::freeaddrinfo);
}

std::optional<net::IpAddress> address_of(const sockaddr& address, socklen_t size) {
  std::array<char, NI_MAXHOST> text = {};
  if (::getnameinfo(&address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return std::nullopt;
  }
  return net::IpAddress::parse(text.data());
}

}  // namespace

std::expected<std::vector<net::IpAddress>, std::string> resolve(const std::string& host) {
  if (const auto ip = net::IpAddress::parse(host)) return std::vector{*ip};
  const auto list = ask_system(host, nullptr, 0);
  if (!list) return std::unexpected(list.error());
  std::vector<net::IpAddress> found;
  for (const addrinfo* entry = list->get(); entry != nullptr; entry = entry->ai_next) {
    const auto ip = address_of(*entry->ai_addr, entry->ai_addrlen);
    if (ip && std::ranges::find(found, *ip) == found.end()) found.push_back(*ip);
  }
  return found;
}

// Connecting a UDP socket sends nothing, but has the kernel choose.
std::optional<net::IpAddress> local_address_towards(const net::SocketAddress& remote) {
  const auto port = std::to_string(remote.port);
  const auto to = ask_system(remote.ip.to_string(), port.c_str(), AI_NUMERICHOST | AI_NUMERICSERV);
  if (!to) return std::nullopt;
  const addrinfo& entry = **to;
  const io::Fd fd(::socket(entry.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.is_open() || ::connect(fd.get(), entry.ai_addr, entry.ai_addrlen) != 0) {
    return std::nullopt;
  }
  sockaddr_storage local = {};
  socklen_t size = sizeof(local);
  auto* const any = reinterpret_cast<sockaddr*>(&local);
  if (::getsockname(fd.get(), any, &size) != 0) return std::nullopt;
  return address_of(*any, size);
}

}  // namespace parley::probe

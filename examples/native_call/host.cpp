#include "host.h"

#include <fmt/format.h>
#include <netdb.h>

#include <array>
#include <memory>
#include <regex>

namespace native_call {

using namespace parley;

namespace {

// HOST or [HOST], and :PORT: three groups.
const std::string kHost = R"((?:\[([0-9a-fA-F:]+)\]|([^/:\[\]]+))(?::(\d{1,5}))?)";

Host to_host(const std::smatch& parts, const char* default_port) {
  return {.name = parts[1].matched ? parts[1] : parts[2],
          .port = parts[3].matched ? parts[3] : std::string(default_port)};
}

std::optional<net::SocketAddress> to_address(const addrinfo& found) {
  std::array<char, NI_MAXHOST> ip = {};
  std::array<char, NI_MAXSERV> port = {};
  getnameinfo(found.ai_addr, found.ai_addrlen, ip.data(), ip.size(), port.data(), port.size(),
              NI_NUMERICHOST | NI_NUMERICSERV);
  return net::SocketAddress::parse(Host{.name = ip.data(), .port = port.data()}.to_string());
}

}  // namespace

std::expected<net::SocketAddress, std::string> Host::look_up() const {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(name.c_str(), port.c_str(), &hints, &list);
  if (error != 0) return std::unexpected(name + ": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(list, freeaddrinfo);

  // IPv4 first: a server on this computer alone listens on 127.0.0.1, and localhost is ::1 as well.
  std::optional<net::SocketAddress> address;
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    if (!address || found->ai_family == AF_INET) address = to_address(*found);
    if (found->ai_family == AF_INET) break;
  }
  if (!address) return std::unexpected(name + ": has no address that can be reached");
  return *address;
}

std::string Host::to_string() const {
  return name.contains(':') ? fmt::format("[{}]:{}", name, port) : fmt::format("{}:{}", name, port);
}

std::optional<Meeting> Meeting::parse(const std::string& url) {
  static const std::regex form("http://" + kHost + "/room/([^/?#]+).*");
  std::smatch parts;
  if (!std::regex_match(url, parts, form)) return std::nullopt;
  return Meeting{.host = to_host(parts, "80"), .room = parts[4]};
}

}  // namespace native_call

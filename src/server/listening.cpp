#include "server/listening.h"

#include <fmt/core.h>

#include <utility>

#include "base/log.h"
#include "server/links.h"
#include "server/local_addresses.h"

namespace parley::server {

std::expected<net::SocketAddress, std::string> listen_or_move(const Config::Listen& listen,
                                                              std::string_view flag,
                                                              ListenCall call) {
  if (listen.asked_for) return listen_or_fail(listen, flag, std::move(call));
  auto taken = call(listen.address);
  if (taken) return taken;
  const auto moved = call({listen.address.ip, 0});
  if (!moved) return std::unexpected(fmt::format("{}. Choose another by {}.", taken.error(), flag));
  log::warning("server", "{}. Using port {} instead; {} chooses another.", taken.error(),
               moved->port, flag);
  return moved;
}

std::expected<net::SocketAddress, std::string> listen_or_fail(const Config::Listen& listen,
                                                              std::string_view flag,
                                                              ListenCall call) {
  auto taken = call(listen.address);
  if (taken) return taken;
  return std::unexpected(fmt::format("{}. Choose another by {}.", taken.error(), flag));
}

void log_links(const net::SocketAddress& http, const std::optional<net::SocketAddress>& https) {
  const auto local = local_addresses();
  const auto log_each = [](std::string_view where, const std::vector<std::string>& links) {
    for (const std::string& link : links) log::info("server", "{}: {}", where, link);
  };
  const Links plain = links_to("http", http, local);
  log_each("on this computer", plain.here);
  log_each("on your network, without camera and microphone", plain.network);
  if (!https) return;
  const Links secure = links_to("https", *https, local);
  log_each("on this computer, over HTTPS", secure.here);
  log_each("on your network", secure.network);
}

}  // namespace parley::server

#include "load/meeting.h"

#include "probe/resolve.h"
#include "probe/url.h"

namespace parley::load {

std::expected<Meeting, std::string> find_meeting(std::string_view url) {
  constexpr std::string_view kRoom = "/room/";
  const auto place = url.find(kRoom);
  const auto server = probe::parse_web_url(url);  // Without the room.
  if (!server || server->secure || place == url.npos) {
    return std::unexpected(std::string(url) + ": is no http://HOST/room/NAME");
  }
  const std::string_view after = url.substr(place + kRoom.size());
  const std::string_view room = after.substr(0, after.find_first_of("/?#"));
  const auto found = probe::resolve(server->host);
  if (!found) return std::unexpected(server->host + ": " + found.error());
  return Meeting{.signalling = {.address = {.ip = found->front(), .port = server->port},
                                .host = probe::host_and_port(server->host, server->port),
                                .path = server->base + "/ws"},
                 .room = std::string(room)};
}

std::expected<HttpCall::Target, std::string> find_endpoint(std::string_view url) {
  const auto server = probe::parse_web_url(url);
  if (!server || server->secure) {
    return std::unexpected(std::string(url) + ": is no http://HOST/PATH");
  }
  const auto found = probe::resolve(server->host);
  if (!found) return std::unexpected(server->host + ": " + found.error());
  return HttpCall::Target{.address = {.ip = found->front(), .port = server->port},
                          .host = probe::host_and_port(server->host, server->port),
                          .path = std::string(path_of(url))};
}

std::string_view path_of(std::string_view location) {
  const auto scheme = location.find("://");
  if (scheme == location.npos) return location;
  const std::string_view rest = location.substr(scheme + 3);
  const auto path = rest.find('/');
  return path == rest.npos ? "/" : rest.substr(path);
}

}  // namespace parley::load

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

}  // namespace parley::load

#include "load/meeting.h"

#include "probe/resolve.h"
#include "probe/url.h"

namespace parley::load {

std::expected<Meeting, std::string> find_meeting(std::string_view url) {
  constexpr std::string_view kRoom = "/room/";
  const auto parsed = probe::parse_web_url(url);
  const auto place = parsed ? parsed->base.find(kRoom) : std::string::npos;
  if (place == std::string::npos || parsed->secure) {
    return std::unexpected(std::string(url) + ": is no http://HOST/room/NAME");
  }
  const auto found = probe::resolve(parsed->host);
  if (!found) return std::unexpected(parsed->host + ": " + found.error());
  return Meeting{.signalling = {.address = {.ip = found->front(), .port = parsed->port},
                                .host = probe::host_and_port(parsed->host, parsed->port),
                                .path = parsed->base.substr(0, place) + "/ws"},
                 .room = parsed->base.substr(place + kRoom.size())};
}

}  // namespace parley::load

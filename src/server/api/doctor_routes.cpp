#include "server/api/doctor_routes.h"

#include <algorithm>

#include "base/schema.h"
#include "server/address_check.h"
#include "server/calendar.h"
#include "turn/peer_policy.h"

namespace parley::server {
namespace {

using Port = std::optional<std::uint16_t>;

Json to_json(Port port) {
  return port ? Json(static_cast<std::int64_t>(*port)) : Json();
}

Json ports_of(const Reach& reach) {
  Json::Array media;
  for (const std::uint16_t port : reach.media) media.push_back(to_json(Port(port)));
  return Json::Object{{"http", to_json(reach.http)},
                      {"https", to_json(reach.https)},
                      {"stun", to_json(reach.stun)},
                      {"turnTls", to_json(reach.turn_tls)},
                      {"media", std::move(media)}};
}

// Each address is a user of its own at the relay: what one tries out there takes nothing from
// others.
std::vector<meeting::IceServer> login_for(const Call& call, const IceServers& ice_servers) {
  return ice_servers.for_client(
      {.host = call.host(), .https = call.secure(), .who = "doctor " + call.peer().ip.to_string()},
      unix_seconds(), kDoctorLogin);
}

// Who comes from a private address has reached us where others may not.
std::vector<std::string> warnings_for(const Call& call, const Reach& reach) {
  std::vector<std::string> warnings = reach.warnings;
  if (!turn::is_public_unicast(call.peer().ip)) return warnings;
  auto name = without_port(call.host());
  if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
  const auto warning = check_page_name(reach.facts, name);
  if (warning && std::ranges::find(warnings, *warning) == warnings.end()) {
    warnings.push_back(*warning);
  }
  return warnings;
}

Json view_of(const Call& call, const IceServers& ice_servers, const Reach& reach) {
  Json::Array servers;
  for (const meeting::IceServer& server : login_for(call, ice_servers)) {
    servers.push_back(parley::to_json(server));
  }
  Json::Array media;
  for (const net::IpAddress& ip : reach.media_addresses) media.push_back(ip.to_string());
  const auto sentences = warnings_for(call, reach);
  Json::Array warnings(sentences.begin(), sentences.end());
  return Json::Object{
      {"address", call.peer().ip.to_string()},
      {"port", static_cast<std::int64_t>(call.peer().port)},
      {"scheme", call.secure() ? "https" : "http"},
      {"iceServers", std::move(servers)},
      {"ports", ports_of(reach)},
      {"mediaAddresses", std::move(media)},
      {"singlePort", reach.single_port},
      {"publicAddress", reach.public_address ? Json(reach.public_address->to_string()) : Json()},
      {"warnings", std::move(warnings)}};
}

}  // namespace

void add_doctor_routes(Api& api, const IceServers& ice_servers, const Reach& reach) {
  api.route(http::Method::kGet, "/api/doctor", Api::For::kEverybody,
            [&api, &ice_servers, &reach](Call call) {
              if (!api.context().settings.guests && !call.caller) return call.send(unauthorized());
              const Json view = view_of(call, ice_servers, reach);
              call.send(200, view);
            });
}

}  // namespace parley::server

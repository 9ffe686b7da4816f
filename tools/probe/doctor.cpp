#include "probe/doctor.h"

#include <limits>
#include <utility>

#include "base/json.h"
#include "probe/url.h"

namespace parley::probe {
namespace {

// More than any server has.
constexpr std::size_t kMaxServers = 32;
constexpr std::size_t kMaxMediaPorts = 128;
constexpr std::size_t kMaxMediaAddresses = 4;

std::string text_of(const Json& object, std::string_view key) {
  const Json* member = object.find(key);
  const auto* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string() : *text;
}

const Json::Array& array_of(const Json& object, std::string_view key) {
  static const Json::Array kEmpty;
  const Json* member = object.find(key);
  const auto* array = member == nullptr ? nullptr : member->as_array();
  return array == nullptr ? kEmpty : *array;
}

std::optional<std::uint16_t> port_of(const Json* value) {
  const auto* number = value == nullptr ? nullptr : value->as_int();
  if (number == nullptr || *number <= 0 || *number > std::numeric_limits<std::uint16_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(*number);
}

void read_ports(const Json* ports, Doctor& doctor) {
  if (ports == nullptr) return;
  doctor.https = port_of(ports->find("https"));
  doctor.stun = port_of(ports->find("stun"));
  doctor.turn_tls = port_of(ports->find("turnTls"));
  for (const Json& each : array_of(*ports, "media")) {
    if (doctor.media.size() == kMaxMediaPorts) break;
    if (const auto port = port_of(&each)) doctor.media.push_back(*port);
  }
}

void read_server(const Json& entry, Doctor& doctor) {
  for (const Json& each : array_of(entry, "urls")) {
    const auto* url = each.as_string();
    auto server = url == nullptr ? std::nullopt : parse_ice_url(*url);
    if (!server || doctor.servers.size() == kMaxServers) continue;
    if (server->relays) {
      server->username = text_of(entry, "username");
      server->credential = text_of(entry, "credential");
    }
    doctor.servers.push_back(*std::move(server));
  }
}

}  // namespace

std::expected<Doctor, std::string> parse_doctor(std::string_view body) {
  const auto json = Json::parse(body);
  if (!json || json->as_object() == nullptr) {
    return std::unexpected("the answer of /api/doctor is no JSON object");
  }
  const Json* servers = json->find("iceServers");
  if (servers == nullptr || servers->as_array() == nullptr) {
    return std::unexpected("the answer of /api/doctor has no iceServers");
  }
  Doctor doctor;
  for (const Json& entry : *servers->as_array()) read_server(entry, doctor);
  read_ports(json->find("ports"), doctor);
  for (const Json& each : array_of(*json, "mediaAddresses")) {
    const auto* text = each.as_string();
    const auto ip = text == nullptr ? std::nullopt : net::IpAddress::parse(*text);
    if (ip && doctor.media_addresses.size() < kMaxMediaAddresses) {
      doctor.media_addresses.push_back(*ip);
    }
  }
  const Json* single_port = json->find("singlePort");
  doctor.single_port =
      single_port != nullptr && single_port->as_bool() != nullptr && *single_port->as_bool();
  doctor.public_address = text_of(*json, "publicAddress");
  for (const Json& each : array_of(*json, "warnings")) {
    if (const auto* warning = each.as_string()) doctor.warnings.push_back(*warning);
  }
  return doctor;
}

}  // namespace parley::probe

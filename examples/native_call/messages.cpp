#include "messages.h"

namespace native_call {

using namespace parley;

std::string_view Description::session() const {
  const std::string_view text = sdp;
  const auto user = text.find("\no=");
  const auto id = text.find(' ', user);
  return user == text.npos || id == text.npos
             ? ""
             : text.substr(id + 1, text.find(' ', id + 1) - id - 1);
}

std::string text_of(const Json& object, std::string_view key) {
  const Json* member = object.find(key);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? *text : std::string();
}

Json::Array list_of(const Json& object, std::string_view key) {
  const Json* member = object.find(key);
  const Json::Array* list = member != nullptr ? member->as_array() : nullptr;
  return list != nullptr ? *list : Json::Array();
}

bool is_true(const Json& object, std::string_view key) {
  const Json* member = object.find(key);
  return member != nullptr && member->as_bool() != nullptr && *member->as_bool();
}

Description description_of(const Json& fields) {
  Description description{.type = text_of(fields, "type"), .sdp = text_of(fields, "sdp")};
  const Json* sources = fields.find("sources");
  if (sources == nullptr || sources->as_object() == nullptr) return description;
  for (const auto& [mid, source] : *sources->as_object()) {
    if (source.as_string() != nullptr) description.sources[mid] = *source.as_string();
  }
  return description;
}

std::optional<Candidate> candidate_of(const Json& fields) {
  const Json* candidate = fields.find("candidate");
  if (candidate == nullptr || candidate->is_null()) return std::nullopt;
  return Candidate{.candidate = text_of(*candidate, "candidate"),
                   .mid = text_of(*candidate, "sdpMid")};
}

std::vector<peer::IceServer> ice_servers_of(const Json& welcome) {
  std::vector<peer::IceServer> servers;
  for (const Json& each : list_of(welcome, "iceServers")) {
    peer::IceServer server{.username = text_of(each, "username"),
                           .credential = text_of(each, "credential")};
    for (const Json& url : list_of(each, "urls")) {
      if (url.as_string() != nullptr) server.urls.push_back(*url.as_string());
    }
    servers.push_back(std::move(server));
  }
  return servers;
}

}  // namespace native_call

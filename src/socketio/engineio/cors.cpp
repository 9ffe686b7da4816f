#include "socketio/engineio/cors.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace parley::engineio {
namespace {

bool listed(const Cors& cors, std::string_view origin) {
  return std::ranges::find(cors.origins, origin) != cors.origins.end();
}

}  // namespace

std::string allowed_origin(const Cors& cors, std::string_view origin) {
  const bool any = listed(cors, "*");
  if (any && !cors.credentials) return "*";  // A browser takes no "*" together with credentials.
  return !origin.empty() && (any || listed(cors, origin)) ? std::string(origin) : std::string();
}

void add_cors_headers(const Cors& cors, std::string_view allowed,
                      std::vector<http::Header>& headers) {
  if (cors.origins.empty()) return;
  if (allowed != "*") headers.push_back({"Vary", "Origin"});  // A cache must not mix up askers.
  if (allowed.empty()) return;
  headers.push_back({"Access-Control-Allow-Origin", std::string(allowed)});
  if (cors.credentials) headers.push_back({"Access-Control-Allow-Credentials", "true"});
}

http::Response preflight(const Cors& cors, const http::Request& request) {
  http::Response response{.status = 204};
  const std::string allowed = allowed_origin(cors, request.header("Origin").value_or(""));
  add_cors_headers(cors, allowed, response.headers);
  if (allowed.empty()) return response;
  response.headers.push_back({"Access-Control-Allow-Methods", "GET,POST,OPTIONS"});
  if (const auto wanted = request.header("Access-Control-Request-Headers")) {
    response.headers.push_back({"Access-Control-Allow-Headers", std::string(*wanted)});
  }
  const auto max_age = std::chrono::duration_cast<std::chrono::seconds>(cors.max_age);
  response.headers.push_back({"Access-Control-Max-Age", fmt::to_string(max_age.count())});
  return response;
}

}  // namespace parley::engineio

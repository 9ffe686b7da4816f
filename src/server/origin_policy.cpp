#include "server/origin_policy.h"

#include <algorithm>

namespace parley::server {

bool OriginPolicy::allows(const http::Request& request) const {
  if (request.is_same_origin()) return true;
  const auto origin = request.header("origin");
  if (!origin) return true;
  return lists("*") || lists(*origin);
}

bool OriginPolicy::allows_change(const http::Request& request) const {
  if (!request.header("cookie")) return allows(request);
  const auto origin = request.header("origin");
  return origin && (request.is_same_origin() || lists(*origin));
}

bool OriginPolicy::lists(std::string_view origin) const {
  return std::ranges::find(allowed_, origin) != allowed_.end();
}

http::Response OriginPolicy::refusal() {
  return http::Response::problem(403, "This page may not connect",
                                 "Its origin is not among http.allowed_origins.", "origin");
}

}  // namespace parley::server

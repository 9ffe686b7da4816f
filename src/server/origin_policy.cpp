#include "server/origin_policy.h"

#include <algorithm>

namespace parley::server {

bool OriginPolicy::allows(const http::Request& request) const {
  if (request.is_same_origin()) return true;
  const auto origin = request.header("origin");
  if (!origin) return true;
  return std::ranges::any_of(
      allowed_, [&](const std::string& allowed) { return allowed == "*" || allowed == *origin; });
}

http::Response OriginPolicy::refusal() {
  return http::Response::problem(403, "This page may not connect",
                                 "Its origin is not among http.allowed_origins.", "origin");
}

}  // namespace parley::server

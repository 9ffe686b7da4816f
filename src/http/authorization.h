#pragma once

#include <string_view>

#include "http/message.h"
#include "http/text.h"

namespace parley::http {

// The token of an Authorization by Bearer (RFC 6750, 2.1), within the request; empty where there is
// none.
inline std::string_view bearer_token(const Request& request) {
  const auto [scheme, token] = split(request.header("Authorization").value_or(""), ' ');
  return equals_ignoring_case(scheme, "Bearer") ? token : std::string_view();
}

}  // namespace parley::http

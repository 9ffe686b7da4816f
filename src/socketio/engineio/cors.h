#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "socketio/engineio/config.h"

namespace parley::engineio {

// What Access-Control-Allow-Origin says to a page of `origin`; empty when it may not read us.
std::string allowed_origin(const Cors& cors, std::string_view origin);

// The headers of a response to a page for which allowed_origin() was `allowed`.
void add_cors_headers(const Cors& cors, std::string_view allowed,
                      std::vector<http::Header>& headers);

// The answer to a preflight request (OPTIONS).
http::Response preflight(const Cors& cors, const http::Request& request);

}  // namespace parley::engineio

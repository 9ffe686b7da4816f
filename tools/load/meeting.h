#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "http/websocket/client.h"
#include "load/http_call.h"

namespace parley::load {

// The room of a server, and where its signalling is.
struct Meeting {
  http::websocket::Client::Target signalling = {};
  std::string room = {};
};

// Of a page's address: http://HOST[:PORT]/room/NAME. Looks the host up. The error is a sentence.
std::expected<Meeting, std::string> find_meeting(std::string_view url);

// Of an address to publish to or to play: http://HOST[:PORT]/whip/NAME, but any path will do. The
// same, and it keeps its query.
std::expected<HttpCall::Target, std::string> find_endpoint(std::string_view url);

// Where a Location is, which may be a whole URL or a path.
std::string_view path_of(std::string_view location);

}  // namespace parley::load

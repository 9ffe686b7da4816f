#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "http/websocket/client.h"

namespace parley::load {

// The room of a server, and where its signalling is.
struct Meeting {
  http::websocket::Client::Target signalling = {};
  std::string room = {};
};

// Of a page's address: http://HOST[:PORT]/room/NAME. Looks the host up. The error is a sentence.
std::expected<Meeting, std::string> find_meeting(std::string_view url);

}  // namespace parley::load

#pragma once

#include <string_view>

namespace parley::server {

// The HTTP status of a refusal by the meeting, by its code (docs/protocol.md).
int status_of(std::string_view code);

}  // namespace parley::server

#pragma once

#include <string_view>

#include "base/json.h"

namespace parley::server {

// The fields of what the meeting says (docs/protocol.md). One that is missing, or of another type,
// is empty or false.
std::string_view text_of(const Json& fields, std::string_view key);
bool is_true(const Json& fields, std::string_view key);
const Json::Array& list_of(const Json& fields, std::string_view key);

}  // namespace parley::server

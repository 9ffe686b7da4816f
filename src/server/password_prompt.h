#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace parley::server {

// Asks for a new password twice, without showing it; where standard input is no terminal, it is the
// first line there. The error is a sentence.
std::expected<std::string, std::string> ask_for_password(std::string_view what);

}  // namespace parley::server

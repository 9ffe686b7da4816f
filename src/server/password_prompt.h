#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace parley::server {

// Where a command gets a password from: what to call it, and it or why there is none.
using PasswordSource = std::function<std::expected<std::string, std::string>(std::string_view)>;

// Asks for a new password twice, without showing it; where standard input is no terminal, it is the
// first line there. The error is a sentence.
std::expected<std::string, std::string> ask_for_password(std::string_view what);

}  // namespace parley::server

#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "account/password.h"
#include "server/command_line.h"

namespace parley::server {

// Where the command gets a password from: what to call it, and it or why there is none.
using PasswordSource = std::function<std::expected<std::string, std::string>(std::string_view)>;

// Carries it out on the database, also while a server uses that: it notices within a second. Gives
// what to print; the error is a sentence.
std::expected<std::string, std::string> run_user_command(const UserCommand& command,
                                                         const account::PasswordHasher& hasher,
                                                         const PasswordSource& password);

}  // namespace parley::server

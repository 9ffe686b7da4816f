#pragma once

#include <expected>
#include <string>

#include "account/password.h"
#include "server/command_line.h"
#include "server/password_prompt.h"

namespace parley::server {

// Carries it out on the database, also while a server uses that: it notices within a second. Gives
// what to print; the error is a sentence.
std::expected<std::string, std::string> run_user_command(const UserCommand& command,
                                                         const account::PasswordHasher& hasher,
                                                         const PasswordSource& password);

}  // namespace parley::server

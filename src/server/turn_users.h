#pragma once

#include <expected>
#include <string>

#include "server/command_line.h"
#include "server/config.h"
#include "server/password_prompt.h"

namespace parley::server {

// Makes `config.turn.users` of the texts that were read, "NAME:PASSWORD" or "NAME:" and keys, and
// lets go of the texts. The realm must be known: keys are made with it.
void keep_turn_keys(Config& config);

// The line for turn.users that stands for that password; the error is a sentence.
std::expected<std::string, std::string> run_turn_key_command(const TurnKeyCommand& command,
                                                             const PasswordSource& password);

}  // namespace parley::server

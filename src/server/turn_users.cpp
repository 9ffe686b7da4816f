#include "server/turn_users.h"

#include <fmt/core.h>

#include <utility>

namespace parley::server {
namespace {

// The setting has seen to it that there is a colon.
turn::User user_of(std::string_view realm, std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const std::string_view secret = text.substr(colon + 1);
  if (const auto keys = turn::parse_keys(secret)) return {.username = name, .keys = *keys};
  return turn::make_user(realm, {.username = name, .password = std::string(secret)});
}

}  // namespace

void keep_turn_keys(Config& config) {
  config.turn.users.clear();
  for (const std::string& text : std::exchange(config.turn.user_texts, {})) {
    config.turn.users.push_back(user_of(config.turn.realm, text));
  }
}

std::expected<std::string, std::string> run_turn_key_command(const TurnKeyCommand& command,
                                                             const PasswordSource& password) {
  if (command.name.empty() || command.name.contains(':')) {
    return std::unexpected("The name of a TURN user holds at least one character, and no colon.");
  }
  const auto given = password("Password");
  if (!given) return given;
  if (given->empty()) return std::unexpected("The password is empty.");
  const auto keys =
      turn::make_keys(command.config.turn.realm, {.username = command.name, .password = *given});
  return fmt::format("{}:{}\n", command.name, to_string(keys));
}

}  // namespace parley::server

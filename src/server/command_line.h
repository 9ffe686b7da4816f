#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "probe/options.h"
#include "server/config.h"

namespace parley::server {

// Print `text` and leave: help and version with status 0, a mistake with status 1.
struct Leave {
  int status = 0;
  std::string text = {};

  friend bool operator==(const Leave&, const Leave&) = default;
};

struct Serve {
  Config config = {};
};

// Copies the database of `config.data` into a new file.
struct Backup {
  Config config = {};
  std::string file = {};
};

// What to do with the accounts of `config.data`, while a server has them in use or not.
struct UserCommand {
  enum class What : std::uint8_t { kAdd, kPassword, kDelete, kList };

  Config config = {};
  What what = What::kList;
  std::string name = {};          // Of the account; empty for kList.
  std::string display_name = {};  // Of a new one; empty for its name.
};

// What a TURN server keeps in place of a user's password: for `turn.users` of the configuration.
struct TurnKeyCommand {
  Config config = {};  // Has the realm.
  std::string name = {};
};

// Whether calls through that server connect from here.
struct Probe {
  probe::Options options = {};
};

using Command = std::variant<Leave, Serve, Backup, UserCommand, TurnKeyCommand, Probe>;

// What the program is asked to do: flags before the file before the defaults.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace parley::server

#include "server/password_prompt.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace parley::server {
namespace {

// Shows nothing of what is typed, for as long as it lives.
class Hidden {
 public:
  Hidden() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Hidden() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputc('\n', stderr);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  termios before_ = {};
};

std::string ask(std::string_view question) {
  fmt::print(stderr, "{}: ", question);
  const Hidden hidden;
  std::string line;
  std::getline(std::cin, line);
  return line;
}

}  // namespace

std::expected<std::string, std::string> ask_for_password(std::string_view what) {
  if (::isatty(STDIN_FILENO) == 0) {
    std::string line;
    if (!std::getline(std::cin, line)) return std::unexpected("Standard input has no password.");
    return line;
  }
  std::string password = ask(what);
  if (ask("Once more") != password) return std::unexpected("These were two different passwords.");
  return password;
}

}  // namespace parley::server

#include "server/whip/status.h"

#include <array>
#include <utility>

namespace parley::server {

int status_of(std::string_view code) {
  static constexpr std::array<std::pair<std::string_view, int>, 12> kStatus = {{
      {"invalid", 400},
      {"bad-token", 401},
      {"account-required", 401},
      {"forbidden", 403},
      {"locked", 403},
      {"members-only", 403},
      {"removed", 403},
      {"refused", 403},
      {"too-many-requests", 429},
      {"room-full", 503},
      {"server-full", 503},
      {"closing", 503},
  }};
  for (const auto& [name, status] : kStatus) {
    if (name == code) return status;
  }
  return 503;  // "unavailable", and what an encoder cannot have caused.
}

}  // namespace parley::server

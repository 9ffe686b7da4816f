#include "http/cookie.h"

#include <fmt/core.h>

#include "http/text.h"

namespace parley::http {

std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) {
  std::optional<std::string_view> found;
  while (!field.empty()) {
    const auto [pair, rest] = split(field, ';');
    const auto [key, value] = split(pair, '=');
    field = rest;
    if (key != name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  if (found && found->empty()) return std::nullopt;
  return found;
}

std::string SetCookie::to_string() const {
  return fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite={}{}", name, value, path,
                     max_age.count(), same_site == SameSite::kStrict ? "Strict" : "Lax",
                     secure ? "; Secure" : "");
}

}  // namespace parley::http

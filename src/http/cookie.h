#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

// The value of that cookie in a Cookie field (RFC 6265, 4.2.1). Nothing where it is missing or
// empty, and nothing where it is there twice: the second was set by somebody else, from a page of a
// neighbouring host or over plain HTTP, and nobody knows which is ours.
std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name);

// A Set-Cookie field (RFC 6265, 4.1). Scripts never see the cookie (HttpOnly), and no other host
// gets it (no Domain).
struct SetCookie {
  enum class SameSite : std::uint8_t { kLax, kStrict };

  std::string_view name = {};
  std::string_view value = {};  // Of characters that need no quotes.
  std::string_view path = "/";
  std::chrono::seconds max_age{};  // Zero takes the cookie away.
  SameSite same_site = SameSite::kLax;
  bool secure = false;  // Only over HTTPS.

  std::string to_string() const;
};

}  // namespace parley::http

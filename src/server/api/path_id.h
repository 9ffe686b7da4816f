#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace parley::server {

// The id in a path; zero, which is nobody's, where it is none.
inline std::uint64_t path_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), id);
  constexpr std::uint64_t kMost = 1ull << 53;  // Of the integers that JSON's readers agree about.
  return error == std::errc() && end == text.end() && id < kMost ? id : 0;
}

}  // namespace parley::server

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::account {

inline constexpr std::int64_t kMinNameLength = 3;
inline constexpr std::int64_t kMaxNameLength = 32;

// Why this can be no account's name, as the end of a sentence. Small letters, digits and . _ - : it
// is typed, read aloud and put in paths, and no two names look alike.
std::optional<std::string> problem_with_name(std::string_view name);

}  // namespace parley::account

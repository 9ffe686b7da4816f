#include "account/names.h"

#include <algorithm>

namespace parley::account {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<std::string> problem_with_name(std::string_view name) {
  const auto length = static_cast<std::int64_t>(name.size());
  if (length < kMinNameLength) return "must be at least 3 characters long";
  if (length > kMaxNameLength) return "must be at most 32 characters long";
  const bool allowed = std::ranges::all_of(
      name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
  if (!allowed) return "may hold only a-z 0-9 . _ -";
  if (!is_letter_or_digit(name.front())) return "must begin with a letter or digit";
  return std::nullopt;
}

}  // namespace parley::account

#pragma once

#include <algorithm>
#include <string_view>
#include <utility>

// The small grammar that header fields share (RFC 9110, 5.6).
namespace parley::http {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, {}, to_lower, to_lower);
}

// Without the spaces and tabs around it.
constexpr std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// What stands before the first `separator`, and what follows it; both trimmed.
constexpr std::pair<std::string_view, std::string_view> split(std::string_view text,
                                                              char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {trim(text), {}};
  return {trim(text.substr(0, at)), trim(text.substr(at + 1))};
}

// Calls `visit` with every element of a comma-separated list, trimmed; empty ones are skipped.
constexpr void for_each_element(std::string_view list, auto&& visit) {
  while (!list.empty()) {
    const auto [element, rest] = split(list, ',');
    if (!element.empty()) visit(element);
    list = rest;
  }
}

constexpr bool list_contains(std::string_view list, std::string_view token) {
  bool found = false;
  for_each_element(list, [&](std::string_view element) {
    found = found || equals_ignoring_case(element, token);
  });
  return found;
}

}  // namespace parley::http

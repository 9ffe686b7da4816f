#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// One line on standard error an event: time, level, component, sentence. Thread-safe.
//
//   log::info("http", "listening on {}", address);
namespace parley::log {

enum class Level : std::uint8_t { kTrace, kDebug, kInfo, kWarning, kError, kOff };

// "trace", "debug", "info", "warning", "error", "off".
std::optional<Level> parse_level(std::string_view name);

void set_level(Level level);  // kInfo until it is set.
bool enabled(Level level);
void write(Level level, std::string_view component, std::string_view message);

template <class... Args>
void write_formatted(Level level, std::string_view component, fmt::format_string<Args...> format,
                     Args&&... args) {
  if (enabled(level)) write(level, component, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void debug(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  write_formatted(Level::kDebug, component, format, std::forward<Args>(args)...);
}
template <class... Args>
void info(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  write_formatted(Level::kInfo, component, format, std::forward<Args>(args)...);
}
template <class... Args>
void warning(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  write_formatted(Level::kWarning, component, format, std::forward<Args>(args)...);
}
template <class... Args>
void error(std::string_view component, fmt::format_string<Args...> format, Args&&... args) {
  write_formatted(Level::kError, component, format, std::forward<Args>(args)...);
}

}  // namespace parley::log

#include "server/config_file.h"

#include <fmt/core.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "server/settings.h"

namespace parley::server {
namespace {

using Problem = std::optional<std::string>;

std::string at_line(std::string_view file, const toml::source_region& where) {
  return fmt::format("{}, line {}: ", file, where.begin.line);
}

bool is_section(std::string_view path) {
  return std::ranges::any_of(all_settings(), [&](const Setting& setting) {
    return setting.key.starts_with(path) && setting.key.substr(path.size()).starts_with('.');
  });
}

// An array that holds something other than texts, and kinds that no setting has, are nothing.
std::optional<SettingValue> value_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto on = node.value_exact<bool>()) return *on;
  const toml::array* const array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto text = element.value_exact<std::string>();
    if (!text) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

Problem apply_node(std::string_view key, const toml::node& node, Config& config) {
  const Setting* const setting = find_setting(key);
  if (setting == nullptr) {
    const auto similar = similar_key(key);
    return fmt::format("{} is not a known key{}", key,
                       similar ? fmt::format("; did you mean {}?", *similar) : ".");
  }
  const auto value = value_of(node);
  if (!value) return fmt::format("{} has a value of a kind that it cannot take.", key);
  const auto problem = apply(*setting, *value, config);
  return problem ? Problem(fmt::format("{} {}.", key, *problem)) : std::nullopt;
}

Problem apply_table(std::string_view prefix, const toml::table& table, std::string_view file,
                    Config& config) {
  for (const auto& [name, node] : table) {
    const std::string path = fmt::format("{}{}{}", prefix, prefix.empty() ? "" : ".", name.str());
    Problem problem;
    if (node.is_table() && is_section(path)) {
      problem = apply_table(path, *node.as_table(), file, config);
      if (problem) return problem;
    } else if ((problem = apply_node(path, node, config))) {
      return at_line(file, name.source()) + *problem;
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<void, std::string> apply_text(std::string_view text, std::string_view file,
                                            Config& config) {
  try {
    const toml::table table = toml::parse(text, file);
    if (auto problem = apply_table("", table, file, config)) {
      return std::unexpected(*std::move(problem));
    }
    return {};
  } catch (const toml::parse_error& error) {
    return std::unexpected(at_line(file, error.source()) + std::string(error.description()) + ".");
  }
}

std::expected<void, std::string> apply_file(const std::string& file, Config& config) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) {
    return std::unexpected(fmt::format("{} cannot be read: {}.", file, std::strerror(errno)));
  }
  return apply_text(text, file, config);
}

}  // namespace parley::server

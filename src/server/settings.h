#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/config.h"

namespace parley::server {

// A value as it stands in the file. On the command line all are strings.
using SettingValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

// What is wrong with a value, as the end of a sentence: "must be ...".
using SettingProblem = std::optional<std::string>;

// One thing that can be set, in the file by `key` and on the command line by `flag`.
struct Setting {
  std::string_view key;          // "http.listen"
  std::string_view flag;         // "--listen"; empty where only the file has it.
  std::string_view placeholder;  // "ADDR:PORT"; empty for a flag that takes no value.
  std::string_view meaning;
  SettingProblem (*set)(Config& config, const SettingValue& value);
  bool repeats = false;  // The flag may be given several times, the key holds an array.
};

std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view key);

// The known key that comes nearest to a mistyped one.
std::optional<std::string_view> similar_key(std::string_view key);

SettingProblem apply(const Setting& setting, const SettingValue& value, Config& config);

}  // namespace parley::server

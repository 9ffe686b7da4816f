#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/config.h"

namespace parley::server {

// Applies a TOML file to `config`. The error is one sentence that names file, line and key.
std::expected<void, std::string> apply_file(const std::string& file, Config& config);

// The same for text that was read already; `file` is for the sentence only.
std::expected<void, std::string> apply_text(std::string_view text, std::string_view file,
                                            Config& config);

}  // namespace parley::server

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace parley {

// "00ff": two lower-case digits a byte.
std::string to_hex(Bytes bytes);

// Either case; nothing else may stand in the text.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

}  // namespace parley

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace parley {

// Base64 with the standard alphabet and padding (RFC 4648, section 4).
void append_base64(std::string& text, Bytes bytes);
std::string to_base64(Bytes bytes);

// Accepts text with its padding or without it. Nothing for any other character (no white space
// either), and for a length or trailing bits that no encoder writes.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

// The alphabet that is safe in URLs and file names, without padding (RFC 4648, section 5).
std::string to_base64url(Bytes bytes);
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

}  // namespace parley

#pragma once

#include <string>
#include <string_view>

namespace parley::mcu {

// What is no UTF-8 becomes U+FFFD; nothing that cannot be seen is in it.
std::u32string decode_utf8(std::string_view text);

// The first letters of the first and of the last word, in UTF-8.
std::string initials(std::string_view name);

}  // namespace parley::mcu

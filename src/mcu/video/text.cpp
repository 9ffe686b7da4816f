#include "mcu/video/text.h"

#include <cstdint>

namespace parley::mcu {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
}

// The bytes that a character takes by its first one; 0: none begins so.
std::size_t length_of(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

// Takes one character off the front.
char32_t take(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t length = length_of(first);
  char32_t value = length <= 1 ? first : first & (0xFFu >> (length + 1));
  std::size_t read = 1;
  while (read < length && read < text.size() && is_continuation(text[read])) {
    value = value << 6 | (static_cast<std::uint8_t>(text[read++]) & 0x3Fu);
  }
  text.remove_prefix(read);
  const bool is_too_long = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (read != length || is_too_long || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) {
    return kReplacement;
  }
  return value;
}

bool is_seen(char32_t c) {
  return c >= 0x20 && (c < 0x7F || c >= 0xA0) && !(c >= 0x200B && c <= 0x200F) &&
         !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069) &&
         !(c >= 0xFE00 && c <= 0xFE0F) && c != 0xFEFF;
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string decoded;
  while (!text.empty()) {
    const char32_t c = take(text);
    if (is_seen(c)) decoded.push_back(c);
  }
  return decoded;
}

std::string initials(std::string_view name) {
  const auto first_letter = [](std::string_view word) {
    std::string_view rest = word;
    if (!rest.empty()) take(rest);
    std::string letter(word.substr(0, word.size() - rest.size()));
    if (letter.size() == 1 && letter[0] >= 'a' && letter[0] <= 'z') {
      letter[0] = static_cast<char>(letter[0] - 'a' + 'A');
    }
    return letter;
  };
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  const std::size_t space = name.rfind(' ');
  std::string letters = first_letter(name);
  if (space != std::string_view::npos) letters += first_letter(name.substr(space + 1));
  return letters;
}

}  // namespace parley::mcu

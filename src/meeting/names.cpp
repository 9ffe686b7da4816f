#include "meeting/names.h"

#include <algorithm>
#include <cstdint>

namespace parley::meeting {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Rune {
  char32_t code = 0;
  std::size_t length = 1;  // In bytes.
};

// The character that starts at the front of `text`, which is not empty. Bytes that are no UTF-8
// come out as one of code 0, a control character.
Rune front(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {.code = first};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  char32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 0b10) return {};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  return {.code = code, .length = length};
}

bool is_space(char32_t c) {
  return c == 0x20 || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
         c == 0xFEFF;
}

// Unicode: C0, DEL and C1; line and paragraph separators; bidirectional embeddings, overrides and
// isolates (UAX #9, 2.1 to 2.5), which reach beyond the name into the text around it.
bool breaks_the_text(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Unicode, CaseFolding.txt: Latin-1, Latin Extended-A, Greek and Cyrillic.
char32_t fold(char32_t c) {
  const auto within = [&](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within(U'A', U'Z')) return c + 0x20;
  if (within(0xC0, 0xDE) && c != 0xD7) return c + 0x20;
  const bool even_is_capital = within(0x100, 0x137) || within(0x14A, 0x177);
  if (even_is_capital && c != 0x130 && c != 0x131) return c | 1;
  if (within(0x139, 0x148) || within(0x179, 0x17E)) return c + (c & 1);
  if (c == 0x178) return 0xFF;
  if (within(0x391, 0x3AB) && c != 0x3A2) return c + 0x20;
  if (c == 0x3C2) return 0x3C3;  // Final sigma.
  if (within(0x410, 0x42F)) return c + 0x20;
  if (within(0x400, 0x40F)) return c + 0x50;
  return c;
}

// A character of two bytes at most.
void append(std::string& text, char32_t c) {
  if (c < 0x80) return text.push_back(static_cast<char>(c));
  text.push_back(static_cast<char>(0xC0 | c >> 6));
  text.push_back(static_cast<char>(0x80 | (c & 0x3F)));
}

// Without the leading and trailing white space.
std::string_view trim(std::string_view text) {
  std::size_t begin = text.size();
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = front(text.substr(at));
    if (!is_space(rune.code)) {
      begin = std::min(begin, at);
      end = at + rune.length;
    }
    at += rune.length;
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

}  // namespace

std::expected<std::string, std::string> normal_room(std::string_view text) {
  if (text.empty() || !is_letter_or_digit(text.front())) {
    return std::unexpected("must begin with a letter or digit");
  }
  const auto allowed = [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
  };
  if (!std::ranges::all_of(text, allowed)) {
    return std::unexpected("may hold only A-Z a-z 0-9 . _ -");
  }
  std::string room(text);
  std::ranges::transform(room, room.begin(), lower);
  return room;
}

std::expected<std::string, std::string> normal_name(std::string_view text) {
  const std::string_view name = trim(text);
  if (name.empty()) return std::unexpected("must not be only white space");
  for (std::size_t at = 0; at < name.size();) {
    const Rune rune = front(name.substr(at));
    if (breaks_the_text(rune.code)) return std::unexpected("must not hold control characters");
    at += rune.length;
  }
  return std::string(name);
}

std::optional<std::string> problem_of_text(std::string_view text) {
  if (trim(text).empty()) return "must not be only white space";
  const auto refused = [](char c) {
    const auto code = static_cast<std::uint8_t>(c);
    return (code < 0x20 && c != '\n' && c != '\r' && c != '\t') || code == 0x7F;
  };
  if (std::ranges::any_of(text, refused)) return "must not hold control characters";
  return std::nullopt;
}

std::string folded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = front(text.substr(at));
    const char32_t c = fold(rune.code);
    if (c == rune.code) {
      result += text.substr(at, rune.length);
    } else {
      append(result, c);
    }
    at += rune.length;
  }
  return result;
}

std::string_view front_of(std::string_view text, std::size_t max_bytes) {
  std::size_t end = 0;
  while (end < text.size()) {
    const Rune rune = front(text.substr(end));
    if (rune.code == 0 || end + rune.length > max_bytes) break;
    end += rune.length;
  }
  return text.substr(0, end);
}

}  // namespace parley::meeting

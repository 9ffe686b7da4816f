#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace parley {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr auto kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

// Writes the first `count` of the four characters that stand for 24 bits.
void append_group(std::string& text, std::uint32_t bits, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) text.push_back(kAlphabet[bits >> (18 - 6 * i) & 63]);
}

std::string_view without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return text;
  if (text.ends_with("==")) return text.substr(0, text.size() - 2);
  if (text.ends_with('=')) return text.substr(0, text.size() - 1);
  return text;
}

}  // namespace

void append_base64(std::string& text, Bytes bytes) {
  text.reserve(text.size() + (bytes.size() + 2) / 3 * 4);
  for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
    append_group(text, std::uint32_t{bytes[0]} << 16 | std::uint32_t{bytes[1]} << 8 | bytes[2], 4);
  }
  if (bytes.size() == 1) {
    append_group(text, std::uint32_t{bytes[0]} << 16, 2);
    text += "==";
  } else if (bytes.size() == 2) {
    append_group(text, std::uint32_t{bytes[0]} << 16 | std::uint32_t{bytes[1]} << 8, 3);
    text += '=';
  }
}

std::string to_base64(Bytes bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  text = without_padding(text);
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned waiting = 0;  // How many of the low bits are not yet in `bytes`: 0, 2, 4 or 6.
  for (const char c : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) return std::nullopt;
    bits = (bits << 6 | digit) & 0xfff;
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> waiting));
  }
  if ((bits & ((1u << waiting) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string to_base64url(Bytes bytes) {
  std::string text = to_base64(bytes);
  text.resize(without_padding(text).size());
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  return from_base64(standard);
}

}  // namespace parley

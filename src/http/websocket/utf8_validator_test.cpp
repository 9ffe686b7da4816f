#include "http/websocket/utf8_validator.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::http::websocket {
namespace {

// The UTF-8 of a code point, by the plain rule of RFC 3629, 3, surrogates and all.
std::string encode(std::uint32_t c) {
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

bool valid(std::string_view text) {
  return is_utf8(as_bytes(text));
}

TEST(Utf8Validator, TakesEveryCodePointButSurrogates) {
  for (std::uint32_t c = 0; c < 0x120000; ++c) {
    const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(valid(encode(c)), !is_surrogate && c <= 0x10FFFF) << c;
  }
}

TEST(Utf8Validator, RefusesOverlongForms) {
  for (const std::string_view text : {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF",
                                      "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_FALSE(valid(text));
  }
}

TEST(Utf8Validator, RefusesStrayAndMissingContinuations) {
  for (const std::string_view text : {"\x80", "\xBF", "a\x80", "\xC3\xA4\x80", "\xC3", "\xE1\xBD",
                                      "\xF0\x9F\x98", "\xC3(", "\xE1\xBD(", "\xFE", "\xFF"}) {
    EXPECT_FALSE(valid(text));
  }
}

TEST(Utf8Validator, KnowsWhereATextMayEndHoweverItIsCut) {
  const std::string text =
      "12345678\xC3\xA4"
      "1234567\xE1\xBD\xB9\xF0\x9F\x98\x80";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(as_bytes(text).first(cut)));
    const bool inside = cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80;
    EXPECT_EQ(validator.is_complete(), !inside) << cut;
    EXPECT_TRUE(validator.feed(as_bytes(text).subspan(cut)));
    EXPECT_TRUE(validator.is_complete());
  }
}

// After these, no byte could make the text valid: it says so at the last of them.
TEST(Utf8Validator, FailsAtTheFirstImpossibleByte) {
  for (const std::string_view text :
       {"\xF4\x90", "\xED\xA0", "\xE0\x9F", "\xF0\x8F", "\xF5", "\xC0", "12345678\xC3\x28"}) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(as_bytes(text).first(text.size() - 1)));
    EXPECT_FALSE(validator.feed(as_bytes(text).last(1)));
  }
}

TEST(Utf8Validator, LooksIntoEveryByteOfALongRun) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\xFF';
    EXPECT_FALSE(valid(text)) << at;
  }
}

}  // namespace
}  // namespace parley::http::websocket

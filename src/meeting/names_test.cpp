#include "meeting/names.h"

#include <gtest/gtest.h>

namespace parley::meeting {
namespace {

TEST(RoomName, IsFoldedToLowerCase) {
  EXPECT_EQ(normal_room("Daily-Stand_up.2"), "daily-stand_up.2");
  EXPECT_EQ(normal_room("AZaz09"), "azaz09");
}

TEST(RoomName, BeginsWithALetterOrDigit) {
  for (const char* name : {"", ".", ".hidden", "-x", "_x"}) {
    EXPECT_EQ(normal_room(name).error(), "must begin with a letter or digit") << name;
  }
}

TEST(RoomName, HoldsOnlyWhatALinkMayHold) {
  for (const char* name :
       {"a b", "a/b", "a?b", "a%20", "caf\u00e9", "a\n", "a@", "a[", "a`", "a{"}) {
    EXPECT_EQ(normal_room(name).error(), "may hold only A-Z a-z 0-9 . _ -") << name;
  }
}

TEST(PersonName, LosesTheWhiteSpaceAroundIt) {
  EXPECT_EQ(normal_name("  Ada Lovelace\t\n"), "Ada Lovelace");
  EXPECT_EQ(normal_name("\u3000\u00a0\u5c71\u7530 \u592a\u90ce\ufeff"),
            "\u5c71\u7530 \u592a\u90ce");
}

TEST(PersonName, MayBeInAnyScript) {
  for (const char* name : {"Bj\u00f6rn", "\u0645\u0631\u064a\u0645", "\U0001F469\u200D\U0001F4BB",
                           "O'Neil <b>", "\U00010348"}) {
    EXPECT_EQ(normal_name(name), name);
  }
}

TEST(PersonName, IsNotOnlyWhiteSpace) {
  for (const char* name : {"", " ", "\t", "\u00a0\u2003", "\u200b"}) {
    EXPECT_EQ(normal_name(name).error(), "must not be only white space");
  }
}

TEST(PersonName, HoldsNothingThatBreaksTheLine) {
  for (const char* name : {"a\tb", "a\nb", "a\x1b[31m", "a\x7f", "a\u0085", "a\u2028z", "\u202eadA",
                           "a\u2066z", "a\u2069z", "a\u202az"}) {
    EXPECT_EQ(normal_name(name).error(), "must not hold control characters") << name;
  }
}

TEST(PersonName, IsWellFormedUtf8) {
  for (const char* name : {"a\xff", "a\xc3", "a\xc0\xaf", "a\xe2\x82", "a\xf5\x80\x80\x80", "\x80",
                           "a\xc3z", "a\xe2zz"}) {
    EXPECT_EQ(normal_name(name).error(), "must not hold control characters") << name;
  }
}

TEST(Texts, MayHaveLinesAndLookLikeAnything) {
  for (const char* text : {"Hello", "two\nlines\tand a tab\r\n", "<script>", "🎉", " x "}) {
    EXPECT_EQ(problem_of_text(text), std::nullopt) << text;
  }
}

TEST(Texts, HoldSomethingAndNoControlCharacters) {
  EXPECT_EQ(problem_of_text(" \n\t "), "must not be only white space");
  EXPECT_EQ(problem_of_text(""), "must not be only white space");
  for (const std::string_view text : {std::string_view("a\0b", 3), std::string_view("a\x1b[31m"),
                                      std::string_view("a\x7f"), std::string_view("a\b")}) {
    EXPECT_EQ(problem_of_text(text), "must not hold control characters");
  }
}

TEST(Texts, AreFoldedToOneCase) {
  EXPECT_EQ(folded("Ada LOVELACE 9_"), "ada lovelace 9_");
  EXPECT_EQ(folded("ÀÉÖÞ×ß"), "àéöþ×ß");
  EXPECT_EQ(folded("ĀČŁŠŽŸ"), "āčłšžÿ");
  EXPECT_EQ(folded("ΑΩς"), "αωσ");
  EXPECT_EQ(folded("ЁЖЯ"), "ёжя");
  EXPECT_EQ(folded("東京🎉"), "東京🎉");
  EXPECT_EQ(folded("a\xbf"
                   "B"),
            "a\xbf"
            "b");
  EXPECT_EQ(folded("İı"), "İı");
}

TEST(Texts, AreCutBetweenCharacters) {
  EXPECT_EQ(front_of("Ada", 64), "Ada");
  EXPECT_EQ(front_of("Ada", 2), "Ad");
  EXPECT_EQ(front_of("aé", 2), "a");
  EXPECT_EQ(front_of("aé", 3), "aé");
  EXPECT_EQ(front_of("a\xbf"
                     "b",
                     64),
            "a");
  EXPECT_EQ(front_of("", 64), "");
}

}  // namespace
}  // namespace parley::meeting

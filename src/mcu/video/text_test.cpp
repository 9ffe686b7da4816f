#include "mcu/video/text.h"

#include <gtest/gtest.h>

namespace parley::mcu {
namespace {

TEST(DecodeUtf8, ReadsCharactersOfEveryLength) {
  EXPECT_EQ(decode_utf8("aé€😀"), U"aé€😀");
  EXPECT_EQ(decode_utf8(""), U"");
}

TEST(DecodeUtf8, PutsAMarkWhereItIsNone) {
  EXPECT_EQ(decode_utf8("a\xFFz"), U"a\xFFFDz");
  EXPECT_EQ(decode_utf8("\xC0\x80"), U"\xFFFD\xFFFD");    // Too long.
  EXPECT_EQ(decode_utf8("\xE0\x80\x80"), U"\xFFFD");      // Too long.
  EXPECT_EQ(decode_utf8("\xED\xA0\x80"), U"\xFFFD");      // A surrogate.
  EXPECT_EQ(decode_utf8("\xF4\x90\x80\x80"), U"\xFFFD");  // Beyond Unicode.
  EXPECT_EQ(decode_utf8("\xE2\x82"), U"\xFFFD");          // Cut.
  EXPECT_EQ(decode_utf8("\xE2\x82z"), U"\xFFFDz");
}

TEST(DecodeUtf8, LeavesOutWhatCannotBeSeen) {
  EXPECT_EQ(decode_utf8("a\n\x01\x7F"
                        "b\u200B\u202E\uFEFF"
                        "c"),
            U"abc");
}

TEST(Initials, AreOfTheFirstAndTheLastWord) {
  EXPECT_EQ(initials("Ada Lovelace"), "AL");
  EXPECT_EQ(initials("ada king lovelace"), "AL");
  EXPECT_EQ(initials("Ada"), "A");
  EXPECT_EQ(initials("  élise  Österreich "), "éÖ");
  EXPECT_EQ(initials(""), "");
  EXPECT_EQ(initials("   "), "");
}

}  // namespace
}  // namespace parley::mcu

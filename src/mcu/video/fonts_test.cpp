#include "mcu/video/fonts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "mcu/video/test_pictures.h"

namespace parley::mcu {
namespace {

std::size_t ink(const Mask& mask) {
  return static_cast<std::size_t>(
      std::ranges::count_if(mask.alpha, [](std::uint8_t alpha) { return alpha > 127; }));
}

TEST(Fonts, DrawsText) {
  const Fonts fonts = test_fonts();
  ASSERT_EQ(fonts.size(), 1u);
  const Mask one = fonts.draw("Ada", 20, 500);
  EXPECT_GT(one.size.width, 25);
  EXPECT_LT(one.size.width, 60);
  EXPECT_GE(one.size.height, 20);
  EXPECT_LT(one.size.height, 30);
  EXPECT_EQ(one.alpha.size(), static_cast<std::size_t>(one.size.width * one.size.height));
  EXPECT_GT(ink(one), 50u);
  EXPECT_GT(fonts.draw("Ada Lovelace", 20, 500).size.width, 2 * one.size.width);
  EXPECT_GT(fonts.draw("Ada", 40, 500).size.height, 35);
}

TEST(Fonts, DrawsTheScriptsOfManyNames) {
  const Fonts fonts = test_fonts();
  for (const char* const name : {"Zoë", "Борис", "Ελένη", "مريم", "שרה", "Անի", "ნინო"}) {
    EXPECT_GT(ink(fonts.draw(name, 24, 500)), 60u) << name;
  }
}

TEST(Fonts, JoinsLettersWhereTheScriptDoes) {
  const Fonts fonts = test_fonts();
  const int apart = 2 * fonts.draw("س", 40, 500).size.width;
  EXPECT_LT(fonts.draw("سس", 40, 500).size.width, apart - 5);
}

TEST(Fonts, WritesFromRightToLeftWhereTheScriptDoes) {
  const Fonts fonts = test_fonts();
  const Mask both = fonts.draw("אי", 40, 500);  // The second letter is the little one.
  const auto left_half = [&](const Mask& mask) {
    std::size_t count = 0;
    for (int y = 0; y < mask.size.height; ++y) {
      for (int x = 0; x < mask.size.width / 3; ++x) {
        count += mask.alpha[static_cast<std::size_t>(y * mask.size.width + x)] > 127 ? 1u : 0u;
      }
    }
    return count;
  };
  EXPECT_LT(left_half(both), ink(both) / 3);
}

TEST(Fonts, CutsWhatIsTooWide) {
  const Fonts fonts = test_fonts();
  const std::string name(60, 'W');
  const Mask whole = fonts.draw(name, 20, 5'000);
  const Mask cut = fonts.draw(name, 20, 100);
  EXPECT_GT(whole.size.width, 500);
  EXPECT_LE(cut.size.width, 100);
  EXPECT_GT(cut.size.width, 60);
  EXPECT_TRUE(fonts.draw("W", 20, 2).size.empty());
  EXPECT_LE(fonts.draw(std::string(10'000, 'i'), 20, 100'000).size.width, 64 * 10);
}

TEST(Fonts, DrawNothingWithoutAFontOrALetter) {
  EXPECT_TRUE(Fonts().draw("Ada", 20, 500).size.empty());
  const Fonts junk({{1, 2, 3}, {}, std::vector<std::uint8_t>(5'000, 0x55)});
  EXPECT_EQ(junk.size(), 0u);
  EXPECT_TRUE(junk.draw("Ada", 20, 500).size.empty());
  EXPECT_TRUE(test_fonts().draw("", 20, 500).size.empty());
  EXPECT_TRUE(test_fonts().draw("Ada", 0, 500).size.empty());
}

TEST(Fonts, LeavesOutLettersThatNoFontHas) {
  const Fonts fonts = test_fonts();
  EXPECT_EQ(fonts.draw("A漢B", 20, 500).size, fonts.draw("AB", 20, 500).size);
}

}  // namespace
}  // namespace parley::mcu

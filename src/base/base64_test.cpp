#include "base/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace parley {
namespace {

struct Vector {
  std::string_view plain;
  std::string_view encoded;
};

// RFC 4648, section 10.
constexpr Vector kVectors[] = {{"", ""},
                               {"f", "Zg=="},
                               {"fo", "Zm8="},
                               {"foo", "Zm9v"},
                               {"foob", "Zm9vYg=="},
                               {"fooba", "Zm9vYmE="},
                               {"foobar", "Zm9vYmFy"}};

TEST(Base64, EncodesTheVectorsOfTheRfc) {
  for (const auto& [plain, encoded] : kVectors) EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
}

TEST(Base64, DecodesTheVectorsOfTheRfc) {
  for (const auto& [plain, encoded] : kVectors) {
    const auto decoded = from_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), plain);
  }
}

TEST(Base64, DecodesTextThatLacksItsPadding) {
  EXPECT_EQ(as_text(*from_base64("Zg")), "f");
  EXPECT_EQ(as_text(*from_base64("Zm9vYmE")), "fooba");
}

TEST(Base64, AppendsToWhatIsThere) {
  std::string text = "b";
  append_base64(text, as_bytes("foo"));
  EXPECT_EQ(text, "bZm9v");
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  for (const std::string_view text : {"Z", "Zm9vY", "Zh==", "Zm9=", "Zg=", "=", "====", "Zm=v",
                                      "Zm9v Yg==", "Zm9v\n", "Zm-v", "Zm9v\xff"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64, BringsBackEveryBytesOfEveryLength) {
  SeededRandom random{1};
  for (std::size_t size = 0; size < 200; ++size) {
    std::vector<std::uint8_t> bytes(size);
    random.fill(bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  }
}

TEST(Base64Url, UsesTheSafeAlphabetAndNoPadding) {
  const std::uint8_t bytes[] = {0xfb, 0xff, 0xfe, 0xff};
  EXPECT_EQ(to_base64url(bytes), "-__-_w");
  EXPECT_EQ(as_text(*from_base64url("-__-_w")), as_text(bytes));
}

TEST(Base64Url, RefusesTheOtherAlphabetAndPadding) {
  for (const char* text : {"+__-", "-//-", "Zg==", "Zm8=", "Z", "Zh"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
}

TEST(Base64Url, ReadsBackWhatItWrote) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    std::vector<std::uint8_t> bytes(size);
    random.fill(bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

}  // namespace
}  // namespace parley

#include "dtls/fingerprint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace parley::dtls {
namespace {

// FIPS 180-2's message "abc" stands for a certificate.
constexpr std::string_view kAbc = "abc";
constexpr std::string_view kSha1 =
    "sha-1 A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D";
constexpr std::string_view kSha256 =
    "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"
    "B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
constexpr std::string_view kOther256 =
    "sha-256 00:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"
    "B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

Fingerprint parsed(std::string_view text) {
  return Fingerprint::parse(text).value();
}

TEST(Fingerprint, IsTheHashOfTheCertificate) {
  EXPECT_EQ(to_string(Fingerprint::of(as_bytes(kAbc))), kSha256);
  EXPECT_EQ(to_string(Fingerprint::of(as_bytes(kAbc), HashAlgorithm::kSha1)), kSha1);
  EXPECT_EQ(Fingerprint::of(as_bytes(kAbc), HashAlgorithm::kSha384).value().substr(0, 11),
            "CB:00:75:3F");
  EXPECT_EQ(Fingerprint::of(as_bytes(kAbc), HashAlgorithm::kSha512).value().substr(0, 11),
            "DD:AF:35:A1");
}

TEST(Fingerprint, IsParsedAsItIsPrinted) {
  for (const auto algorithm : {HashAlgorithm::kSha1, HashAlgorithm::kSha256, HashAlgorithm::kSha384,
                               HashAlgorithm::kSha512}) {
    const Fingerprint fingerprint = Fingerprint::of(as_bytes(kAbc), algorithm);
    EXPECT_EQ(Fingerprint::parse(to_string(fingerprint)), fingerprint);
  }
}

TEST(Fingerprint, IsParsedInLettersOfEitherCase) {
  std::string text(kSha256);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  EXPECT_EQ(Fingerprint::parse(text), parsed(kSha256));
  text.replace(0, 3, "SHA");
  EXPECT_EQ(Fingerprint::parse(text), parsed(kSha256));
}

TEST(Fingerprint, IsNotParsedFromAnythingShorterOrLonger) {
  for (std::size_t size = 0; size < kSha256.size(); ++size) {
    EXPECT_EQ(Fingerprint::parse(kSha256.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(Fingerprint::parse(std::string(kSha256) + ":"), std::nullopt);
  EXPECT_EQ(Fingerprint::parse(std::string(kSha256) + ":AB"), std::nullopt);
}

TEST(Fingerprint, IsNotParsedWithOtherCharacters) {
  for (std::size_t i = 0; i < kSha1.size(); ++i) {
    std::string text(kSha1);
    text[i] = 'g';
    EXPECT_EQ(Fingerprint::parse(text), std::nullopt) << text;
  }
}

TEST(Fingerprint, OfAnUnknownAlgorithmIsNotParsed) {
  EXPECT_EQ(Fingerprint::parse("md5 90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72"),
            std::nullopt);
}

TEST(Matches, AnyOfTheStrongestAlgorithm) {
  const Bytes certificate = as_bytes(kAbc);
  const Fingerprint good = parsed(kSha256);
  const Fingerprint wrong = parsed(kOther256);
  EXPECT_TRUE(matches(certificate, std::vector{good}));
  EXPECT_TRUE(matches(certificate, std::vector{good, wrong}));
  EXPECT_TRUE(matches(certificate, std::vector{wrong, good}));
  EXPECT_FALSE(matches(certificate, std::vector{wrong}));
  EXPECT_TRUE(matches(certificate, std::vector{parsed(kSha1)}));
}

TEST(Matches, LooksAtNoWeakerAlgorithm) {
  EXPECT_FALSE(matches(as_bytes(kAbc), std::vector{parsed(kSha1), parsed(kOther256)}));
  Fingerprint wrong_sha1 = parsed(kSha1);
  wrong_sha1.bytes[0] ^= 1;
  EXPECT_TRUE(matches(as_bytes(kAbc), std::vector{wrong_sha1, parsed(kSha256)}));
}

TEST(Matches, NothingWhereNoneIsGiven) {
  EXPECT_FALSE(matches(as_bytes(kAbc), {}));
}

// A value that did not come from parse() may have any length.
TEST(Matches, NoPartOfTheHash) {
  Fingerprint part = parsed(kSha256);
  part.bytes.resize(16);
  EXPECT_FALSE(matches(as_bytes(kAbc), std::vector{part}));
  part.bytes.clear();
  EXPECT_FALSE(matches(as_bytes(kAbc), std::vector{part}));
}

}  // namespace
}  // namespace parley::dtls

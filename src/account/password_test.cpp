#include "account/password.h"

#include <gtest/gtest.h>

namespace parley::account {
namespace {

constexpr int kQuick = 4;  // bcrypt's least cost.

struct PasswordHasherTest : testing::Test {
  SeededRandom random{1};
  PasswordHasher hasher{random, kQuick};
};

TEST_F(PasswordHasherTest, KnowsAPasswordByItsHash) {
  const std::string hash = hasher.hash("correct horse");
  EXPECT_TRUE(hash.starts_with("$2b$04$")) << hash;
  EXPECT_EQ(hash.size(), 60u);
  EXPECT_TRUE(hasher.check("correct horse", hash));
  EXPECT_FALSE(hasher.check("correct horsf", hash));
  EXPECT_FALSE(hasher.check("correct hors", hash));
}

// From the crypt_blowfish test vectors.
TEST_F(PasswordHasherTest, AgreesWithOthersAboutBcrypt) {
  EXPECT_TRUE(hasher.check("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  EXPECT_FALSE(hasher.check("U*V", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST_F(PasswordHasherTest, SaltsEachHashAfresh) {
  EXPECT_NE(hasher.hash("correct horse"), hasher.hash("correct horse"));
}

TEST_F(PasswordHasherTest, DoesTheSameWorkForNobody) {
  const std::string hash = hasher.hash("correct horse");
  const std::uint64_t before = hasher.runs();
  EXPECT_FALSE(hasher.check("correct horse", std::nullopt));
  EXPECT_EQ(hasher.runs(), before + 1);
  EXPECT_FALSE(hasher.check("wrong horse", hash));
  EXPECT_EQ(hasher.runs(), before + 2);
}

TEST_F(PasswordHasherTest, ReadsAll72Bytes) {
  const std::string longest(72, 'x');
  const std::string hash = hasher.hash(longest);
  EXPECT_TRUE(hasher.check(longest, hash));
  EXPECT_FALSE(hasher.check(std::string(71, 'x') + 'y', hash));
}

TEST_F(PasswordHasherTest, LetsNobodyInWhoseHashIsNone) {
  EXPECT_FALSE(hasher.check("correct horse", ""));
  EXPECT_FALSE(hasher.check("correct horse", "*0"));
  EXPECT_FALSE(hasher.check("correct horse", "*1"));
  EXPECT_FALSE(hasher.check("correct horse", "correct horse"));
}

TEST(Password, IsBetween8And72BytesWithoutNul) {
  EXPECT_FALSE(problem_with_password("12345678"));
  EXPECT_FALSE(problem_with_password(std::string(72, 'x')));
  EXPECT_FALSE(problem_with_password("pässwörd \xF0\x9F\x94\x91\xFF"));
  EXPECT_EQ(problem_with_password("1234567"), "must be at least 8 bytes long");
  EXPECT_EQ(problem_with_password(std::string(73, 'x')), "must be at most 72 bytes long");
  EXPECT_EQ(problem_with_password(std::string("1234\0"
                                              "5678",
                                              9)),
            "must not hold a NUL");
}

}  // namespace
}  // namespace parley::account

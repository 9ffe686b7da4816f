#include "account/names.h"

#include <gtest/gtest.h>

namespace parley::account {
namespace {

TEST(AccountName, IsShortAndPlain) {
  for (const char* const name :
       {"ada", "a.b", "0-0", "grace_hopper", "abcdefghijklmnopqrstuvwxyz012345"}) {
    EXPECT_FALSE(problem_with_name(name)) << name;
  }
}

TEST(AccountName, IsRefusedWithAReason) {
  EXPECT_EQ(problem_with_name(""), "must be at least 3 characters long");
  EXPECT_EQ(problem_with_name("ab"), "must be at least 3 characters long");
  EXPECT_EQ(problem_with_name(std::string(33, 'a')), "must be at most 32 characters long");
  for (const std::string name : {"Ada", "a b", "ada\n", "adä", "ada/..", "ad\xD0\xB0", "<ada>"}) {
    EXPECT_EQ(problem_with_name(name), "may hold only a-z 0-9 . _ -") << name;
  }
  EXPECT_EQ(problem_with_name(std::string("a\0da", 4)), "may hold only a-z 0-9 . _ -");
  for (const char* const name : {"...", ".ada", "-ada", "_ada"}) {
    EXPECT_EQ(problem_with_name(name), "must begin with a letter or digit") << name;
  }
}

}  // namespace
}  // namespace parley::account

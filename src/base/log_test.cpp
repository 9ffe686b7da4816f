#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace parley::log {
namespace {

// Leaves the level as it was for the tests that follow.
class LogTest : public testing::Test {
 protected:
  ~LogTest() override { set_level(Level::kInfo); }
};

std::string written(auto&& write_something) {
  testing::internal::CaptureStderr();
  write_something();
  return testing::internal::GetCapturedStderr();
}

TEST_F(LogTest, KnowsTheLevelsByName) {
  EXPECT_EQ(parse_level("trace"), Level::kTrace);
  EXPECT_EQ(parse_level("debug"), Level::kDebug);
  EXPECT_EQ(parse_level("info"), Level::kInfo);
  EXPECT_EQ(parse_level("warning"), Level::kWarning);
  EXPECT_EQ(parse_level("error"), Level::kError);
  EXPECT_EQ(parse_level("off"), Level::kOff);
  for (const std::string_view name : {"", "Info", "warn", "info "}) {
    EXPECT_EQ(parse_level(name), std::nullopt) << name;
  }
}

TEST_F(LogTest, WritesFromItsLevelOnward) {
  set_level(Level::kWarning);
  EXPECT_FALSE(enabled(Level::kInfo));
  EXPECT_TRUE(enabled(Level::kWarning));
  EXPECT_TRUE(enabled(Level::kError));
  set_level(Level::kOff);
  EXPECT_FALSE(enabled(Level::kError));
}

TEST_F(LogTest, WritesOneLineWithLevelComponentAndSentence) {
  const std::string line = written([] { warning("http", "closed {} after {} s", "192.0.2.1", 5); });
  EXPECT_NE(line.find(" warning http: closed 192.0.2.1 after 5 s\n"), std::string::npos) << line;
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST_F(LogTest, WritesNothingBelowItsLevel) {
  set_level(Level::kInfo);
  EXPECT_EQ(written([] { debug("http", "a detail"); }), "");
  set_level(Level::kDebug);
  EXPECT_NE(written([] { debug("http", "a detail"); }), "");
}

// What a peer sends may hold braces: it is a value, never a format.
TEST_F(LogTest, TakesBracesInAMessageAsTheyAre) {
  EXPECT_NE(written([] { info("http", "{}", "{} {0} {"); }).find("http: {} {0} {\n"),
            std::string::npos);
}

}  // namespace
}  // namespace parley::log

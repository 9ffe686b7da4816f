#include "http/path_table.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

class HttpPathTable : public testing::Test {
 protected:
  void add(std::initializer_list<std::string_view> patterns) {
    for (const std::string_view pattern : patterns) table_.at(pattern) = pattern;
  }
  std::string find(std::string_view path) {
    const std::string* const found = table_.find(path, parameters_);
    return found == nullptr ? "nothing" : *found;
  }

  PathTable<std::string> table_;
  PathParameters parameters_;
};

TEST_F(HttpPathTable, FindsTheMostSpecificPattern) {
  add({"/*", "/room/*", "/api/rooms/{name}", "/api/rooms/lobby", "/api/{kind}/x", "/api/rooms/a*"});
  EXPECT_EQ(find("/api/rooms/lobby"), "/api/rooms/lobby");
  EXPECT_EQ(find("/api/rooms/other"), "/api/rooms/{name}");
  EXPECT_EQ(find("/api/rooms/abc"), "/api/rooms/a*");
  EXPECT_EQ(find("/api/people/x"), "/api/{kind}/x");
  EXPECT_EQ(find("/room/"), "/room/*");
  EXPECT_EQ(find("/room/a/b"), "/room/*");
  EXPECT_EQ(find("/api/rooms/o/p"), "/*");
}

TEST_F(HttpPathTable, GivesTheSegmentsThatMatched) {
  add({"/api/{kind}/{id}/end", "/plain"});
  EXPECT_EQ(find("/api/rooms/7/end"), "/api/{kind}/{id}/end");
  EXPECT_EQ(parameters_, (PathParameters{{"kind", "rooms"}, {"id", "7"}}));
  EXPECT_EQ(find("/plain"), "/plain");
  EXPECT_TRUE(parameters_.empty());
  EXPECT_EQ(find("/api/rooms//end"), "nothing");
  EXPECT_TRUE(parameters_.empty());
}

TEST_F(HttpPathTable, FindsNothingWhereNothingMatches) {
  add({"/a", "/b/{c}"});
  for (const std::string_view path : {"/", "/a/", "/A", "", "*", "/b", "/b/", "/b/c/d"}) {
    EXPECT_EQ(find(path), "nothing") << path;
  }
}

TEST_F(HttpPathTable, FilesOnePatternOnce) {
  add({"/a", "/b/*"});
  table_.at("/a") += "!";
  table_.at("/b/*") += "!";
  EXPECT_EQ(find("/a"), "/a!");
  EXPECT_EQ(find("/b/c"), "/b/*!");
}

}  // namespace
}  // namespace parley::http

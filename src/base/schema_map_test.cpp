#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>

#include "base/schema.h"

namespace parley {
namespace {

struct Shelf {
  std::map<std::string, int> books = {};

  static constexpr auto fields() {
    return std::tuple(field("books", &Shelf::books, {.min = 1, .max = 2}));
  }
  friend bool operator==(const Shelf&, const Shelf&) = default;
};

std::expected<Shelf, FieldError> shelf(std::string_view text) {
  return from_json<Shelf>(Json::parse(text).value());
}

TEST(SchemaMap, TakesAnyKeyAndComesBackAsItWas) {
  const auto read = shelf(R"({"books":{"a":1,"b c":2}})");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->books, (std::map<std::string, int>{{"a", 1}, {"b c", 2}}));
  EXPECT_EQ(to_json(*read).to_text(), R"({"books":{"a":1,"b c":2}})");
  EXPECT_EQ(written(*read).text, R"({"books":{"a":1,"b c":2}})");
}

TEST(SchemaMap, NamesTheKeyWhoseValueIsWrong) {
  EXPECT_EQ(shelf(R"({"books":{"a":1,"b":"x"}})").error().to_string(),
            "books.b: must be a whole number, not a string");
}

TEST(SchemaMap, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(shelf(R"({"books":{"a":1,"a":1}})").error().to_string(), "books.a: is there twice");
}

TEST(SchemaMap, HoldsAsManyAsTheFieldAllows) {
  EXPECT_EQ(shelf(R"({"books":{}})").error().to_string(), "books: its size must be at least 1");
  EXPECT_EQ(shelf(R"({"books":{"a":1,"b":2,"c":3}})").error().to_string(),
            "books: its size must be at most 2");
  EXPECT_EQ(shelf(R"({"books":[1]})").error().to_string(),
            "books: must be an object, not an array");
}

}  // namespace
}  // namespace parley

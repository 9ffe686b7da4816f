#include "base/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace parley {
namespace {

Json parsed(std::string_view text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json.has_value()) << text << ": " << json.error().to_string();
  return json ? *std::move(json) : Json();
}

std::string rewritten(std::string_view text) {
  return parsed(text).to_text();
}

void expect_refused(std::string_view text) {
  const auto json = Json::parse(text);
  EXPECT_FALSE(json.has_value()) << text << " became " << json->to_text();
}

TEST(Json, ParsesEachKindOfValue) {
  EXPECT_TRUE(parsed("null").is_null());
  EXPECT_EQ(*parsed("true").as_bool(), true);
  EXPECT_EQ(*parsed("false").as_bool(), false);
  EXPECT_EQ(*parsed("-12").as_int(), -12);
  EXPECT_EQ(*parsed("1.5").as_double(), 1.5);
  EXPECT_EQ(*parsed(R"("text")").as_string(), "text");
  EXPECT_EQ(*parsed("[1,2]").as_array(), (Json::Array{1, 2}));
  EXPECT_EQ(*parsed(R"({"a":1})").as_object(), (Json::Object{{"a", 1}}));
}

TEST(Json, GivesNothingWhereTheKindIsAnother) {
  const Json number = 5;
  EXPECT_FALSE(number.is_null());
  EXPECT_EQ(number.as_bool(), nullptr);
  EXPECT_EQ(number.as_double(), nullptr);
  EXPECT_EQ(number.as_string(), nullptr);
  EXPECT_EQ(number.as_array(), nullptr);
  EXPECT_EQ(number.as_object(), nullptr);
  EXPECT_EQ(number.as_binary(), nullptr);
  EXPECT_EQ(Json("5").as_int(), nullptr);
}

TEST(Json, NamesItsKindForASentence) {
  EXPECT_EQ(Json().kind(), "null");
  EXPECT_EQ(Json(true).kind(), "a boolean");
  EXPECT_EQ(Json(1).kind(), "a number");
  EXPECT_EQ(Json(1.5).kind(), "a number");
  EXPECT_EQ(Json("").kind(), "a string");
  EXPECT_EQ(Json(Json::Array{}).kind(), "an array");
  EXPECT_EQ(Json(Json::Object{}).kind(), "an object");
  EXPECT_EQ(Json(Json::Binary{}).kind(), "binary");
  EXPECT_EQ(Json(Json::Written{"[]"}).kind(), "text");
}

TEST(Json, KeepsTheOrderOfMembers) {
  EXPECT_EQ(rewritten(R"( { "z" : 1 , "a" : [ true , null ] , "m" : { } } )"),
            R"({"z":1,"a":[true,null],"m":{}})");
}

TEST(Json, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(Json("a\"b\\c/\n\r\t").to_text(), R"("a\"b\\c/\n\r\t")");
  EXPECT_EQ(Json(std::string("\0\x1F\x7F", 3)).to_text(), "\"\\u0000\\u001f\x7F\"");
  EXPECT_EQ(Json("grüß 😀").to_text(), "\"grüß 😀\"");
  EXPECT_EQ(Json(Json::Object{{"\"", 1}}).to_text(), R"({"\"":1})");
}

TEST(Json, ReadsEveryEscape) {
  EXPECT_EQ(*parsed(R"("\"\\\/\b\f\n\r\t")").as_string(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(*parsed(R"("\u00e9\ud83d\uDE00")").as_string(), "é😀");
  EXPECT_EQ(*parsed(R"("\u0000")").as_string(), std::string(1, '\0'));
}

TEST(Json, WritesBinaryAndNumbersThatAreNoneAsNull) {
  EXPECT_EQ(Json(Json::Binary{1, 2}).to_text(), "null");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).to_text(), "null");
  EXPECT_EQ(Json(std::nan("")).to_text(), "null");
}

TEST(Json, KeepsIntegersExact) {
  EXPECT_EQ(rewritten("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(rewritten("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(*parsed("18446744073709551615").as_double(), 0x1p64);
}

// JavaScript knows one kind of number, and so do the peers we talk to.
TEST(Json, ReadsAWholeNumberHoweverItIsWritten) {
  EXPECT_EQ(*parsed("5.0").as_int(), 5);
  EXPECT_EQ(*parsed("5e2").as_int(), 500);
  EXPECT_EQ(*parsed("-0.0").as_int(), 0);
  EXPECT_EQ(*parsed("-9.223372036854775808e18").as_int(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(*parsed("9.223372036854775808e18").as_double(), 0x1p63);
}

TEST(Json, ReadsTheNearestDouble) {
  EXPECT_EQ(*parsed("0.1").as_double(), 0.1);
  EXPECT_EQ(*parsed("2.2250738585072014e-308").as_double(), 2.2250738585072014e-308);
  EXPECT_EQ(*parsed("1.7976931348623157e308").as_double(), 1.7976931348623157e308);
  EXPECT_EQ(*parsed("1e-400").as_int(), 0);
}

// Seeded: the same numbers on every run. Any bit pattern that is a finite number.
TEST(Json, RoundTripsDoublesToTheBit) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    const Json json = parsed(Json(number).to_text());
    const double got = json.as_double() ? *json.as_double()
                                        : static_cast<double>(json.as_int() ? *json.as_int() : -1);
    ASSERT_EQ(got, number) << Json(number).to_text();
  }
}

TEST(Json, RefusesNumbersTooLargeForADouble) {
  for (const std::string_view text : {"1e400", "-1e400", "[1e309]"}) expect_refused(text);
  EXPECT_EQ(Json::parse("1e400").error().problem, "exponent overflow");
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"",         " ",        "nul",         "tru",      "[1,]", "[1 2]",   "{a:1}",
        "{'a':1}",  R"({"a"})", R"({"a":1,})", "01",       "+1",   ".5",      "1.",
        "1e",       "0x1",      "NaN",         "Infinity", "\"",   "\"\\x\"", "\"\n\"",
        "// no\n1", "[",        "]",           "{",        "}",    "1 2",     "nullnull"}) {
    expect_refused(text);
  }
}

TEST(Json, RefusesTextThatIsNotUtf8) {
  for (const std::string_view text : {"\"\xFF\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"",
                                      "\"\\ud83d\"", "\"\\ude00\"", "{\"\x80\":1}"}) {
    expect_refused(text);
  }
}

TEST(Json, RefusesEveryTruncation) {
  const std::string text = R"({"a":[1.5e3,"\u00e9x",true,null,{"b":{}}],"c":-7.25})";
  ASSERT_TRUE(Json::parse(text).has_value());
  for (std::size_t size = 0; size < text.size(); ++size) expect_refused(text.substr(0, size));
}

TEST(Json, TellsWhereTheMistakeIs) {
  EXPECT_EQ(Json::parse("[1,x]").error().offset, 3u);
  EXPECT_EQ(Json::parse("[1] x").error().to_string(), "extra data at byte 4");
}

TEST(Json, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(Json::parse(nested(32)).has_value());
  expect_refused(nested(33));
  expect_refused(nested(1'000'000));
  EXPECT_TRUE(Json::parse(nested(2), {.depth = 2}).has_value());
  EXPECT_FALSE(Json::parse(nested(3), {.depth = 2}).has_value());
}

TEST(Json, FindsMembers) {
  const Json json = parsed(R"({"a":1,"b":{"c":2}})");
  EXPECT_EQ(*json.find("a")->as_int(), 1);
  EXPECT_EQ(*json.find("b")->find("c")->as_int(), 2);
  EXPECT_EQ(json.find("c"), nullptr);
  EXPECT_EQ(parsed("[1]").find("a"), nullptr);
}

TEST(Json, SetsAndReplacesMembers) {
  Json json;
  json.set("a", 1);
  json.set("b", "x");
  json.set("a", nullptr);
  EXPECT_EQ(json.to_text(), R"({"a":null,"b":"x"})");
}

TEST(JsonDeathTest, HasNoMembersToSetInAnArray) {
  Json json = Json::Array{};
  EXPECT_DEATH(json.set("a", 1), "assertion failed");
}

TEST(Json, IsCopiedDeeplyAndMovedWhole) {
  Json original = parsed(R"({"a":[1,{"b":"text"}]})");
  const std::string text = original.to_text();
  Json copy = original;
  copy.set("a", 0);
  EXPECT_EQ(original.to_text(), text);
  EXPECT_NE(copy, original);
  const Json moved = std::move(original);
  EXPECT_EQ(moved.to_text(), text);
  copy = moved;
  EXPECT_EQ(copy, moved);
}

TEST(Json, AppendsToTextThatIsThere) {
  std::string text = "42";
  Json(Json::Array{"join", 1}).append_to(text);
  EXPECT_EQ(text, R"(42["join",1])");
}

TEST(Json, AppendsWhatIsTextAlreadyAsItIs) {
  EXPECT_EQ(Json(Json::Array{Json::Written{R"({"a":1})"}, "b"}).to_text(), R"([{"a":1},"b"])");
}

}  // namespace
}  // namespace parley

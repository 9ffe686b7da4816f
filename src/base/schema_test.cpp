#include "base/schema.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace parley {
namespace {

enum class Topology : std::uint8_t { kMesh, kSfu };

constexpr auto names_of(Topology) {
  return std::to_array<std::pair<Topology, std::string_view>>(
      {{Topology::kMesh, "p2p"}, {Topology::kSfu, "sfu"}});
}

struct Candidate {
  std::string candidate = {};
  std::optional<std::uint16_t> line = {};

  static constexpr auto fields() {
    return std::tuple(field("candidate", &Candidate::candidate), field("line", &Candidate::line));
  }
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Join {
  std::string name;
  bool microphone = true;
  std::int32_t slots = 0;
  double volume = 0;
  Topology topology = Topology::kMesh;
  std::vector<Candidate> candidates;
  std::optional<std::string> resume;
  Json extra;

  static constexpr auto fields() {
    return std::tuple(
        field("name", &Join::name, {.min = 1, .max = 8}), field("microphone", &Join::microphone),
        field("slots", &Join::slots, {.min = 0, .max = 25}), field("volume", &Join::volume),
        field("topology", &Join::topology), field("candidates", &Join::candidates, {.max = 2}),
        field("resume", &Join::resume, {.min = 2}), field("extra", &Join::extra));
  }
  friend bool operator==(const Join&, const Join&) = default;
};

const Join kAda = {.name = "Ada",
                   .microphone = false,
                   .slots = 9,
                   .volume = 0.5,
                   .topology = Topology::kSfu,
                   .candidates = {{.candidate = "host", .line = 3}, {.candidate = "srflx"}},
                   .resume = "token",
                   .extra = Json::Array{1}};

Json ada_with(std::string key, Json value) {
  Json json = to_json(kAda);
  json.set(std::move(key), std::move(value));
  return json;
}

Json ada_without(std::string_view key) {
  Json json = to_json(kAda);
  std::erase_if(*json.as_object(), [&](const Json::Member& member) { return member.key == key; });
  return json;
}

std::string problem(const Json& json) {
  const auto join = from_json<Join>(json);
  return join ? "none" : join.error().to_string();
}

TEST(Schema, RoundTripsAMessage) {
  EXPECT_EQ(to_json(kAda).to_text(),
            R"({"name":"Ada","microphone":false,"slots":9,"volume":0.5,"topology":"sfu",)"
            R"("candidates":[{"candidate":"host","line":3},{"candidate":"srflx"}],)"
            R"("resume":"token","extra":[1]})");
  EXPECT_EQ(from_json<Join>(to_json(kAda)), kAda);
}

TEST(Schema, NamesEachFieldThatIsMissing) {
  const Json ada = to_json(kAda);
  for (const Json::Member& member : *ada.as_object()) {
    const bool optional = member.key == "resume";
    EXPECT_EQ(problem(ada_without(member.key)), optional ? "none" : member.key + ": is missing");
  }
}

TEST(Schema, NamesAFieldThatItDoesNotKnow) {
  EXPECT_EQ(problem(ada_with("Name", "x")), "Name: is not known here");
  Json candidate;
  candidate.set("candidate", "");
  candidate.set("port", 1);
  EXPECT_EQ(problem(ada_with("candidates", Json::Array{candidate})),
            "candidates[0].port: is not known here");
}

TEST(Schema, RefusesAFieldThatIsThereTwice) {
  Json json = to_json(kAda);
  json.as_object()->push_back({"name", "Eve"});
  EXPECT_EQ(problem(json), "name: is there twice");
}

TEST(Schema, NamesAFieldOfTheWrongKind) {
  EXPECT_EQ(problem(ada_with("name", 5)), "name: must be a string, not a number");
  EXPECT_EQ(problem(ada_with("name", nullptr)), "name: must be a string, not null");
  EXPECT_EQ(problem(ada_with("microphone", 1)), "microphone: must be a boolean, not a number");
  EXPECT_EQ(problem(ada_with("slots", "9")), "slots: must be a whole number, not a string");
  EXPECT_EQ(problem(ada_with("slots", 9.5)), "slots: must be a whole number, not a number");
  EXPECT_EQ(problem(ada_with("volume", true)), "volume: must be a number, not a boolean");
  EXPECT_EQ(problem(ada_with("topology", 1)), "topology: must be a string, not a number");
  EXPECT_EQ(problem(ada_with("candidates", Json::Object{})),
            "candidates: must be an array, not an object");
  EXPECT_EQ(problem(ada_with("resume", 5)), "resume: must be a string, not a number");
}

TEST(Schema, NamesThePlaceOfAMistakeDeepInside) {
  Json bad;
  bad.set("candidate", "host");
  bad.set("line", 65'536);
  const Json good = to_json(kAda.candidates[1]);
  EXPECT_EQ(problem(ada_with("candidates", Json::Array{good, bad})),
            "candidates[1].line: is out of range");
  EXPECT_EQ(problem(ada_with("candidates", Json::Array{good, 5})),
            "candidates[1]: must be an object, not a number");
}

TEST(Schema, HoldsToTheRanges) {
  EXPECT_EQ(problem(ada_with("name", "")), "name: its length in bytes must be at least 1");
  EXPECT_EQ(problem(ada_with("name", "123456789")), "name: its length in bytes must be at most 8");
  EXPECT_EQ(problem(ada_with("name", "12345678")), "none");
  EXPECT_EQ(problem(ada_with("slots", -1)), "slots: the number must be at least 0");
  EXPECT_EQ(problem(ada_with("slots", 0)), "none");
  EXPECT_EQ(problem(ada_with("slots", 26)), "slots: the number must be at most 25");
  EXPECT_EQ(problem(ada_with("slots", 25)), "none");
  EXPECT_EQ(problem(ada_with("resume", "x")), "resume: its length in bytes must be at least 2");
  const Json one = to_json(kAda.candidates[1]);
  EXPECT_EQ(problem(ada_with("candidates", Json::Array{one, one, one})),
            "candidates: its length must be at most 2");
}

TEST(Schema, RefusesWhatTheIntegerCannotHold) {
  EXPECT_EQ(from_json<std::uint8_t>(255), 255);
  EXPECT_EQ(from_json<std::uint8_t>(256).error().to_string(), "is out of range");
  EXPECT_EQ(from_json<std::uint8_t>(-1).error().to_string(), "is out of range");
  EXPECT_EQ(from_json<std::int64_t>(Json(0x1p63)).error().to_string(),
            "must be a whole number, not a number");
}

TEST(Schema, TakesAWholeNumberForADouble) {
  EXPECT_EQ(from_json<Join>(ada_with("volume", 1))->volume, 1.0);
}

TEST(Schema, TakesNullForAnOptionalAndLeavesAnEmptyOneOut) {
  const auto join = from_json<Join>(ada_with("resume", nullptr));
  ASSERT_TRUE(join.has_value());
  EXPECT_EQ(join->resume, std::nullopt);
  EXPECT_EQ(to_json(*join).find("resume"), nullptr);
}

struct Item {
  Nullable<std::string> assignee = {};
  std::optional<Nullable<std::string>> change = {};

  static constexpr auto fields() {
    return std::tuple(field("assignee", &Item::assignee, {.max = 3}),
                      field("change", &Item::change, {.max = 3}));
  }
  friend bool operator==(const Item&, const Item&) = default;
};

TEST(Schema, WantsANullableToBeThereAndWritesItsNull) {
  const auto item_of = [](std::string_view text) {
    return from_json<Item>(Json::parse(text).value());
  };
  EXPECT_EQ(item_of("{}").error().to_string(), "assignee: is missing");
  EXPECT_EQ(item_of(R"({"assignee":"Adam"})").error().field, "assignee");
  EXPECT_EQ(item_of(R"({"assignee":null})").value(), Item());
  EXPECT_EQ(to_json(Item()).to_text(), R"({"assignee":null})");
  EXPECT_EQ(to_json(Item{.assignee = {"Ada"}}).to_text(), R"({"assignee":"Ada"})");
}

TEST(Schema, TellsAMissingNullableFromOneThatIsNull) {
  const auto change_of = [](std::string_view text) {
    return from_json<Item>(Json::parse(text).value()).value().change;
  };
  EXPECT_FALSE(change_of(R"({"assignee":null})"));
  EXPECT_EQ(change_of(R"({"assignee":null,"change":null})"), Nullable<std::string>());
  EXPECT_EQ(change_of(R"({"assignee":null,"change":"Ada"})"), Nullable<std::string>{"Ada"});
}

TEST(Schema, TakesAnythingForAJsonField) {
  for (const Json& value : {Json(), Json(1), Json("x"), Json(Json::Object{{"a", 1}})}) {
    EXPECT_EQ(from_json<Join>(ada_with("extra", value))->extra, value);
  }
}

TEST(Schema, ListsTheNamesThatAnEnumKnows) {
  EXPECT_EQ(problem(ada_with("topology", "mesh")), "topology: must be one of p2p, sfu");
}

TEST(Schema, RefusesAMessageThatIsNoObject) {
  EXPECT_EQ(problem(Json()), "must be an object, not null");
  EXPECT_EQ(problem(Json::Array{}), "must be an object, not an array");
}

TEST(Schema, ReadsAListByItself) {
  EXPECT_EQ(from_json<std::vector<int>>(Json::Array{1, 2}), (std::vector<int>{1, 2}));
  EXPECT_EQ(from_json<std::vector<int>>(Json::Array{1, "2"}).error().to_string(),
            "[1]: must be a whole number, not a string");
  EXPECT_EQ(to_json(std::vector<bool>{true, false}).to_text(), "[true,false]");
}

// As text without a tree in between.
template <class T>
void expect_written_as_its_tree(const T& value) {
  EXPECT_EQ(written(value).text, to_json(value).to_text());
  EXPECT_EQ(Json(written(value)).to_text(), to_json(value).to_text());
}

TEST(Schema, WritesTheTextOfTheTree) {
  expect_written_as_its_tree(kAda);
  Join join = kAda;
  join.name = "A \"quoted\"\n name";
  join.candidates = {};
  join.resume = {};
  join.extra = Json::Object{{"a", Json::Array{"x", nullptr, true}}};
  expect_written_as_its_tree(join);
  expect_written_as_its_tree(std::vector<Candidate>{});
  expect_written_as_its_tree(std::vector{Candidate{"host", 3}, Candidate{}});
  expect_written_as_its_tree(Item());
  expect_written_as_its_tree(Item{.change = Nullable<std::string>()});
  expect_written_as_its_tree(Item{.assignee = {"Ada"}, .change = Nullable<std::string>{"Bob"}});
  expect_written_as_its_tree(std::optional<Item>());
  expect_written_as_its_tree(Json::Binary{1, 2});
}

TEST(Schema, WritesAMessageOfWhichNothingIsThere) {
  struct Empty {
    std::optional<int> nothing = {};
    static constexpr auto fields() { return std::tuple(field("nothing", &Empty::nothing)); }
  };
  EXPECT_EQ(written(Empty()).text, "{}");
}

}  // namespace
}  // namespace parley

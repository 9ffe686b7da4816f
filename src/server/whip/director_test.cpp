#include "server/whip/director.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

Json participant(std::string_view sid, bool camera, bool screen = false,
                 std::string_view name = {}) {
  return Json::Object{
      {"sid", sid}, {"name", name.empty() ? sid : name}, {"vidinf", camera}, {"scrinf", screen}};
}

class DirectorTest : public testing::Test {
 protected:
  void joined(Json who) { tell("joined", Json::Object{{"participant", std::move(who)}}); }
  void tell(std::string_view event, Json body) { director_.handle(event, body); }
  void media(std::string_view sid, bool camera, bool screen) {
    tell("media", Json::Object{{"sid", sid}, {"vidinf", camera}, {"scrinf", screen}});
  }
  void speakers(Json::Array sids) { tell("speakers", Json::Object{{"sids", std::move(sids)}}); }

  // "ada screen, bob camera"; "the same" where nothing is to be asked for.
  std::string shown() {
    const auto view = director_.take_view();
    if (!view) return "the same";
    if (view->find("oneStream") != nullptr) return "everyone";
    std::string text;
    for (const Json& tile : *view->find("tiles")->as_array()) {
      text += (text.empty() ? "" : ", ") + *tile.find("sid")->as_string() + " " +
              *tile.find("source")->as_string();
    }
    return text;
  }

  Director director_{{}, 1};
};

TEST_F(DirectorTest, ShowsNobodyUntilThereIsAPicture) {
  director_.welcome(Json::Object{{"participants", Json::Array{participant("ada", false)}}});
  EXPECT_EQ(director_.take_view()->to_text(), R"({"tiles":[]})");
  EXPECT_EQ(shown(), "the same");
  media("ada", true, false);
  EXPECT_EQ(director_.take_view()->to_text(),
            R"({"tiles":[{"sid":"ada","source":"camera","width":1920,"height":1080}]})");
  media("ada", false, false);
  EXPECT_EQ(shown(), "");
}

TEST_F(DirectorTest, ShowsWhoIsThereAlready) {
  director_.welcome(Json::Object{
      {"participants", Json::Array{participant("ada", false), participant("bob", true)}}});
  EXPECT_EQ(shown(), "bob camera");
}

TEST_F(DirectorTest, StaysWithTheFirstUntilSomebodySpeaks) {
  joined(participant("ada", true));
  joined(participant("bob", true));
  EXPECT_EQ(shown(), "ada camera");
  speakers({"bob"});
  EXPECT_EQ(shown(), "bob camera");
  speakers({"ada", "bob"});  // Louder, but he has not ended.
  EXPECT_EQ(shown(), "the same");
  speakers({});
  EXPECT_EQ(shown(), "the same");
  speakers({"ada"});
  EXPECT_EQ(shown(), "ada camera");
}

TEST_F(DirectorTest, LooksPastSpeakersWithoutAPicture) {
  joined(participant("ada", true));
  joined(participant("cy", false));
  joined(participant("bob", true));
  speakers({"cy", "bob"});
  EXPECT_EQ(shown(), "bob camera");
  media("bob", false, false);
  EXPECT_EQ(shown(), "ada camera");
}

TEST_F(DirectorTest, PrefersTheScreenThatWasSharedLast) {
  joined(participant("ada", true));
  joined(participant("bob", true, true));
  EXPECT_EQ(shown(), "bob screen");
  media("ada", true, true);
  EXPECT_EQ(shown(), "ada screen");
  media("ada", true, false);
  EXPECT_EQ(shown(), "bob screen");
  tell("left", Json::Object{{"sid", "bob"}});
  EXPECT_EQ(shown(), "ada camera");
  tell("left", Json::Object{{"sid", "ada"}});
  EXPECT_EQ(shown(), "");
}

TEST_F(DirectorTest, FillsAllThePicturesOfThePlayer) {
  director_ = Director({}, 3);
  joined(participant("ada", true));
  joined(participant("bob", true));
  joined(participant("cy", true, true));
  speakers({"bob"});
  EXPECT_EQ(shown(), "cy screen, bob camera, ada camera");
}

TEST_F(DirectorTest, ShowsTheOneWhoIsAskedFor) {
  director_ = Director({.name = "Bob"}, 2);
  joined(participant("1", true, true, "Ada"));
  joined(participant("2", true, false, "Bob"));
  EXPECT_EQ(shown(), "2 camera");
  speakers({"1"});
  media("1", true, true);
  EXPECT_EQ(shown(), "the same");
  media("2", true, true);
  EXPECT_EQ(shown(), "2 screen, 2 camera");
  // Back under another name; and somebody else takes his.
  tell("back", Json::Object{{"participant", participant("2", true, false, "Bobby")}});
  EXPECT_EQ(shown(), "");
  tell("participant", Json::Object{{"participant", participant("1", true, false, "Bob")}});
  EXPECT_EQ(shown(), "1 camera");
}

TEST_F(DirectorTest, ShowsTheSourceThatIsAskedFor) {
  director_ = Director({.source = "screen"}, 1);
  joined(participant("ada", true));
  EXPECT_EQ(shown(), "");
  media("ada", true, true);
  EXPECT_EQ(shown(), "ada screen");
  director_ = Director({.source = "camera"}, 1);
  joined(participant("ada", true, true));
  EXPECT_EQ(shown(), "ada camera");
}

Json welcome(bool lecture, bool one_stream = true) {
  return Json::Object{{"oneStream", one_stream},
                      {"settings", Json::Object{{"lecture", lecture}}},
                      {"participants", Json::Array{participant("ada", true)}}};
}

TEST_F(DirectorTest, ShowsEveryoneInOneStreamInALecture) {
  director_.welcome(welcome(true));
  EXPECT_EQ(director_.take_view()->to_text(),
            R"({"tiles":[],"oneStream":{"width":1920,"height":1080}})");
  joined(participant("bob", true));
  speakers({"bob"});
  EXPECT_EQ(shown(), "the same");
  tell("settings", Json::Object{{"lecture", false}});
  EXPECT_EQ(shown(), "bob camera");
  EXPECT_EQ(shown(), "the same");
  tell("settings", Json::Object{{"lecture", true}});
  EXPECT_EQ(shown(), "everyone");
  EXPECT_EQ(shown(), "the same");
}

TEST_F(DirectorTest, ShowsEveryoneToWhoAsksForThem) {
  director_.welcome(welcome(false));
  EXPECT_EQ(shown(), "ada camera");
  director_ = Director({.view = "all"}, 1);
  director_.welcome(welcome(false));
  EXPECT_EQ(shown(), "everyone");
  for (const Director::Wish& wish :
       {Director::Wish{.view = "each"}, {.name = "ada"}, {.source = "camera"}}) {
    director_ = Director(wish, 1);
    director_.welcome(welcome(true));
    EXPECT_EQ(shown(), "ada camera");
  }
}

TEST_F(DirectorTest, ShowsThemByThemselvesWhereTheServerMixesNothing) {
  director_ = Director({.view = "all"}, 1);
  director_.welcome(welcome(true, false));
  EXPECT_EQ(shown(), "ada camera");
}

TEST_F(DirectorTest, IsNotPutOutByWhatItDoesNotKnow) {
  tell("reaction", Json::Object{{"sid", "ada"}});
  tell("joined", Json::Object{});
  tell("speakers", Json::Object{{"sids", Json::Array{1, nullptr}}});
  director_.welcome(Json::Object{});
  EXPECT_EQ(shown(), "");
}

}  // namespace
}  // namespace parley::server

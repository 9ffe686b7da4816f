#include "server/ws_message.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

TEST(WsMessage, IsAnEventWithOrWithoutAnId) {
  EXPECT_EQ(parse_ws_message(R"(["leave", {}])"),
            (WsMessage{.event = "leave", .body = Json::Object{}}));
  EXPECT_EQ(parse_ws_message(R"(["leave", {"a": 1}, -7])"),
            (WsMessage{.event = "leave", .body = Json::parse(R"({"a":1})").value(), .ack = -7}));
  EXPECT_EQ(parse_ws_message(R"(["leave"])"),
            (WsMessage{.event = "leave", .body = Json::Object{}}));
}

TEST(WsMessage, ThatIsNoneIsExplained) {
  const std::string shape = R"(A message is ["event", {...}] or ["event", {...}, id].)";
  for (const char* text : {"{}", "[]", "1", "null", "[1]", "[[\"join\"]]", R"(["a", {}, 1, 2])"}) {
    EXPECT_EQ(parse_ws_message(text).error(), shape) << text;
  }
  for (const char* text : {R"(["a", {}, "7"])", R"(["a", {}, null])", R"(["a", {}, 1.5])"}) {
    EXPECT_EQ(parse_ws_message(text).error(), "The id of an acknowledgement is a whole number.");
  }
}

TEST(WsMessage, CutShortIsNoJson) {
  const std::string_view whole = R"(["join", {"room": "daily"}, 1])";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(parse_ws_message(whole.substr(0, size)).error().starts_with("The message is no "))
        << size;
  }
}

TEST(WsMessage, IsWrittenAsTheProtocolShowsIt) {
  EXPECT_EQ(ws_event("replaced", Json::Object{}).text(), R"(["replaced",{}])");
  EXPECT_EQ(ws_ack(7, Json::parse(R"({"ok":true})").value()).text(), R"(["ack",7,{"ok":true}])");
}

}  // namespace
}  // namespace parley::server

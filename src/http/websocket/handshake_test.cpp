#include "http/websocket/handshake.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::http::websocket {
namespace {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

Request upgrade(Headers more = {}) {
  Request request{.headers = {{"Upgrade", "WebSocket"},
                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                              {"Sec-WebSocket-Version", "13"}}};
  request.headers.insert(request.headers.end(), more.begin(), more.end());
  return request;
}

std::string field(const Response& response, std::string_view name) {
  const auto it = std::ranges::find(response.headers, name, &Header::name);
  return it == response.headers.end() ? "" : it->value;
}

TEST(WebSocketHandshake, AnswersTheKeyOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto handshake = accept(upgrade(), {});
  ASSERT_TRUE(handshake.has_value());
  EXPECT_EQ(handshake->response.status, 101);
  EXPECT_EQ(field(handshake->response, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(field(handshake->response, "Sec-WebSocket-Extensions"), "");
  EXPECT_FALSE(handshake->deflate.has_value());
}

TEST(WebSocketHandshake, KnowsWhoAsksForIt) {
  EXPECT_TRUE(is_upgrade(upgrade(), true));
  EXPECT_FALSE(is_upgrade(upgrade(), false));
  Request post = upgrade();
  post.method = Method::kPost;
  EXPECT_FALSE(is_upgrade(post, true));
  EXPECT_FALSE(is_upgrade({.headers = {{"Upgrade", "h2c"}}}, true));
  EXPECT_TRUE(is_upgrade({.headers = {{"Upgrade", "h2c, websocket"}}}, true));
}

TEST(WebSocketHandshake, RefusesOtherVersionsAndBadKeys) {
  Request old = upgrade();
  old.headers[2].second = "8";
  const auto refused = accept(old, {});
  EXPECT_EQ(refused.error().status, 426);
  EXPECT_EQ(field(refused.error(), "Sec-WebSocket-Version"), "13");
  for (const std::string_view key : {"", "dGhlIHNhbXBsZSBub25jZQ==x", "dGhlIHNhbXBsZSBub25jZQ",
                                     "short", "c2hvcnQ=", "dGhlIHNhbXBsZSBub25jZSB0b28gbG9uZw=="}) {
    Request bad = upgrade();
    bad.headers[1].second = key;
    EXPECT_EQ(accept(bad, {}).error().status, 400) << key;
  }
  Request none = upgrade();
  none.headers.erase(none.headers.begin() + 1);
  EXPECT_EQ(accept(none, {}).error().status, 400);
}

TEST(WebSocketHandshake, ChoosesTheServersBestSubprotocol) {
  const WebSocketConfig config{.subprotocols = {"v2", "v1"}};
  const auto chosen = [&](Headers headers) {
    return field(accept(upgrade(std::move(headers)), config)->response, "Sec-WebSocket-Protocol");
  };
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "v1, v2"}}), "v2");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "v0"}, {"Sec-WebSocket-Protocol", "v1"}}), "v1");
  EXPECT_EQ(chosen({{"Sec-WebSocket-Protocol", "V1"}}), "");
  EXPECT_EQ(chosen({}), "");
}

TEST(WebSocketHandshake, AgreesOnWhatIsOffered) {
  const auto agreed = [](std::string_view offer) {
    const auto handshake =
        accept(upgrade({{"Sec-WebSocket-Extensions", offer}}), {.deflate = true});
    return field(handshake->response, "Sec-WebSocket-Extensions");
  };
  EXPECT_EQ(agreed("permessage-deflate"), "permessage-deflate");
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits"), "permessage-deflate");
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits=10"),
            "permessage-deflate; client_max_window_bits=10");
  EXPECT_EQ(agreed("permessage-deflate ;server_max_window_bits=8;server_no_context_takeover; "
                   "client_no_context_takeover"),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=8");
  EXPECT_EQ(agreed("permessage-deflate; server_max_window_bits=\"9\""),
            "permessage-deflate; server_max_window_bits=9");
  EXPECT_EQ(agreed("x-webkit-deflate-frame"), "");
}

TEST(WebSocketHandshake, TakesTheFirstOfferThatItCanMeet) {
  EXPECT_EQ(negotiate_deflate("x, permessage-deflate; server_max_window_bits=16, "
                              "permessage-deflate; server_max_window_bits=9, permessage-deflate"),
            (DeflateParameters{.server_max_window_bits = 9}));
  EXPECT_EQ(negotiate_deflate(""), std::nullopt);
}

TEST(WebSocketHandshake, DeclinesOffersThatAreWrong) {
  for (const std::string_view parameters :
       {"unknown", "server_max_window_bits", "server_max_window_bits=7",
        "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=", "client_max_window_bits=7", "client_max_window_bits=1000",
        "client_max_window_bits=a", "server_no_context_takeover=1",
        "client_no_context_takeover=true", "client_max_window_bits; client_max_window_bits=9",
        "server_no_context_takeover; server_no_context_takeover"}) {
    const std::string offer = "permessage-deflate; " + std::string(parameters);
    EXPECT_EQ(negotiate_deflate(offer), std::nullopt) << offer;
  }
}

}  // namespace
}  // namespace parley::http::websocket

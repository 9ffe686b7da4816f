#include "socketio/engineio/engine.h"

#include <gtest/gtest.h>

#include <array>

#include "socketio/engineio/engine_fixture.h"

namespace parley::engineio {
namespace {

// --- Handshake.

TEST_F(EngineTest, OpensASessionByLongPolling) {
  const RequestId request = network.get(kPolling);
  EXPECT_EQ(network.status(request), 200);
  const std::string body = network.body(request);
  const std::string sid = sid_of(body);
  EXPECT_EQ(sid.size(), 20u);
  EXPECT_EQ(body, R"(0{"sid":")" + sid +
                      R"(","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,)" +
                      R"("maxPayload":1000000})");
  EXPECT_EQ(recorder.take(), Strings{"opened"});
}

TEST_F(EngineTest, OpensASessionByWebSocket) {
  const auto [status, id] = network.open(kWebSocket);
  EXPECT_EQ(status, 0);
  const Strings frames = network.frames(id);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_NE(frames.front().find(R"("upgrades":[])"), std::string::npos) << frames.front();
  EXPECT_EQ(recorder.take(), Strings{"opened"});
}

TEST_F(EngineTest, GivesEverySessionItsOwnId) {
  EXPECT_NE(sid_of(network.body(network.get(kPolling))),
            sid_of(network.body(network.get(kPolling))));
}

struct Refused {
  http::Method method;
  std::string_view query;
  std::string_view body;
};

TEST_F(EngineTest, RefusesWhatIsNoHandshakeInTheWordsOfTheReferenceServer) {
  constexpr std::array<Refused, 9> kCases{{
      {http::Method::kGet, "EIO=4", R"({"code":0,"message":"Transport unknown"})"},
      {http::Method::kGet, "EIO=4&transport=abc", R"({"code":0,"message":"Transport unknown"})"},
      {http::Method::kGet, "EIO=4&transport=polling&sid=abc",
       R"({"code":1,"message":"Session ID unknown"})"},
      {http::Method::kPost, "EIO=4&transport=polling",
       R"({"code":2,"message":"Bad handshake method"})"},
      {http::Method::kPut, "EIO=4&transport=polling",
       R"({"code":2,"message":"Bad handshake method"})"},
      {http::Method::kGet, "EIO=4&transport=websocket", R"({"code":3,"message":"Bad request"})"},
      {http::Method::kGet, "transport=polling",
       R"({"code":5,"message":"Unsupported protocol version"})"},
      {http::Method::kGet, "EIO=3&transport=polling",
       R"({"code":5,"message":"Unsupported protocol version"})"},
      {http::Method::kGet, "EIO=abc&transport=polling",
       R"({"code":5,"message":"Unsupported protocol version"})"},
  }};
  for (const Refused& refused : kCases) {
    const RequestId request = network.request(refused.method, refused.query);
    EXPECT_EQ(network.status(request), 400) << refused.query;
    EXPECT_EQ(network.body(request), refused.body);
  }
  EXPECT_EQ(recorder.take(), Strings{});
  EXPECT_EQ(engine.counters().refused, kCases.size());
}

TEST_F(EngineTest, RefusesAWebSocketThatIsNoHandshake) {
  EXPECT_EQ(network.open("transport=websocket").first, 400);
  EXPECT_EQ(network.open("EIO=4&transport=abc").first, 400);
  EXPECT_EQ(network.open("EIO=4&transport=polling").first, 400);
  EXPECT_EQ(network.open("EIO=4&transport=websocket&sid=abc").first, 400);
  EXPECT_EQ(engine.counters().open_sessions, 0u);
}

TEST_F(EngineTest, KeepsOfTheRequestWhatTheApplicationMayWant) {
  network.request(http::Method::kGet, "EIO=4&transport=polling&room=a", {},
                  {{"Cookie", "a=b"}, {"User-Agent", "x"}, {"Origin", "https://o.example"}});
  const Handshake& handshake = *recorder.handshake;
  EXPECT_EQ(handshake.host, "meet.example");
  EXPECT_EQ(handshake.query, "EIO=4&transport=polling&room=a");
  EXPECT_EQ(handshake.header("cookie"), "a=b");
  EXPECT_EQ(handshake.header("origin"), "https://o.example");
  EXPECT_FALSE(handshake.header("user-agent"));
}

class GuardedEngineTest : public EngineTest {
 protected:
  GuardedEngineTest()
      : EngineTest({.max_sessions = 2,
                    .cors = {.origins = {"http://localhost:5173"}},
                    .allow_request = [](const http::Request& request) {
                      return request.header("Authorization") != "bad";
                    }}) {}
};

TEST_F(GuardedEngineTest, AsksTheApplicationWhoMayCome) {
  const RequestId request =
      network.request(http::Method::kGet, kPolling, {}, {{"Authorization", "bad"}});
  EXPECT_EQ(network.status(request), 403);
  EXPECT_EQ(network.body(request), R"({"code":4,"message":"Forbidden"})");
}

TEST_F(GuardedEngineTest, TakesNoMoreSessionsThanItMay) {
  poll_session();
  websocket_session();
  EXPECT_EQ(network.status(network.get(kPolling)), 503);
  EXPECT_EQ(network.open(kWebSocket).first, 503);
}

TEST_F(GuardedEngineTest, LetsTheListedPageReadEveryAnswer) {
  const std::vector<std::pair<std::string_view, std::string_view>> from{
      {"Origin", "http://localhost:5173"}};
  const auto allows = [&](RequestId request) {
    return std::ranges::count(network.response(request).headers,
                              http::Header{"Access-Control-Allow-Origin", "http://localhost:5173"});
  };
  const RequestId handshake = network.request(http::Method::kGet, kPolling, {}, from);
  EXPECT_EQ(allows(handshake), 1);
  const std::string query = std::string(kPolling) + "&sid=" + sid_of(network.body(handshake));
  EXPECT_EQ(allows(network.request(http::Method::kPost, query, "4a", from)), 1);
  const RequestId poll = network.request(http::Method::kGet, query, {}, from);
  engine.send(recorder.last, Packet::message("b"));
  network.settle();
  EXPECT_EQ(allows(poll), 1);
  EXPECT_EQ(allows(network.request(http::Method::kGet, "EIO=4", {}, from)), 1);
  const RequestId preflight = network.request(http::Method::kOptions, kPolling, {}, from);
  EXPECT_EQ(network.status(preflight), 204);
  EXPECT_EQ(allows(preflight), 1);
}

// --- The owner's part.

TEST_F(EngineTest, WakesItsOwnerForWhatIsSentFromOutside) {
  int wakes = 0;
  engine.set_wake([&] { ++wakes; });
  const ConnectionId id = websocket_session();
  engine.send(recorder.last, Packet::message("a"));
  engine.send(recorder.last, Packet::message("b"));
  EXPECT_EQ(wakes, 1);
  network.settle();
  engine.send(recorder.last, Packet::message("c"));
  EXPECT_EQ(wakes, 2);
  network.settle();
  EXPECT_EQ(network.frames(id), (Strings{"4a", "4b", "4c"}));
}

TEST_F(EngineTest, IgnoresCallsForSessionsThatAreGone) {
  const ConnectionId id = websocket_session();
  const SessionId session = recorder.last;
  network.lose(id);
  engine.send(session, Packet::message("a"));
  engine.close(session);
  network.frame(id, "4a");
  network.lose(id);
  EXPECT_FALSE(engine.writable(session));
  EXPECT_EQ(recorder.take(), Strings{"closed: transport close"});
  EXPECT_EQ(network.frames(id), Strings{});
}

TEST_F(EngineTest, SharesOnePacketBetweenItsReceivers) {
  websocket_session();
  const SessionId first = recorder.last;
  websocket_session();
  const Packet packet = Packet::message("hello");
  engine.send(first, packet);
  engine.send(recorder.last, packet);
  int shared = 0;
  while (const auto output = engine.poll_output()) {
    shared +=
        std::get<Transmit>(*output).packet.frame.bytes().data() == packet.frame.bytes().data();
  }
  EXPECT_EQ(shared, 2);
}

}  // namespace
}  // namespace parley::engineio

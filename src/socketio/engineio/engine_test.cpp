#include "socketio/engineio/engine.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/overloaded.h"
#include "socketio/engineio/test_network.h"

namespace parley::engineio {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

constexpr std::string_view kPolling = "EIO=4&transport=polling";
constexpr std::string_view kWebSocket = "EIO=4&transport=websocket";

// Writes down what the engine tells, and echoes every message where `echo` is set.
class Recorder final : public Application {
 public:
  explicit Recorder(Engine& engine) : engine_(engine) {}

  void handle_events(Time) override {
    while (auto event = engine_.poll_event()) {
      std::visit([this](auto& one) { on(one); }, *event);
    }
  }
  void handle_timeout(Time) override {}
  Time next_deadline() const override { return kNever; }

  Strings take() { return std::exchange(told_, {}); }

  SessionId last = {};
  std::unique_ptr<Handshake> handshake;
  bool echo = false;

 private:
  void on(Opened& opened) {
    last = opened.session;
    handshake = std::move(opened.handshake);
    told_.emplace_back("opened");
  }
  void on(Message& message) {
    const std::string text(as_text(message.packet.data));
    told_.push_back((message.packet.binary ? "binary " : "text ") + text);
    if (!echo) return;
    engine_.send(message.session, message.packet.binary ? Packet::message(message.packet.data)
                                                        : Packet::message(text));
  }
  void on(Closed& closed) { told_.push_back("closed: " + std::string(to_string(closed.reason))); }

  Engine& engine_;
  Strings told_;
};

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(Config config = {}) : engine(std::move(config), random) {}

  // Opens a session on long-polling and returns the query of its requests.
  std::string poll_session() {
    const std::string sid = sid_of(network.body(network.get(kPolling)));
    recorder.take();
    return std::string(kPolling) + "&sid=" + sid;
  }
  ConnectionId websocket_session() {
    const ConnectionId id = network.open(kWebSocket).second;
    network.frames(id);
    recorder.take();
    return id;
  }
  static std::string upgrade_of(const std::string& query) {
    return std::string(kWebSocket) + query.substr(query.find("&sid="));
  }

  SeededRandom random{1};
  Engine engine;
  Recorder recorder{engine};
  TestNetwork network{engine, recorder};
};

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

// --- Messages by long-polling.

TEST_F(EngineTest, TakesMessagesByPost) {
  const std::string query = poll_session();
  const RequestId request = network.post(query, "4test1\x1e\x62Zm9v\x1e\x34test2");
  EXPECT_EQ(network.status(request), 200);
  EXPECT_EQ(network.body(request), "ok");
  EXPECT_EQ(recorder.take(), (Strings{"text test1", "binary foo", "text test2"}));
}

TEST_F(EngineTest, KeepsAPollWaitingUntilThereIsSomethingToSay) {
  const std::string query = poll_session();
  const RequestId poll = network.get(query);
  EXPECT_FALSE(network.answered(poll));
  engine.send(recorder.last, Packet::message("a"));
  engine.send(recorder.last, Packet::message("b"));
  network.settle();
  EXPECT_EQ(network.body(poll),
            "4a\x1e\x34"
            "b");
}

TEST_F(EngineTest, KeepsPacketsUntilTheyArePolledFor) {
  const std::string query = poll_session();
  recorder.echo = true;
  network.post(query, "4hello\x1e\x62Zm9v");
  EXPECT_EQ(network.body(network.get(query)), "4hello\x1e\x62Zm9v");
  EXPECT_FALSE(network.answered(network.get(query)));
}

TEST_F(EngineTest, EndsTheSessionForAMalformedPayload) {
  const std::string query = poll_session();
  const RequestId poll = network.get(query);
  EXPECT_EQ(network.status(network.post(query, "abc")), 400);
  EXPECT_EQ(network.body(poll), "1");
  EXPECT_EQ(recorder.take(), Strings{"closed: parse error"});
  EXPECT_EQ(network.status(network.get(query)), 400);
  EXPECT_EQ(engine.counters().parse_errors, 1u);
}

TEST_F(EngineTest, TakesWhatStandsBeforeTheMalformedPacket) {
  network.post(poll_session(), "4a\x1e\x39\x1e\x34z");
  EXPECT_EQ(recorder.take(), (Strings{"text a", "closed: parse error"}));
}

TEST_F(EngineTest, EndsTheSessionForTwoPollsAtOnce) {
  const std::string query = poll_session();
  const RequestId first = network.get(query);
  const RequestId second = network.get(query);
  EXPECT_EQ(network.status(first), 200);
  EXPECT_EQ(network.body(first), "1");
  EXPECT_EQ(network.status(second), 400);
  EXPECT_EQ(recorder.take(), Strings{"closed: transport error"});
  EXPECT_EQ(network.status(network.get(query)), 400);
}

TEST_F(EngineTest, EndsTheSessionWhenAPollIsAbandoned) {
  const std::string query = poll_session();
  network.abandon(network.get(query));
  EXPECT_EQ(recorder.take(), Strings{"closed: transport error"});
  EXPECT_EQ(network.status(network.get(query)), 400);
}

TEST_F(EngineTest, RefusesOtherMethodsOfASession) {
  const std::string query = poll_session();
  EXPECT_EQ(network.status(network.request(http::Method::kPut, query, "4a")), 400);
  EXPECT_EQ(recorder.take(), Strings{});
  EXPECT_EQ(network.body(network.post(query, "4a")), "ok");
}

class SmallEngineTest : public EngineTest {
 protected:
  SmallEngineTest() : EngineTest({.max_http_buffer_size = 10, .max_queued_bytes = 200}) {}
};

TEST_F(SmallEngineTest, EndsTheSessionForABodyThatIsTooLarge) {
  const std::string query = poll_session();
  EXPECT_EQ(network.body(network.post(query, "4123456789")), "ok");
  EXPECT_EQ(network.status(network.post(query, "4123456789a")), 400);
  EXPECT_EQ(recorder.take(), (Strings{"text 123456789", "closed: transport error"}));
  EXPECT_EQ(engine.counters().too_large, 1u);
}

TEST_F(SmallEngineTest, GivesUpAClientThatDoesNotPoll) {
  poll_session();
  engine.send(recorder.last, Packet::message(std::string(194, 'a')));
  network.settle();
  EXPECT_EQ(recorder.take(), Strings{});
  engine.send(recorder.last, Packet::message("12345"));
  network.settle();
  EXPECT_EQ(recorder.take(), Strings{"closed: transport error"});
}

// --- Messages by WebSocket.

TEST_F(EngineTest, ExchangesFramesOnAWebSocket) {
  recorder.echo = true;
  const ConnectionId id = websocket_session();
  network.frame(id, "4hello");
  network.binary_frame(id, as_bytes("foo"));
  EXPECT_EQ(recorder.take(), (Strings{"text hello", "binary foo"}));
  EXPECT_EQ(network.frames(id), (Strings{"4hello", "<3>"}));
}

TEST_F(EngineTest, EndsTheSessionForAMalformedFrame) {
  const ConnectionId id = websocket_session();
  network.frame(id, "abc");
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(recorder.take(), Strings{"closed: parse error"});
}

TEST_F(EngineTest, TellsWhenAWebSocketIsLost) {
  network.lose(websocket_session());
  EXPECT_EQ(recorder.take(), Strings{"closed: transport close"});
  network.lose(websocket_session(), true);
  EXPECT_EQ(recorder.take(), Strings{"closed: transport error"});
  EXPECT_EQ(engine.counters().open_sessions, 0u);
}

TEST_F(EngineTest, RefusesThePingOfTheOldProtocol) {
  const ConnectionId id = websocket_session();
  network.frame(id, "2");
  EXPECT_EQ(recorder.take(), Strings{"closed: transport error"});
}

// --- Heartbeat.

TEST_F(EngineTest, PingsEveryIntervalAndIsContentWithPongs) {
  const ConnectionId id = websocket_session();
  for (int i = 0; i < 3; ++i) {
    network.advance(24s);
    EXPECT_EQ(network.frames(id), Strings{});
    network.advance(1s);
    EXPECT_EQ(network.frames(id), Strings{"2"});
    network.frame(id, "3");
  }
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, EndsTheSessionWhenNoPongComes) {
  const ConnectionId id = websocket_session();
  network.advance(25s + 20s - 1us);
  EXPECT_EQ(recorder.take(), Strings{});
  network.advance(1us);
  EXPECT_EQ(recorder.take(), Strings{"closed: ping timeout"});
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(engine.next_deadline(), kNever);
  EXPECT_EQ(engine.counters().ping_timeouts, 1u);
}

TEST_F(EngineTest, TakesAnyPacketForASignOfLife) {
  const ConnectionId id = websocket_session();
  network.advance(25s + 19s);
  network.frame(id, "4still here");
  network.advance(19s);
  network.frame(id, "3");
  network.advance(20s);
  EXPECT_EQ(recorder.take(), Strings{"text still here"});
}

TEST_F(EngineTest, PingsByLongPollingToo) {
  const std::string query = poll_session();
  const RequestId poll = network.get(query);
  network.advance(25s);
  EXPECT_EQ(network.body(poll), "2");
  network.post(query, "3");
  network.advance(24s);
  EXPECT_EQ(recorder.take(), Strings{});
  network.advance(21s);
  EXPECT_EQ(recorder.take(), Strings{"closed: ping timeout"});
  EXPECT_EQ(network.status(network.get(query)), 400);
}

TEST_F(EngineTest, HasOneDeadlineHoweverManySessions) {
  for (int i = 0; i < 1000; ++i) {
    websocket_session();
    network.now += 1ms;
  }
  const Time first_ping = network.now - 1000ms + 25s;
  EXPECT_EQ(engine.next_deadline(), first_ping);
  network.advance(60s);
  EXPECT_EQ(engine.counters().ping_timeouts, 1000u);
}

// --- Closing.

TEST_F(EngineTest, LetsTheClientCloseByLongPolling) {
  const std::string query = poll_session();
  const RequestId poll = network.get(query);
  EXPECT_EQ(network.body(network.post(query, "1")), "ok");
  EXPECT_EQ(network.body(poll), "6");
  EXPECT_EQ(recorder.take(), Strings{"closed: transport close"});
  EXPECT_EQ(network.status(network.get(query)), 400);
}

TEST_F(EngineTest, LetsTheClientCloseByWebSocket) {
  const ConnectionId id = websocket_session();
  network.frame(id, "1");
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(recorder.take(), Strings{"closed: transport close"});
}

TEST_F(EngineTest, SendsWhatWaitsBeforeTheApplicationsGoodbye) {
  const std::string query = poll_session();
  engine.send(recorder.last, Packet::message("a"));
  engine.close(recorder.last);
  engine.send(recorder.last, Packet::message("too late"));
  network.settle();
  EXPECT_EQ(network.body(network.get(query)), "4a\x1e\x31");
  EXPECT_EQ(network.status(network.get(query)), 400);
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, SaysGoodbyeToAPollUnderWay) {
  const RequestId poll = network.get(poll_session());
  engine.close(recorder.last);
  network.settle();
  EXPECT_EQ(network.body(poll), "1");
  EXPECT_EQ(engine.counters().open_sessions, 0u);
}

TEST_F(EngineTest, ForgetsAClientThatNeverComesForTheGoodbye) {
  poll_session();
  engine.close(recorder.last);
  network.settle();
  EXPECT_EQ(engine.counters().open_sessions, 1u);
  network.advance(25s);
  EXPECT_EQ(engine.counters().open_sessions, 0u);
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, ClosesAWebSocketAfterItsLastPacket) {
  const ConnectionId id = websocket_session();
  engine.send(recorder.last, Packet::message("a"));
  engine.close(recorder.last);
  network.settle();
  EXPECT_EQ(network.frames(id), Strings{"4a"});
  EXPECT_TRUE(network.closed(id));
}

// --- The upgrade.

TEST_F(EngineTest, MovesASessionToAWebSocket) {
  recorder.echo = true;
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  EXPECT_EQ(network.frames(id), Strings{});
  network.frame(id, "2probe");
  EXPECT_EQ(network.frames(id), Strings{"3probe"});
  network.frame(id, "5");
  network.frame(id, "4hello");
  EXPECT_EQ(network.frames(id), Strings{"4hello"});
  EXPECT_EQ(recorder.take(), Strings{"text hello"});
  EXPECT_EQ(network.status(network.get(query)), 400);
  EXPECT_EQ(engine.counters().upgrades, 1u);
  network.frame(id, "4again");
  EXPECT_EQ(network.frames(id), Strings{"4again"});
}

TEST_F(EngineTest, EndsThePollUnderWayOnceTheProbeHasCome) {
  const std::string query = poll_session();
  const RequestId poll = network.get(query);
  const ConnectionId id = network.open(upgrade_of(query)).second;
  EXPECT_FALSE(network.answered(poll));
  network.frame(id, "2probe");
  EXPECT_EQ(network.body(poll), "6");
  EXPECT_EQ(network.body(network.get(query)), "6");
}

TEST_F(EngineTest, SendsWhatWaitedOverTheNewTransportInOrder) {
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  network.frame(id, "2probe");
  network.frames(id);
  engine.send(recorder.last, Packet::message("a"));
  engine.send(recorder.last, Packet::message(as_bytes("foo")));
  network.settle();
  EXPECT_EQ(network.frames(id), Strings{});
  network.frame(id, "5");
  engine.send(recorder.last, Packet::message("b"));
  network.settle();
  EXPECT_EQ(network.frames(id), (Strings{"4a", "<3>", "4b"}));
}

TEST_F(EngineTest, DoesNotSendTwoWaysWhenAPollIsStillUnderWayAtTheUpgrade) {
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  const RequestId poll = network.get(query);
  network.frame(id, "5");
  EXPECT_EQ(network.body(poll), "6");
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, GoesOnPollingWhenTheProbeFails) {
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  network.frame(id, "2probe");
  network.lose(id);
  const RequestId poll = network.get(query);
  EXPECT_FALSE(network.answered(poll));
  engine.send(recorder.last, Packet::message("a"));
  network.settle();
  EXPECT_EQ(network.body(poll), "4a");
  const ConnectionId again = network.open(upgrade_of(query)).second;
  network.frame(again, "2probe");
  network.frame(again, "5");
  EXPECT_EQ(network.frames(again), Strings{"3probe"});
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, ClosesAProbeThatSaysAnythingElse) {
  const ConnectionId id = network.open(upgrade_of(poll_session())).second;
  network.frame(id, "4hello");
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(recorder.take(), Strings{});
}

TEST_F(EngineTest, ClosesAProbeThatTakesTooLong) {
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  network.frame(id, "2probe");
  network.advance(10s);
  EXPECT_TRUE(network.closed(id));
  network.frame(id, "5");
  EXPECT_FALSE(network.answered(network.get(query)));
}

TEST_F(EngineTest, ClosesASecondWebSocketOfTheSameSession) {
  const std::string query = poll_session();
  const ConnectionId first = network.open(upgrade_of(query)).second;
  EXPECT_TRUE(network.closed(network.open(upgrade_of(query)).second));
  network.frame(first, "2probe");
  network.frame(first, "5");
  EXPECT_TRUE(network.closed(network.open(upgrade_of(query)).second));
  EXPECT_FALSE(network.closed(first));
  network.frame(first, "4a");
  EXPECT_EQ(recorder.take(), Strings{"text a"});
}

class NoUpgradeTest : public EngineTest {
 protected:
  NoUpgradeTest() : EngineTest({.allow_upgrades = false}) {}
};

TEST_F(NoUpgradeTest, OffersNoneAndTakesNone) {
  const RequestId request = network.get(kPolling);
  EXPECT_NE(network.body(request).find(R"("upgrades":[])"), std::string::npos);
  const std::string query = std::string(kPolling) + "&sid=" + sid_of(network.body(request));
  EXPECT_TRUE(network.closed(network.open(upgrade_of(query)).second));
}

class WebSocketOnlyTest : public EngineTest {
 protected:
  WebSocketOnlyTest() : EngineTest({.polling = false}) {}
};

TEST_F(WebSocketOnlyTest, DoesNotKnowLongPolling) {
  EXPECT_EQ(network.body(network.get(kPolling)), R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(network.open(kWebSocket).first, 0);
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

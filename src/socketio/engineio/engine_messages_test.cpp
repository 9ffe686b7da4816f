#include "socketio/engineio/engine.h"

#include <gtest/gtest.h>

#include "socketio/engineio/engine_fixture.h"

namespace parley::engineio {
namespace {

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

}  // namespace
}  // namespace parley::engineio

#include "socketio/engineio/engine.h"

#include <gtest/gtest.h>

#include "socketio/engineio/engine_fixture.h"

namespace parley::engineio {
namespace {

using namespace std::chrono_literals;

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

TEST_F(EngineTest, TakesAPollForNoSignOfLifeOnceThePongIsOverdue) {
  const std::string query = poll_session();
  network.get(query);
  network.advance(25s);
  network.now += 20s;  // The timer is late.
  EXPECT_EQ(network.status(network.get(query)), 400);
  EXPECT_EQ(recorder.take(), Strings{"closed: ping timeout"});
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

}  // namespace
}  // namespace parley::engineio

#include "socketio/engineio/engine.h"

#include <gtest/gtest.h>

#include "socketio/engineio/engine_fixture.h"

namespace parley::engineio {
namespace {

using namespace std::chrono_literals;

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

TEST_F(EngineTest, ClosesTheProbeOfASessionThatTheApplicationCloses) {
  const std::string query = poll_session();
  const ConnectionId id = network.open(upgrade_of(query)).second;
  network.frame(id, "2probe");
  engine.close(recorder.last);
  network.settle();
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(network.body(network.get(query)), "1");
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

}  // namespace
}  // namespace parley::engineio

#include "socketio/test_hooks.h"

#include <gtest/gtest.h>

#include <array>

#include "socketio/test_server.h"

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

class TestHooksTest : public testing::Test, protected TestServer {
 protected:
  TestHooksTest() : TestServer(test_hooks::config()) { test_hooks::install(io); }
};

TEST_F(TestHooksTest, SendAuthOnItsOwnAfterConnecting) {
  TestClient client(*this, R"({"token":"123"})");
  EXPECT_EQ(client.take(), Strings{});
  network.advance(20ms);
  EXPECT_EQ(client.take(), Strings{R"(2["auth",{"token":"123"}])"});
  client.send("0/custom");
  client.take();
  network.advance(20ms);
  EXPECT_EQ(client.take(), Strings{R"(2/custom,["auth",{}])"});
}

TEST_F(TestHooksTest, SendMessagesBack) {
  TestClient client(*this);
  client.send(R"(2["message",1,"2",{"3":[true]}])");
  client.send(R"(2456["message-with-ack",1,"2",{"3":[false]}])");
  EXPECT_EQ(client.take(),
            (Strings{R"(2["message-back",1,"2",{"3":[true]}])", R"(3456[1,"2",{"3":[false]}])"}));
}

TEST_F(TestHooksTest, SendBinaryBack) {
  constexpr std::array<std::uint8_t, 3> data{1, 2, 3};
  TestClient client(*this);
  client.send(R"(51-["message",{"_placeholder":true,"num":0}])");
  client.send_binary(data);
  EXPECT_EQ(client.take(),
            (Strings{R"(51-["message-back",{"_placeholder":true,"num":0}])", "<3>"}));
}

TEST_F(TestHooksTest, CloseWhoDoesNotConnectWithinASecond) {
  const auto id = network.open("EIO=4&transport=websocket").second;
  for (int i = 0; i < 3; ++i) {
    network.advance(300ms);
    network.frame(id, "3");
  }
  EXPECT_FALSE(network.closed(id));
  network.advance(100ms);
  EXPECT_TRUE(network.closed(id));
  EXPECT_EQ(io.counters().connect_timeouts, 1u);
}

TEST(TestHooksEcho, SendsEveryMessageBackAsItCame) {
  constexpr std::array<std::uint8_t, 3> data{1, 2, 3};
  SeededRandom random{1};
  test_hooks::Echo echo(test_hooks::config().engine, random);
  engineio::TestNetwork network(echo.engine(), echo);
  const auto id = network.open("EIO=4&transport=websocket").second;
  network.frames(id);
  network.frame(id, "4hello");
  network.binary_frame(id, data);
  EXPECT_EQ(network.frames(id), (Strings{"4hello", "<3>"}));
}

}  // namespace
}  // namespace parley::socketio

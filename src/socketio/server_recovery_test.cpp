#include "socketio/recovery.h"

#include <gtest/gtest.h>

#include "socketio/test_server.h"

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

class RecoveringTest : public testing::Test, protected TestServer {
 protected:
  RecoveringTest() : TestServer({.recovery = RecoveryConfig{}}) {
    io.on_connection([this](Socket& socket) { recovered.push_back(socket.recovered()); });
  }

  // Joins "/", and notes the ids that it got.
  TestClient join(const std::string& auth = "") {
    TestClient client(*this, "-");
    client.send("0" + auth);
    packets = client.take();
    const std::string& answer = packets.at(0);
    client.id = engineio::sid_of(answer);
    const std::size_t at = answer.find(R"("pid":")") + 7;
    pid = answer.substr(at, answer.find('"', at) - at);
    packets.erase(packets.begin());
    return client;
  }
  std::string back(std::string_view offset) const {
    return R"({"pid":")" + pid + R"(","offset":")" + std::string(offset) + "\"}";
  }

  std::vector<bool> recovered;
  std::string pid;
  Strings packets;  // What came after the answer to CONNECT.
};

TEST_F(RecoveringTest, BringsASocketBackWithItsRoomsItsDataAndWhatItMissed) {
  TestClient client = join();
  Socket& socket = *io.find(client.id);
  socket.join("room");
  socket.data<int>() = 42;
  io.emit("one");
  network.settle();
  EXPECT_EQ(client.take(), Strings{R"(2["one","1"])"});
  client.lose();
  EXPECT_EQ(io.find(client.id), nullptr);
  io.to("room").emit("two");
  io.to("elsewhere").emit("three");
  io.emit("four", Json::Binary{1});

  const TestClient again = join(back("1"));
  EXPECT_EQ(again.id, client.id);
  EXPECT_EQ(packets, (Strings{R"(2["two","2"])", R"(51-["four",{"_placeholder":true,"num":0},"4"])",
                              "<1>"}));
  EXPECT_EQ(recovered, (std::vector<bool>{false, true}));
  EXPECT_TRUE(io.find(again.id)->in("room"));
  EXPECT_EQ(io.find(again.id)->data<int>(), 42);
  EXPECT_EQ(io.counters().recovered, 1u);
}

TEST_F(RecoveringTest, CanBreakAgainAndAgain) {
  TestClient client = join();
  for (int i = 1; i <= 3; ++i) {
    client.lose();
    io.emit("e");
    client = join(back(std::to_string(i - 1)));
    EXPECT_EQ(packets.size(), 1u);
  }
}

TEST_F(RecoveringTest, StartsAnewAfterTooLong) {
  TestClient client = join();
  client.lose();
  network.advance(2min + 1us);
  const TestClient again = join(back("0"));
  EXPECT_NE(again.id, client.id);
  EXPECT_EQ(recovered, (std::vector<bool>{false, false}));
}

TEST_F(RecoveringTest, StartsAnewAfterAGoodbye) {
  TestClient client = join();
  client.send("1");
  EXPECT_NE(join(back("0")).id, client.id);
}

TEST_F(RecoveringTest, StartsAnewForAPrivateIdThatNobodyHas) {
  TestClient client = join();
  pid = "guessed";
  EXPECT_NE(join(back("0")).id, client.id);
  EXPECT_FALSE(client.closed());
}

TEST_F(RecoveringTest, TakesOverFromAConnectionThatIsNotYetKnownToBeDead) {
  TestClient client = join();
  io.find(client.id)->join("room");
  const TestClient again = join(back("0"));
  EXPECT_EQ(again.id, client.id);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(io.of("/").size(), 1u);
  EXPECT_TRUE(io.find(again.id)->in("room"));
}

TEST_F(RecoveringTest, RemembersWhatWasSentToOneSocket) {
  TestClient client = join();
  io.find(client.id)->emit("mine");
  network.settle();
  EXPECT_EQ(client.take(), Strings{R"(2["mine","1"])"});
  client.lose();
  join(back("0"));
  EXPECT_EQ(packets, Strings{R"(2["mine","1"])"});
}

TEST_F(RecoveringTest, ForgetsWhatIsDroppable) {
  TestClient client = join();
  client.lose();
  io.of("/").everybody().droppable().emit("e");
  join(back("0"));
  EXPECT_EQ(packets, Strings{});
}

}  // namespace
}  // namespace parley::socketio

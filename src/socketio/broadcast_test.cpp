#include "socketio/broadcast.h"

#include <gtest/gtest.h>

#include "socketio/test_server.h"

namespace parley::socketio {
namespace {

class BroadcastTest : public testing::Test, protected TestServer {
 protected:
  void SetUp() override {
    for (TestClient* const client : {&a, &b}) io.find(client->id)->join("x");
    for (TestClient* const client : {&b, &c}) io.find(client->id)->join("y");
  }

  // Who got the event, each as often as it did.
  std::string heard() {
    network.settle();
    std::string names;
    for (auto& [name, client] : std::initializer_list<std::pair<char, TestClient*>>{
             {'a', &a}, {'b', &b}, {'c', &c}, {'d', &d}}) {
      for (const std::string& packet : client->take()) {
        EXPECT_EQ(packet, R"(2["e",1])");
        names += name;
      }
    }
    return names;
  }

  TestClient a{*this}, b{*this}, c{*this}, d{*this};
};

TEST_F(BroadcastTest, ReachesEverybody) {
  io.emit("e", 1);
  EXPECT_EQ(heard(), "abcd");
}

TEST_F(BroadcastTest, ReachesARoom) {
  io.to("x").emit("e", 1);
  EXPECT_EQ(heard(), "ab");
  io.in("z").emit("e", 1);
  EXPECT_EQ(heard(), "");
}

TEST_F(BroadcastTest, ReachesWhoIsInAnyOfSeveralRoomsOnce) {
  io.to("x").to("y").emit("e", 1);
  EXPECT_EQ(heard(), "abc");
}

TEST_F(BroadcastTest, LeavesOutRoomsAndSockets) {
  io.except("x").emit("e", 1);
  EXPECT_EQ(heard(), "cd");
  io.to("x").to("y").except("y").emit("e", 1);
  EXPECT_EQ(heard(), "a");
  io.except(a.id).except(d.id).emit("e", 1);
  EXPECT_EQ(heard(), "bc");
}

TEST_F(BroadcastTest, ReachesASocketByItsId) {
  io.to(d.id).emit("e", 1);
  EXPECT_EQ(heard(), "d");
  io.to(d.id).to("y").emit("e", 1);
  EXPECT_EQ(heard(), "bcd");
}

TEST_F(BroadcastTest, OfASocketReachesTheOthers) {
  io.find(a.id)->broadcast().emit("e", 1);
  EXPECT_EQ(heard(), "bcd");
  io.find(a.id)->to("x").emit("e", 1);
  EXPECT_EQ(heard(), "b");
  io.find(a.id)->except("y").emit("e", 1);
  EXPECT_EQ(heard(), "d");
}

TEST_F(BroadcastTest, DoesNotReachWhoHasLeft) {
  io.find(a.id)->leave("x");
  b.send("1");
  b.take();
  io.to("x").to("y").emit("e", 1);
  EXPECT_EQ(heard(), "c");
}

TEST_F(BroadcastTest, ReachesTheRestInWhateverOrderClientsLeave) {
  a.send("1");
  d.send("1");
  a.take();
  d.take();
  io.emit("e", 1);
  EXPECT_EQ(heard(), "bc");
  b.send("1");
  io.emit("e", 1);
  EXPECT_EQ(heard(), "c");
  EXPECT_EQ(io.of("/").size(), 1u);
}

TEST_F(BroadcastTest, DoesNotReachWhoIsNotYetTakenIn) {
  std::optional<Next> next;
  io.use([&](Socket& socket, Next later) {
    socket.join("x");
    next = std::move(later);
  });
  TestClient e(*this, "-");
  e.send("0");
  io.to("x").emit("e", 1);
  EXPECT_EQ(heard(), "ab");
  EXPECT_EQ(e.take(), Strings{});
  (*next)();
  network.settle();
  e.take();
  io.to("x").emit("e", 1);
  EXPECT_EQ(heard(), "ab");
  EXPECT_EQ(e.take(), Strings{R"(2["e",1])"});
}

TEST_F(BroadcastTest, IsEncodedOnce) {
  io.emit("e", 1);
  std::vector<const std::uint8_t*> frames;
  while (const auto output = io.engine().poll_output()) {
    frames.push_back(std::get<engineio::Transmit>(*output).packet.frame.bytes().data());
  }
  EXPECT_EQ(frames.size(), 4u);
  EXPECT_EQ(std::ranges::count(frames, frames.at(0)), 4);
  EXPECT_EQ(io.counters().deliveries, 4u);
}

TEST_F(BroadcastTest, MovesAndDisconnectsManyAtOnce) {
  io.to("x").join("z");
  io.to("y").leave("z");
  io.to("z").emit("e", 1);
  EXPECT_EQ(heard(), "a");
  io.to("x").disconnect();
  network.settle();
  EXPECT_EQ(a.take(), Strings{"1"});
  EXPECT_EQ(io.of("/").size(), 2u);
}

TEST_F(BroadcastTest, DropsWhatADroppableOneCannotBringAtOnce) {
  const auto handshake = network.get("EIO=4&transport=polling");
  const std::string query =
      "EIO=4&transport=polling&sid=" + engineio::sid_of(network.body(handshake));
  network.post(query, "40");
  network.get(query);  // Fetches the answer to CONNECT.
  io.of("/").everybody().droppable().emit("e", 1);
  EXPECT_EQ(heard(), "abcd");
  const auto poll = network.get(query);
  EXPECT_FALSE(network.answered(poll));
  io.of("/").everybody().droppable().emit("e", 1);
  EXPECT_EQ(heard(), "abcd");
  EXPECT_EQ(network.body(poll), R"(42["e",1])");
}

}  // namespace
}  // namespace parley::socketio

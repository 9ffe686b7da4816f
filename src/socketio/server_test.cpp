#include "socketio/server.h"

#include <gtest/gtest.h>

#include "socketio/test_server.h"

// How clients come and go. Events are in namespace_test.cpp.
namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

class ServerTest : public testing::Test, protected TestServer {
 protected:
  ServerTest() {
    io.on_connection([this](Socket& socket) { told("connection", socket, ""); });
    io.on_disconnecting([this](Socket& socket, DisconnectReason reason) {
      told("disconnecting", socket, to_string(reason));
    });
    io.on_disconnect([this](Socket& socket, DisconnectReason reason) {
      told("disconnect", socket, to_string(reason));
    });
  }

  void told(std::string_view what, const Socket& socket, std::string_view why) {
    log.push_back(std::string(what) + (why.empty() ? "" : ": ") + std::string(why) +
                  (socket.in("room") ? " (in room)" : ""));
  }

  Strings log;
};

TEST_F(ServerTest, TakesAClientIntoTheMainNamespace) {
  TestClient client(*this, "-");
  client.send("0");
  const Socket* const socket = io.of("/").sockets().at(0);
  EXPECT_EQ(client.take(), Strings{"0{\"sid\":\"" + std::string(socket->id()) + "\"}"});
  EXPECT_EQ(socket->id().size(), 20u);
  EXPECT_EQ(log, Strings{"connection"});
  EXPECT_EQ(io.find(socket->id()), socket);
}

TEST_F(ServerTest, ShowsTheAuthPayloadUntilTheHandlersHaveSeenIt) {
  Json seen;
  io.on_connection([&](Socket& socket) { seen = socket.auth(); });
  TestClient client(*this, R"({"token":"abc"})");
  EXPECT_EQ(seen.to_text(), R"({"token":"abc"})");
  EXPECT_TRUE(io.find(client.id)->auth().is_null());
  TestClient plain(*this);
  EXPECT_EQ(seen.to_text(), "{}");
}

TEST_F(ServerTest, RefusesANamespaceThatIsNotThere) {
  TestClient client(*this, "-");
  client.send("0/random");
  EXPECT_EQ(client.take(), Strings{R"(4/random,{"message":"Invalid namespace"})"});
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(io.counters().refused, 1u);
}

TEST_F(ServerTest, LetsOneConnectionBeInSeveralNamespaces) {
  Namespace& chat = io.of("/chat");
  TestClient client(*this);
  client.send("0/chat,{}");
  ASSERT_EQ(chat.size(), 1u);
  const std::string id(chat.sockets().at(0)->id());
  EXPECT_NE(id, client.id);
  EXPECT_EQ(client.take(), Strings{"0/chat,{\"sid\":\"" + id + "\"}"});
  chat.emit("hello");
  network.settle();
  EXPECT_EQ(client.take(), Strings{R"(2/chat,["hello"])"});
  client.send("1/chat,");
  EXPECT_EQ(chat.size(), 0u);
  EXPECT_EQ(io.of("/").size(), 1u);
}

TEST_F(ServerTest, TakesAClientIntoANamespaceOnce) {
  TestClient client(*this);
  client.send("0");
  EXPECT_EQ(client.take(), Strings{});
  EXPECT_EQ(io.of("/").size(), 1u);
  EXPECT_EQ(io.counters().stray_packets, 1u);
}

TEST_F(ServerTest, ClosesAConnectionThatJoinsNothing) {
  TestClient client(*this, "-");
  network.advance(44s);
  client.send("0/random");
  EXPECT_FALSE(client.closed());
  network.advance(1s);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(io.counters().connect_timeouts, 1u);
}

TEST_F(ServerTest, DoesNotCloseAConnectionThatLeftItsNamespaceAgain) {
  TestClient client(*this);
  client.send("1");
  EXPECT_EQ(io.of("/").size(), 0u);
  EXPECT_FALSE(client.closed());
  client.send("0");
  EXPECT_EQ(io.of("/").size(), 1u);
}

TEST_F(ServerTest, EndsTheConnectionForWhatIsNoPacket) {
  for (const std::string_view packet : {"abc", "2{}", R"(2abc["e"])"}) {
    TestClient client(*this);
    client.send(packet);
    EXPECT_TRUE(client.closed()) << packet;
  }
  EXPECT_EQ(io.counters().parse_errors, 3u);
  EXPECT_EQ(log, (Strings{"connection", "disconnecting: parse error", "disconnect: parse error",
                          "connection", "disconnecting: parse error", "disconnect: parse error",
                          "connection", "disconnecting: parse error", "disconnect: parse error"}));
}

TEST_F(ServerTest, IgnoresPacketsOfNamespacesThatTheClientIsNotIn) {
  io.of("/chat");
  TestClient client(*this, "-");
  client.send(R"(2["e"])");
  client.send(R"(2/chat,["e"])");
  client.send(R"(2/random,["e"])");
  client.send("1/chat,");
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(io.counters().stray_packets, 4u);
}

// --- Leaving.

TEST_F(ServerTest, TellsWhyASocketIsGoneFirstWhileItIsInItsRooms) {
  TestClient client(*this);
  io.find(client.id)->join("room");
  client.lose();
  EXPECT_EQ(log, (Strings{"connection", "disconnecting: transport close (in room)",
                          "disconnect: transport close"}));
  EXPECT_EQ(io.of("/").rooms().size(), 0u);
}

TEST_F(ServerTest, TellsThatTheClientLeft) {
  TestClient client(*this);
  client.send("1");
  EXPECT_EQ(log.back(), "disconnect: client namespace disconnect");
}

TEST_F(ServerTest, DisconnectsAClient) {
  TestClient client(*this);
  io.find(client.id)->disconnect();
  network.settle();
  EXPECT_EQ(client.take(), Strings{"1"});
  EXPECT_EQ(log.back(), "disconnect: server namespace disconnect");
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(io.find(client.id), nullptr);
}

TEST_F(ServerTest, DisconnectsAWholeConnection) {
  Namespace& chat = io.of("/chat");
  TestClient client(*this);
  client.send("0/chat,");
  client.take();
  chat.sockets().at(0)->disconnect_connection();
  network.settle();
  EXPECT_EQ(client.take(), (Strings{"1", "1/chat,"}));
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(log.back(), "disconnect: server namespace disconnect");
}

TEST_F(ServerTest, KeepsASocketThatAHandlerDisconnectsUntilTheHandlerIsDone) {
  io.on("bye", [](Socket& socket) {
    socket.disconnect_connection();
    EXPECT_FALSE(socket.connected());
    socket.emit("too late");
    socket.join("room");
    socket.disconnect();
    return std::string(socket.id());
  });
  TestClient client(*this);
  client.send(R"(21["bye"])");
  EXPECT_EQ(client.take(), Strings{"1"});
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, BearsHandlersThatDisconnectWhoeverDisconnects) {
  io.on_disconnecting([this](Socket& socket, DisconnectReason) {
    socket.disconnect();
    socket.disconnect_connection();
    io.shut_down();
  });
  TestClient client(*this);
  TestClient other(*this);
  client.lose();
  EXPECT_EQ(io.of("/").size(), 0u);
  EXPECT_TRUE(other.closed());
  EXPECT_EQ(std::ranges::count(log, "disconnect: transport close"), 1);
}

TEST_F(ServerTest, TellsPingTimeouts) {
  TestClient client(*this);
  network.advance(45s);
  EXPECT_EQ(log.back(), "disconnect: ping timeout");
}

TEST_F(ServerTest, ShutsDownWithoutAskingClientsToStayAway) {
  TestClient client(*this);
  TestClient joining(*this, "-");
  io.shut_down();
  network.settle();
  EXPECT_EQ(client.take(), Strings{});  // A DISCONNECT would keep the client from coming back.
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(joining.closed());
  EXPECT_EQ(log.back(), "disconnect: server shutting down");
}

// --- Middleware.

TEST_F(ServerTest, AsksMiddlewareInOrder) {
  Strings asked;
  io.use([&](Socket&) -> Admission {
    asked.emplace_back("first");
    return {};
  });
  io.use([&](Socket& socket) -> Admission {
    asked.emplace_back("second");
    if (socket.auth().find("token") != nullptr) return {};
    Json data;
    data.set("code", 401);
    return std::unexpected(ConnectError{.message = "no token", .data = std::move(data)});
  });
  TestClient refused(*this, "-");
  refused.send("0");
  EXPECT_EQ(refused.take(), Strings{R"(4{"message":"no token","data":{"code":401}})"});
  EXPECT_EQ(asked, (Strings{"first", "second"}));
  EXPECT_EQ(log, Strings{});
  EXPECT_EQ(io.of("/").size(), 0u);
  refused.send(R"(0{"token":1})");
  EXPECT_EQ(log, Strings{"connection"});
}

TEST_F(ServerTest, WaitsForMiddlewareThatAnswersLater) {
  std::vector<Next> waiting;
  io.use([&](Socket&, Next next) { waiting.push_back(std::move(next)); });
  TestClient client(*this, "-");
  client.send("0");
  client.send(R"(2["e"])");
  EXPECT_EQ(client.take(), Strings{});
  waiting.at(0)();
  network.settle();
  EXPECT_EQ(log, Strings{"connection"});
  EXPECT_EQ(client.take().size(), 1u);
  waiting.at(0)();
  waiting.at(0)(std::unexpected(ConnectError{.message = "too late"}));
  network.settle();
  EXPECT_EQ(client.take(), Strings{});
}

TEST_F(ServerTest, ForgetsWhoGoesWhileMiddlewareThinks) {
  std::vector<Next> waiting;
  io.use([&](Socket& socket, Next next) {
    socket.join("room");
    waiting.push_back(std::move(next));
  });
  {
    TestClient client(*this, "-");
    client.send("0");
    client.lose();
  }
  EXPECT_EQ(io.of("/").rooms().size(), 0u);
  waiting.at(0)();
  EXPECT_EQ(log, Strings{});
}

TEST(ServerLife, MayEndBeforeWhatItWasAskedFor) {
  Acknowledge acknowledge;
  std::optional<Next> next;
  SocketRef ref;
  {
    TestServer server;
    server.io.on("e", [&](Socket& socket, const Arguments&, Acknowledge ack) {
      acknowledge = std::move(ack);
      ref = socket.ref();
    });
    server.io.of("/slow").use([&](Socket&, Next later) { next = std::move(later); });
    TestClient client(server);
    client.send(R"(21["e"])");
    client.send("0/slow");
  }
  acknowledge("too late");
  (*next)();
  EXPECT_EQ(ref.find(), nullptr);
}

}  // namespace
}  // namespace parley::socketio

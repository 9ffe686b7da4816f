#include "server/meeting_ws.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/calendar.h"
#include "server/test_storage.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

// What the server does with one client's WebSocket.
class NotingSocket final : public http::WebSocket {
 public:
  void send(SharedBytes payload, http::WebSocketKind kind) override {
    EXPECT_EQ(kind, http::WebSocketKind::kText);
    sent.push_back(std::string(payload.text()));
  }
  void close(std::uint16_t code, std::string_view) override { closed = code; }
  void ping() override { ++pings; }
  std::size_t queued() const override { return 0; }

  Texts sent;
  int pings = 0;
  int closed = 0;
};

class MeetingWsTest : public testing::Test {
 protected:
  struct Client {
    NotingSocket socket = {};
    std::unique_ptr<http::WebSocketHandler> handler = {};

    void say(std::string_view text) {
      handler->on_message(as_bytes(text), http::WebSocketKind::kText);
    }
    Texts heard() { return std::exchange(socket.sent, {}); }
    void drop() {
      handler->on_closed(1006, "");
      handler.reset();
    }
  };

  std::unique_ptr<Client> open(std::string host = "meet.example.org:8443",
                               std::string_view cookie = "") {
    http::Request request;
    request.host = std::move(host);
    if (!cookie.empty()) request.headers.emplace_back("Cookie", cookie);
    auto client = std::make_unique<Client>();
    client->handler = door_.accept(request);
    client->handler->on_open(client->socket);
    return client;
  }

  static constexpr std::string_view kJoin =
      R"(["join",{"room":"daily","name":"Ada","micinf":true,"vidinf":true},7])";

  io::EventLoop loop_;
  SeededRandom random_{1};
  MeetingBinding meeting_{loop_, {}, random_};
  TestStorage storage_{loop_};
  const std::string secret_ = std::string(32, 's');
  Identities identities_{as_bytes(secret_)};
  SessionWatch sessions_{loop_, *storage_, identities_};
  const IceServers ice_servers_{{.port = 3478}};
  MeetingWs door_{
      meeting_, loop_, ice_servers_, sessions_, {.ping_interval = 2ms, .ping_timeout = 2ms}};
};

TEST_F(MeetingWsTest, AnswersUnderTheIdThatTheClientChose) {
  const auto ada = open();
  ada->say(kJoin);
  const Texts heard = ada->heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].starts_with(R"(["ack",7,{"ok":true,"sid":")")) << heard[0];
  EXPECT_NE(heard[0].find(R"("iceServers":[{"urls":["stun:meet.example.org:3478"]}])"),
            std::string::npos);
  ada->drop();
}

TEST_F(MeetingWsTest, TellsOthersAndForgetsWhoIsGone) {
  const auto ada = open();
  const auto bob = open();
  ada->say(kJoin);
  bob->say(kJoin);
  ada->heard();
  bob->drop();
  const Texts heard = ada->heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].starts_with(R"(["away",{"sid":)")) << heard[0];
  EXPECT_EQ(door_.counters().open, 1u);
  EXPECT_EQ(door_.counters().connections, 2u);
  ada->drop();
}

TEST_F(MeetingWsTest, ExplainsWhatIsNoMessageAndGoesOn) {
  const auto ada = open();
  ada->say("hello");
  ada->say("[1,2]");
  EXPECT_EQ(door_.counters().malformed, 2u);
  const Texts heard = ada->heard();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_TRUE(heard[0].starts_with(R"(["error",{"code":"invalid","message":"The message is no )"))
      << heard[0];
  ada->say(kJoin);
  EXPECT_EQ(ada->heard().size(), 1u);
  ada->drop();
}

TEST_F(MeetingWsTest, ClosesWhoSendsBinary) {
  const auto ada = open();
  ada->handler->on_message(as_bytes("[]"), http::WebSocketKind::kBinary);
  EXPECT_EQ(ada->socket.closed, 1003);
  ada->drop();
}

TEST_F(MeetingWsTest, PingsASilentClientAndClosesOneThatDoesNotAnswer) {
  const auto ada = open();
  while (ada->socket.pings == 0) loop_.run_turn(1s);
  EXPECT_EQ(ada->socket.closed, 0);
  ada->handler->on_pong();
  while (ada->socket.pings == 1) loop_.run_turn(1s);
  EXPECT_EQ(ada->socket.closed, 0);
  while (ada->socket.closed == 0) loop_.run_turn(1s);
  EXPECT_EQ(ada->socket.closed, 1008);
  EXPECT_EQ(ada->socket.pings, 2);
  EXPECT_EQ(door_.counters().ping_timeouts, 1u);
  ada->drop();
}

TEST_F(MeetingWsTest, ShutsTheDoorWhenTheSessionEnds) {
  const store::SessionId session{7};
  const std::string cookie =
      "parley_access=" +
      identities_.issue({.user = {1}, .session = session, .account = "ada", .issued = unix_now()});
  const auto ada = open("meet.example.org", cookie);
  const auto guest = open("meet.example.org");
  EXPECT_EQ(sessions_.size(), 1u);
  identities_.revoke(session);
  loop_.run_turn(0ms);
  EXPECT_EQ(ada->socket.closed, 4001);
  EXPECT_EQ(guest->socket.closed, 0);
  ada->drop();
  EXPECT_EQ(sessions_.size(), 0u);
  storage_.settle();
}

}  // namespace
}  // namespace parley::server

#include "socketio/namespace.h"

#include <gtest/gtest.h>

#include <array>

#include "socketio/test_server.h"

// Events and acknowledgements. Who comes and goes is in server_test.cpp.
namespace parley::socketio {
namespace {

using namespace std::chrono_literals;

struct Join {
  std::string name;
  bool micinf = true;

  static constexpr auto fields() {
    return std::tuple(field("name", &Join::name, {.min = 1}), field("micinf", &Join::micinf));
  }
};

class NamespaceTest : public testing::Test, protected TestServer {};

// --- Handlers.

TEST_F(NamespaceTest, CallsATypedHandlerAndAcknowledgesWithWhatItReturns) {
  io.on("join", [](Socket&, const Join& join) -> Join { return {join.name + "!", !join.micinf}; });
  TestClient client(*this);
  client.send(R"(28["join",{"name":"Ada","micinf":true}])");
  EXPECT_EQ(client.take(), Strings{R"(38[{"name":"Ada!","micinf":false}])"});
}

TEST_F(NamespaceTest, AnswersInvalidArgumentsInsteadOfCallingTheHandler) {
  io.on("join", [](Socket&, const Join&) { FAIL(); });
  TestClient client(*this);
  client.send(R"(21["join",{"name":5,"micinf":true}])");
  client.send(R"(22["join"])");
  client.send(R"(23["join",{"name":"a","micinf":true,"x":1}])");
  client.send(R"(24["join",{"name":"a","micinf":true},1])");
  EXPECT_EQ(
      client.take(),
      (Strings{
          R"(31[{"ok":false,"error":{"code":"invalid","field":"name","message":"must be a string, not a number"}}])",
          R"(32[{"ok":false,"error":{"code":"invalid","field":"","message":"must be an object, not null"}}])",
          R"(33[{"ok":false,"error":{"code":"invalid","field":"x","message":"is not known here"}}])",
          R"(34[{"ok":false,"error":{"code":"invalid","field":"","message":"takes 1 arguments, not 2"}}])"}));
  EXPECT_EQ(io.counters().invalid, 4u);
}

TEST_F(NamespaceTest, TellsInvalidArgumentsByAnEventWhereNoAcknowledgementWasAskedFor) {
  io.on("join", [](Socket&, const Join&) { FAIL(); });
  TestClient client(*this);
  client.send(R"(2["join",1])");
  EXPECT_EQ(
      client.take(),
      Strings{
          R"(2["error",{"ok":false,"error":{"code":"invalid","field":"","message":"must be an object, not a number","event":"join"}}])"});
}

TEST_F(NamespaceTest, ChecksEachOfSeveralArguments) {
  io.on("add", [](Socket&, int a, int b) -> int { return a + b; });
  TestClient client(*this);
  client.send(R"(21["add",2,40])");
  client.send(R"(22["add",2,"x"])");
  EXPECT_EQ(
      client.take(),
      (Strings{
          "31[42]",
          R"(32[{"ok":false,"error":{"code":"invalid","field":"[1]","message":"must be a whole number, not a string"}}])"}));
}

TEST_F(NamespaceTest, LetsAnArgumentBeOptional) {
  io.on("e", [](Socket&, const std::optional<std::string>& a) -> bool { return a.has_value(); });
  TestClient client(*this);
  client.send(R"(21["e"])");
  client.send(R"(22["e","x"])");
  EXPECT_EQ(client.take(), (Strings{"31[false]", "32[true]"}));
}

TEST_F(NamespaceTest, HandsOverArgumentsAsTheyCame) {
  io.on("e", [](Socket&, const Arguments& arguments) -> Arguments { return arguments; });
  TestClient client(*this);
  client.send(R"(21["e",1,"2",{"3":[true]}])");
  EXPECT_EQ(client.take(), Strings{R"(31[1,"2",{"3":[true]}])"});
}

TEST_F(NamespaceTest, TakesAndGivesBinary) {
  constexpr std::array<std::uint8_t, 3> data{1, 2, 3};
  io.on("e", [](Socket& socket, Json::Binary binary, const std::string& text) -> Json::Binary {
    socket.emit("got", static_cast<int>(binary.size()), text);
    binary.pop_back();
    return binary;
  });
  TestClient client(*this);
  client.send(R"(51-1["e",{"_placeholder":true,"num":0},"x"])");
  client.send_binary(data);
  EXPECT_EQ(client.take(),
            (Strings{R"(2["got",3,"x"])", R"(61-1[{"_placeholder":true,"num":0}])", "<2>"}));
  client.send(R"(22["e","no binary","x"])");
  EXPECT_NE(client.take().at(0).find("must be binary, not a string"), std::string::npos);
}

TEST_F(NamespaceTest, AcknowledgesWithNothingWhatReturnsNothing) {
  io.on("e", [](Socket&) {});
  TestClient client(*this);
  client.send(R"(21["e"])");
  client.send(R"(2["e"])");
  EXPECT_EQ(client.take(), Strings{"31[]"});
}

TEST_F(NamespaceTest, LetsAHandlerAnswerLater) {
  std::vector<Acknowledge> acknowledges;
  io.on("e", [&](Socket&, int, Acknowledge acknowledge) {
    acknowledges.push_back(std::move(acknowledge));
  });
  TestClient client(*this);
  client.send(R"(21["e",1])");
  client.send(R"(2["e",2])");
  EXPECT_EQ(client.take(), Strings{});
  EXPECT_TRUE(acknowledges[0]);
  EXPECT_FALSE(acknowledges[1]);
  acknowledges[0]("a", 1);
  acknowledges[0]("twice");
  acknowledges[1]("nobody asked");
  network.settle();
  EXPECT_EQ(client.take(), Strings{R"(31["a",1])"});
  EXPECT_FALSE(acknowledges[0]);
}

TEST_F(NamespaceTest, DropsAnAcknowledgementThatComesAfterTheClientWent) {
  Acknowledge kept;
  io.on("e",
        [&](Socket&, const Arguments&, Acknowledge acknowledge) { kept = std::move(acknowledge); });
  TestClient client(*this);
  client.send(R"(21["e"])");
  client.send("1");
  client.send("0");
  client.take();
  kept("too late");
  network.settle();
  EXPECT_EQ(client.take(), Strings{});
}

TEST_F(NamespaceTest, ReplacesAHandlerThatIsSetAgain) {
  io.on("e", [](Socket&) -> int { return 1; });
  io.on("e", [](Socket&) -> int { return 2; });
  TestClient client(*this);
  client.send(R"(21["e"])");
  EXPECT_EQ(client.take(), Strings{"31[2]"});
}

TEST_F(NamespaceTest, ShowsTheApplicationEveryEventAndThoseThatNobodyHandles) {
  Strings any;
  io.on_any([&](Socket&, std::string_view event, const Arguments& arguments) {
    any.push_back(std::string(event) + std::to_string(arguments.size()));
  });
  io.on("known", [](Socket&) {});
  io.on_unhandled([](Call& call) { call.acknowledge("what is " + std::string(call.event) + "?"); });
  TestClient client(*this);
  client.send(R"(21["known"])");
  client.send(R"(22["unknown",1,2])");
  EXPECT_EQ(any, (Strings{"known0", "unknown2"}));
  EXPECT_EQ(client.take(), (Strings{"31[]", R"(32["what is unknown?"])"}));
  EXPECT_EQ(io.counters().unhandled, 1u);
}

TEST_F(NamespaceTest, KeepsAValueOfTheApplicationWithEachSocket) {
  io.on("count", [](Socket& socket) -> int { return ++socket.data<int>(); });
  TestClient a(*this);
  TestClient b(*this);
  a.send(R"(21["count"])");
  a.send(R"(22["count"])");
  b.send(R"(21["count"])");
  EXPECT_EQ(a.take(), (Strings{"31[1]", "32[2]"}));
  EXPECT_EQ(b.take(), Strings{"31[1]"});
}

// --- Acknowledgements of clients.

TEST_F(NamespaceTest, HandsOverTheClientsAcknowledgement) {
  TestClient client(*this);
  Strings answers;
  io.find(client.id)->emit_with_ack("q", "x", 5s, [&](std::expected<Arguments, AckError> answer) {
    answers.push_back(answer ? answer->at(0).to_text() : std::string(to_string(answer.error())));
  });
  network.settle();
  EXPECT_EQ(client.take(), Strings{R"(20["q","x"])"});
  client.send("30[42]");
  client.send("30[43]");
  network.advance(10s);
  EXPECT_EQ(answers, Strings{"42"});
  EXPECT_EQ(io.counters().stray_packets, 1u);
}

TEST_F(NamespaceTest, GivesUpAnAcknowledgementThatDoesNotCome) {
  TestClient client(*this);
  Strings answers;
  const auto ask = [&] {
    io.find(client.id)->emit_with_ack("q", 5s, [&](std::expected<Arguments, AckError> answer) {
      answers.emplace_back(to_string(answer.error()));
    });
    network.settle();
  };
  ask();
  network.advance(5s - 1us);
  EXPECT_EQ(answers, Strings{});
  network.advance(1us);
  EXPECT_EQ(answers, Strings{"operation has timed out"});
  ask();
  client.lose();
  EXPECT_EQ(answers.back(), "socket has been disconnected");
  network.advance(5s);
  EXPECT_EQ(answers.size(), 2u);
}

TEST_F(NamespaceTest, TakesNoAcknowledgementFromAClientThatWasNotAsked) {
  TestClient client(*this);
  TestClient stranger(*this);
  bool answered = false;
  io.find(client.id)->emit_with_ack("q", 5s, [&](auto) { answered = true; });
  network.settle();
  stranger.send("30[1]");
  EXPECT_FALSE(answered);
}

TEST_F(NamespaceTest, SaysAtOnceThatASocketIsGone) {
  io.on("bye", [](Socket& socket) {
    socket.disconnect();
    std::optional<AckError> error;
    socket.emit_with_ack(
        "q", 5s, [&](std::expected<Arguments, AckError> answer) { error = answer.error(); });
    EXPECT_EQ(error, AckError::kDisconnected);
  });
  TestClient client(*this);
  client.send(R"(2["bye"])");
}

TEST_F(NamespaceTest, CollectsTheAcknowledgementsOfABroadcast) {
  TestClient a(*this), b(*this), c(*this);
  std::optional<Replies> got;
  io.except(c.id).emit_with_ack("vote", 1s, [&](Replies replies) { got = std::move(replies); });
  network.settle();
  EXPECT_EQ(a.take(), Strings{R"(20["vote"])"});
  EXPECT_EQ(c.take(), Strings{});
  a.send("30[1]");
  EXPECT_FALSE(got);
  b.send("30[2]");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->arguments, (std::vector<Arguments>{{1}, {2}}));
  io.emit_with_ack("vote", 1s, [&](Replies replies) { got = std::move(replies); });
  network.settle();
  b.send("31[3]");
  network.advance(1s);
  EXPECT_EQ(got->missing, 2u);
  io.to("nobody").emit_with_ack("vote", 1s, [&](Replies replies) { got = std::move(replies); });
  EXPECT_EQ(got->missing, 0u);
}

}  // namespace
}  // namespace parley::socketio

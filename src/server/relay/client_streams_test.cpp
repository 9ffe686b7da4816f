#include "server/relay/client_streams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/relay/test_turn_user.h"
#include "stun/message_builder.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;

// Answers each packet with so many bytes.
struct Owner final : ClientStreams::Handler {
  void on_stream_packet(const net::Path& path, Bytes) override {
    ++packets;
    if (serves_who_speaks) served.insert(path);
    if (answer.empty()) return;
    streams->send_answer(path, as_bytes(answer));
    most_queued = std::max(most_queued, streams->find(path)->queued());
  }
  void on_stream_closed(const net::Path&) override {}
  bool is_served(const net::Path& path) override { return served.contains(path); }

  ClientStreams* streams = nullptr;
  bool serves_who_speaks = false;
  std::set<net::Path> served;
  std::string answer;
  std::size_t packets = 0;
  std::size_t most_queued = 0;
};

struct ClientStreamsTest : testing::Test {
  void start(RelayConfig limits) {
    config = limits;
    streams.emplace(loop, config, owner);
    owner.streams = &*streams;
    server = streams->listen(at("127.0.0.1:0"), false, io::PortShare{}).value();
  }

  std::unique_ptr<TestStream> connect() {
    const std::size_t before = streams->counters().streams;
    auto client = std::make_unique<TestStream>(loop, server);
    turn_until(loop, [&] { return streams->counters().streams > before; });
    return client;
  }

  void serve(TestStream& client) {
    owner.serves_who_speaks = true;
    const std::size_t before = owner.served.size();
    client.send(request());
    turn_until(loop, [&] { return owner.served.size() > before; });
  }

  static std::vector<std::uint8_t> request() {
    return stun::MessageBuilder(stun::Class::kRequest, stun::Method::kBinding, {}).take();
  }

  io::EventLoop loop;
  RelayConfig config;
  Owner owner;
  std::optional<ClientStreams> streams;
  net::SocketAddress server;
};

TEST_F(ClientStreamsTest, LetsTheOldestStrangerMakeRoom) {
  start({.max_streams = 3});
  const auto oldest = connect();
  const auto second = connect();
  const auto third = connect();
  serve(*oldest);
  const auto fourth = connect();
  turn_until(loop, [&] { return second->ended; });
  EXPECT_FALSE(oldest->ended) << "no stranger";
  EXPECT_EQ(streams->counters().closed_for_room, 1u);
  serve(*third);
  serve(*fourth);
  TestStream refused(loop, server);
  turn_until(loop, [&] { return refused.ended; });
  EXPECT_EQ(streams->counters().refused_full, 1u);
  EXPECT_EQ(streams->open_streams(), 3u);
  EXPECT_FALSE(oldest->ended || third->ended || fourth->ended);
}

TEST_F(ClientStreamsTest, HasStrangersForATimeWhateverTheySay) {
  start({.stranger_timeout = 20ms});
  const auto chatty = connect();
  turn_until(loop, [&] {
    chatty->send(request());
    return chatty->ended;
  });
  EXPECT_GT(owner.packets, 0u);
  EXPECT_EQ(streams->counters().closed_idle, 1u);
}

// Who asks and does not read: in tiny questions, each of which has a longer answer.
TEST_F(ClientStreamsTest, ReadsNoQuestionsOfWhoReadsNoAnswers) {
  start({.max_queued_answers = 10'000});
  owner.answer = std::string(2'000, 'x');
  constexpr std::size_t kQuestions = 20'000;  // Beyond what the kernel takes of their answers.
  const auto client = connect();
  std::size_t received = 0;
  client->on_bytes = [&](Bytes bytes) { received += bytes.size(); };
  client->pause();
  for (std::size_t i = 0; i < kQuestions; ++i) client->send(request());
  std::size_t before = 0;
  do {  // Until no more of them is read.
    before = owner.packets;
    for (int i = 0; i < 5; ++i) loop.run_turn(1ms);
  } while (owner.packets > before);
  EXPECT_GT(owner.packets, 0u);
  EXPECT_LT(owner.packets, kQuestions);
  client->resume();
  turn_until(loop, [&] { return received == kQuestions * owner.answer.size(); });
  EXPECT_EQ(owner.packets, kQuestions);
  EXPECT_LE(owner.most_queued, 10'000 + owner.answer.size());
  EXPECT_EQ(streams->counters().closed_slow, 0u);
}

}  // namespace
}  // namespace parley::server

#include "io/driver.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/clock.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

template <class Condition>
void turn_until(EventLoop& loop, Condition done) {
  const Time give_up = monotonic_now() + 5s;
  while (!done() && monotonic_now() < give_up) loop.run_turn(10ms);
  ASSERT_TRUE(done());
}

// Sends a packet each `interval`, and says what it hears. To "connect" and to "close" it is told.
class Talker {
 public:
  struct Input {
    net::Path path = {};
    std::span<std::uint8_t> payload = {};
  };
  struct Transmit {
    net::Path path = {};
    std::vector<std::uint8_t> payload = {};
  };
  struct ConnectTcp {
    net::Path path = {};
  };
  struct CloseTcp {
    net::Path path = {};
  };
  struct Heard {
    net::Path path = {};
    std::string text = {};
  };
  struct Ended {
    net::Path path = {};
  };
  using Output = std::variant<Transmit, ConnectTcp, CloseTcp, Heard, Ended>;

  void talk(Time now, const net::Path& path, Duration interval) {
    path_ = path;
    interval_ = interval;
    due_ = now;
  }
  void connect(const net::Path& path) { outputs_.push_back(ConnectTcp{path}); }
  void close(const net::Path& path) { outputs_.push_back(CloseTcp{path}); }
  void tcp_connected(Time now, const net::Path&, const net::Path& actual) { talk(now, actual, 1h); }
  void tcp_closed(Time, const net::Path& path) { outputs_.push_back(Ended{path}); }

  void handle_input(Time, Input input) {
    outputs_.push_back(Heard{input.path, std::string(as_text(input.payload))});
  }
  void handle_timeout(Time now) {
    if (now < due_) return;
    due_ = now + interval_;
    const Bytes text = as_bytes("hello");
    outputs_.push_back(Transmit{path_, {text.begin(), text.end()}});
  }
  std::optional<Output> poll_output() {
    std::optional<Output> output;
    if (outputs_.empty()) return output;
    output.emplace(std::move(outputs_.front()));
    outputs_.pop_front();
    return output;
  }
  Time next_deadline() const { return due_; }

 private:
  net::Path path_;
  Duration interval_ = 1h;
  Time due_ = kNever;
  std::deque<Output> outputs_;
};

static_assert(PathEngine<Talker>);

// One that leaves TCP to a part of it.
struct TalkerWithAgent : Talker {
  Talker& ice() { return *this; }
  void tcp_connected() = delete;
  void tcp_closed() = delete;
};

template <class Engine>
struct NodeOf {
  explicit NodeOf(EventLoop& loop)
      : driver(std::make_unique<PathDriver<Engine>>(loop, talker, [this](Talker::Output output) {
          if (auto* const heard = std::get_if<Talker::Heard>(&output)) said.push_back(*heard);
          if (auto* const ended = std::get_if<Talker::Ended>(&output)) ends.push_back(ended->path);
          if (then) then();
        })) {}

  Engine talker;
  std::vector<Talker::Heard> said;
  std::vector<net::Path> ends;
  std::function<void()> then;
  std::unique_ptr<PathDriver<Engine>> driver;
};

using Node = NodeOf<Talker>;

TEST(PathDriver, RunsAnEngineOverUdpInItsOwnTime) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto from = a.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  const auto to = b.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  a.talker.talk(a.driver->now(), {.local = from, .remote = to}, 1ms);
  a.driver->settle();
  turn_until(loop, [&] { return b.said.size() >= 5; });
  EXPECT_EQ(b.said[0].text, "hello");
  EXPECT_EQ(b.said[0].path, (net::Path{.local = to, .remote = from}));
}

template <class Engine>
void connect_over_tcp() {
  EventLoop loop;
  NodeOf<Engine> a(loop);
  NodeOf<Engine> b(loop);
  const auto to = b.driver->sockets().listen_tcp(address("127.0.0.1:0")).value();
  a.talker.connect(
      {.transport = net::Transport::kTcp, .local = address("127.0.0.1:0"), .remote = to});
  a.driver->settle();
  turn_until(loop, [&] { return b.said.size() == 1; });
  const net::Path back = b.said[0].path;
  EXPECT_EQ(back.local, to);
  a.talker.close({.transport = net::Transport::kTcp, .local = back.remote, .remote = to});
  a.driver->settle();
  turn_until(loop, [&] { return b.ends.size() == 1; });
  EXPECT_EQ(b.ends[0], back);
  EXPECT_TRUE(a.ends.empty());
}

TEST(PathDriver, ConnectsOverTcpAndTellsOfTheEnd) {
  connect_over_tcp<Talker>();
  connect_over_tcp<TalkerWithAgent>();
}

TEST(PathDriver, TakesCommandsFromWhomItTells) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto from = a.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  const auto to = b.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  bool answered = false;
  b.then = [&] {
    if (std::exchange(answered, true)) return;
    b.talker.talk(b.driver->now(), {.local = to, .remote = from}, 1h);
    b.driver->settle();
  };
  a.talker.talk(a.driver->now(), {.local = from, .remote = to}, 1h);
  a.driver->settle();
  turn_until(loop, [&] { return a.said.size() == 1; });
}

TEST(PathDriver, MayBeDestroyedByWhomItTells) {
  EventLoop loop;
  Node a(loop);
  Node b(loop);
  const auto from = a.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  const auto to = b.driver->sockets().open_udp(address("127.0.0.1:0")).value();
  b.then = [&] { b.driver.reset(); };
  a.talker.talk(a.driver->now(), {.local = from, .remote = to}, 1ms);
  a.driver->settle();
  turn_until(loop, [&] { return b.driver == nullptr; });
  EXPECT_EQ(b.said.size(), 1u);
}

// An engine without paths runs as well.
struct Countdown {
  struct Input {};
  struct Output {
    int left = 0;
  };
  void handle_input(Time now, Input) { due = now; }
  void handle_timeout(Time now) {
    pending = --left;
    due = left > 0 ? now + 1ms : kNever;
  }
  std::optional<Output> poll_output() {
    if (!pending) return std::nullopt;
    return Output{*std::exchange(pending, std::nullopt)};
  }
  Time next_deadline() const { return due; }

  int left = 3;
  std::optional<int> pending;
  Time due = kNever;
};

TEST(Driver, ComesBackAtEachDeadlineAndThenRests) {
  EventLoop loop;
  Countdown countdown;
  std::vector<int> told;
  Driver driver(loop, countdown, [&](Countdown::Output output) { told.push_back(output.left); });
  driver.settle();
  for (int i = 0; i < 3; ++i) loop.run_turn(1ms);
  EXPECT_TRUE(told.empty());
  driver.handle_input({});
  turn_until(loop, [&] { return told.size() == 3; });
  EXPECT_EQ(told, (std::vector{2, 1, 0}));
  for (int i = 0; i < 3; ++i) loop.run_turn(1ms);
  EXPECT_EQ(told.size(), 3u);
}

}  // namespace
}  // namespace parley::io

#include "io/tcp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/log.h"
#include "io/clock.h"

namespace parley::io {
namespace {

using namespace std::chrono_literals;

const net::SocketAddress kLoopback = net::SocketAddress::parse("127.0.0.1:0").value();

// Turns the loop until `done`, five seconds at most.
template <class Condition>
void turn_until(EventLoop& loop, Condition done) {
  const Time give_up = monotonic_now() + 5s;
  while (!done() && monotonic_now() < give_up) loop.run_turn(10ms);
  ASSERT_TRUE(done());
}

// Keeps what a stream tells, and does what the test asks for in the middle of it.
struct Peer final : TcpStream::Handler {
  Peer(EventLoop& loop, int fd, TcpStream::Limits limits = {})
      : stream(std::make_unique<TcpStream>(loop, fd, kLoopback, *this, limits)) {}

  void on_data(Bytes data) override {
    received += as_text(data);
    if (then) then();
  }
  void on_drained() override {
    ++times_drained;
    if (on_drain) on_drain();
  }
  void on_ended(StreamEnd end) override {
    ended = end;
    if (destroy_at_end) stream.reset();
  }
  void send(std::string_view text) { stream->send(SharedBytes(text)); }

  std::unique_ptr<TcpStream> stream;
  std::string received;
  std::function<void()> then;
  std::function<void()> on_drain;
  std::optional<StreamEnd> ended;
  int times_drained = 0;
  bool destroy_at_end = false;
};

// A stream of ours, and the bare socket at its other end.
struct TcpStreamTest : testing::Test {
  TcpStreamTest() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    ours.emplace(loop, fds[0]);
    theirs.reset(fds[1]);
  }

  void make_ours(TcpStream::Limits limits) {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    ours.emplace(loop, fds[0], limits);
    theirs.reset(fds[1]);
  }

  void write(std::string_view text) {
    ASSERT_EQ(::send(theirs.get(), text.data(), text.size(), 0), std::ssize(text));
  }

  // What waits in the bare socket.
  std::string read() {
    std::string text;
    std::vector<char> buffer(1 << 20);
    for (;;) {
      const ssize_t size = ::recv(theirs.get(), buffer.data(), buffer.size(), 0);
      if (size <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  EventLoop loop;
  std::optional<Peer> ours;
  Fd theirs;
};

TEST_F(TcpStreamTest, HandsOverWhatArrives) {
  write("hello");
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "hello");
}

TEST_F(TcpStreamTest, ReadsOnAfterMoreThanOneBuffer) {
  const std::string large(150'000, 'x');
  write(large);
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received.size(), large.size());
}

TEST_F(TcpStreamTest, SendsAllOfATurnInOneWriteAtItsEnd) {
  ours->stream->send(as_bytes("a"), SharedBytes(std::string_view("b")));
  ours->send("cd");
  EXPECT_EQ(read(), "");
  EXPECT_EQ(ours->stream->queued(), 4u);
  loop.run_turn(0ms);
  EXPECT_EQ(read(), "abcd");
  EXPECT_EQ(ours->stream->queued(), 0u);
}

TEST_F(TcpStreamTest, SendsInTheSameTurnWhatADeferredCallQueues) {
  loop.defer([&] { loop.defer([&] { ours->send("late"); }); });
  loop.run_turn(0ms);
  EXPECT_EQ(read(), "late");
}

TEST_F(TcpStreamTest, AnswersInTheTurnInWhichItWasAsked) {
  ours->then = [&] { ours->send("pong"); };
  write("ping");
  loop.run_turn(0ms);
  EXPECT_EQ(read(), "pong");
}

TEST_F(TcpStreamTest, WaitsForASlowPeerAndTellsWhenItHasDrained) {
  const std::string large(3 << 20, 'x');
  ours->send(large);
  loop.run_turn(0ms);
  EXPECT_GT(ours->stream->queued(), 0u);
  EXPECT_EQ(ours->times_drained, 0);
  std::string got;
  turn_until(loop, [&] {
    got += read();
    return ours->times_drained == 1;
  });
  got += read();
  EXPECT_TRUE(got == large);
}

TEST_F(TcpStreamTest, SendsInTheSameTurnWhatIsQueuedOnDraining) {
  ours->on_drain = [&] { ours->send("next"); };
  ours->send(std::string(1 << 20, 'x'));
  std::string got;
  turn_until(loop, [&] {
    got += read();
    return ours->times_drained > 0;
  });
  got += read();
  EXPECT_EQ(got.size(), (1u << 20) + 4);
  EXPECT_TRUE(got.ends_with("xnext"));
}

TEST_F(TcpStreamTest, TellsNoDrainingWhereNothingWaited) {
  ours->send("small");
  loop.run_turn(0ms);
  loop.run_turn(0ms);
  EXPECT_EQ(ours->times_drained, 0);
}

TEST_F(TcpStreamTest, GivesUpASlowReaderButNotInsideSend) {
  make_ours({.max_queued = 1 << 20});
  for (int i = 0; i < 40 && !ours->ended; ++i) {
    ours->send(std::string(100'000, 'x'));
    EXPECT_FALSE(ours->ended);
    EXPECT_LE(ours->stream->queued(), std::size_t{1 << 20} + 100'000);
    loop.run_turn(0ms);
  }
  EXPECT_EQ(ours->ended, StreamEnd::kSlowReader);
  EXPECT_FALSE(ours->stream->is_open());
}

TEST_F(TcpStreamTest, KeepsAReaderThatReadsHoweverMuchOneTurnBrings) {
  make_ours({.max_queued = 10'000});
  for (int i = 0; i < 20; ++i) ours->send(std::string(1000, 'x'));  // The kernel takes them.
  loop.run_turn(0ms);
  EXPECT_FALSE(ours->ended);
  EXPECT_EQ(read().size(), 20'000u);
}

TEST_F(TcpStreamTest, AsksTheKernelOnceMoreBeforeItGivesUpAReader) {
  make_ours({.max_queued = 10'000});
  int buffer = 0;
  socklen_t size = sizeof buffer;
  ::getsockopt(theirs.get(), SOL_SOCKET, SO_SNDBUF, &buffer, &size);
  const std::string large(static_cast<std::size_t>(buffer) + 50'000, 'x');
  ours->send(large);
  loop.run_turn(0ms);
  ASSERT_GT(ours->stream->queued(), 10'000u);
  std::string got = read();  // The peer reads while our turn lasts.
  ours->send("more");
  loop.run_turn(0ms);
  EXPECT_FALSE(ours->ended);
  got += read();
  EXPECT_EQ(got.size(), large.size() + 4);
}

TEST_F(TcpStreamTest, LetsOneMessageExceedTheLimit) {
  make_ours({.max_queued = 1000});
  const std::string large(2 << 20, 'x');
  ours->send(large);
  std::string got;
  turn_until(loop, [&] {
    got += read();
    return got.size() == large.size();
  });
  EXPECT_FALSE(ours->ended);
}

TEST_F(TcpStreamTest, TellsOfAnOrderlyEndAfterTheLastData) {
  write("bye");
  theirs.reset();
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "bye");
  EXPECT_EQ(ours->ended, StreamEnd::kClosedByPeer);
}

TEST_F(TcpStreamTest, AnswersAPeerThatClosedItsHalfOnly) {
  ours->then = [&] { ours->send("answer"); };
  write("question");
  ::shutdown(theirs.get(), SHUT_WR);
  loop.run_turn(0ms);
  EXPECT_EQ(read(), "answer");
  EXPECT_EQ(ours->ended, StreamEnd::kClosedByPeer);
}

TEST_F(TcpStreamTest, TellsOfABrokenConnectionWhenItWrites) {
  ours->stream->pause_reading();
  theirs.reset();
  ours->send("x");
  loop.run_turn(0ms);
  EXPECT_EQ(ours->ended, StreamEnd::kReset);
}

TEST_F(TcpStreamTest, HandsOverNothingWhilePaused) {
  ours->stream->pause_reading();
  write("one");
  loop.run_turn(0ms);
  write("two");
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "");
  ours->stream->resume_reading();
  EXPECT_EQ(ours->received, "");  // Not inside resume_reading().
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "onetwo");
}

TEST_F(TcpStreamTest, MayBePausedInTheMiddleOfItsInput) {
  ours->then = [&] { ours->stream->pause_reading(); };
  write(std::string(100'000, 'x'));
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received.size(), 64u << 10);
  ours->stream->resume_reading();
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received.size(), 100'000u);
}

TEST_F(TcpStreamTest, TellsOfTheEndOnlyOnceReadingIsResumed) {
  ours->stream->pause_reading();
  write("last");
  theirs.reset();
  loop.run_turn(0ms);
  EXPECT_FALSE(ours->ended);
  ours->stream->resume_reading();
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "last");
  EXPECT_EQ(ours->ended, StreamEnd::kClosedByPeer);
}

TEST_F(TcpStreamTest, SendsAllThatIsQueuedBeforeItCloses) {
  const std::string large(1 << 20, 'x');
  ours->send(large);
  ours->stream->close_after_sending();
  ours->send("too late");
  std::string got;
  turn_until(loop, [&] {
    got += read();
    return got.size() >= large.size();
  });
  turn_until(loop, [&] {
    char byte;
    return ::recv(theirs.get(), &byte, 1, 0) == 0;
  });
  EXPECT_EQ(got.size(), large.size());
  EXPECT_FALSE(ours->ended);
  write("unheard");
  theirs.reset();
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "");
  EXPECT_EQ(ours->ended, StreamEnd::kClosedByPeer);
}

TEST_F(TcpStreamTest, TellsNothingAfterClose) {
  ours->send("never sent");
  write("never read");
  ours->stream->close();
  ours->send("nor this");
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received, "");
  EXPECT_FALSE(ours->ended);
  EXPECT_EQ(read(), "");
}

TEST_F(TcpStreamTest, MayBeDestroyedByWhomItTells) {
  ours->then = [&] { ours->stream.reset(); };
  write(std::string(100'000, 'x'));
  loop.run_turn(0ms);
  EXPECT_EQ(ours->stream, nullptr);

  make_ours({});
  ours->destroy_at_end = true;
  theirs.reset();
  loop.run_turn(0ms);
  EXPECT_EQ(ours->stream, nullptr);

  make_ours({});
  ours->on_drain = [&] { ours->stream.reset(); };
  ours->send(std::string(1 << 20, 'x'));
  turn_until(loop, [&] {
    read();
    return ours->stream == nullptr;
  });
}

TEST_F(TcpStreamTest, MayBeClosedInTheMiddleOfItsInput) {
  ours->then = [&] { ours->stream->close(); };
  write(std::string(100'000, 'x'));
  loop.run_turn(0ms);
  EXPECT_EQ(ours->received.size(), 64u << 10);
}

TEST_F(TcpStreamTest, LeavesTheLoopToOthersWhenItsPeerNeverStops) {
  int turns = 0;
  std::size_t before = 0;
  for (; turns < 10; ++turns) {
    while (::send(theirs.get(), std::string(8192, 'x').data(), 8192, 0) > 0) {
    }
    loop.run_turn(0ms);
    EXPECT_LE(ours->received.size() - before, 2u << 20);
    before = ours->received.size();
  }
}

TEST_F(TcpStreamTest, IsSmallWhenIdle) {
  EXPECT_LE(sizeof(TcpStream), 200u);
}

struct TcpListenerTest : testing::Test {
  std::unique_ptr<TcpListener> listen(std::string_view address) {
    auto made = TcpListener::listen(loop, net::SocketAddress::parse(address).value(),
                                    [&](int fd, net::SocketAddress from) {
                                      peers.push_back(from);
                                      accepted.emplace_back(loop, fd);
                                    });
    EXPECT_TRUE(made.has_value()) << made.error();
    return *std::move(made);
  }

  EventLoop loop;
  std::vector<net::SocketAddress> peers;
  std::deque<Peer> accepted;
};

TEST_F(TcpListenerTest, CarriesALongConversationBothWaysOverRealTcp) {
  const auto listener = listen("127.0.0.1:0");
  EXPECT_NE(listener->address().port, 0);
  Peer client(loop, connect_tcp(listener->address()).value());
  client.send("first");  // Before it is connected.
  turn_until(loop, [&] { return !accepted.empty() && accepted[0].received == "first"; });
  Peer& server = accepted[0];
  std::mt19937 random{1};
  std::string to_server = "first";
  std::string to_client;
  for (int i = 0; i < 2000; ++i) {
    const std::string part(random() % (i % 100 == 0 ? 200'000 : 300), static_cast<char>(random()));
    client.stream->send(as_bytes("c"), SharedBytes(part));
    server.stream->send(as_bytes("s"), SharedBytes(part));
    to_server += "c" + part;
    to_client += "s" + part;
    if (i % 7 == 0) loop.run_turn(0ms);
  }
  turn_until(loop, [&] {
    return server.received.size() == to_server.size() && client.received.size() == to_client.size();
  });
  EXPECT_TRUE(server.received == to_server);
  EXPECT_TRUE(client.received == to_client);
}

TEST_F(TcpListenerTest, AcceptsEveryoneInAnArrivalOfMany) {
  const auto listener = listen("127.0.0.1:0");
  constexpr std::size_t kClients = 300;
  std::deque<Peer> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back(loop, connect_tcp(listener->address()).value());
  }
  turn_until(loop, [&] { return accepted.size() == kClients; });
  EXPECT_EQ(listener->counters().accepted, kClients);
}

TEST_F(TcpListenerTest, TakesBothFamiliesOnTheUnspecifiedIpv6Address) {
  const auto listener = listen("[::]:0");
  const std::uint16_t port = listener->address().port;
  std::deque<Peer> clients;
  std::vector<std::string> expected = {"127.0.0.1"};
  clients.emplace_back(loop, connect_tcp({kLoopback.ip, port}).value());
  if (const auto fd = connect_tcp({net::IpAddress::parse("::1").value(), port})) {
    clients.emplace_back(loop, *fd);
    expected.push_back("::1");
  }
  turn_until(loop, [&] { return peers.size() == expected.size(); });
  std::vector<std::string> seen;
  for (const auto& peer : peers) seen.push_back(peer.ip.to_string());
  std::ranges::sort(seen);
  EXPECT_EQ(seen, expected);
}

TEST_F(TcpListenerTest, SaysInASentenceWhyItCannotListen) {
  const auto listener = listen("127.0.0.1:0");
  const auto again = TcpListener::listen(loop, listener->address(), [](int, auto) {});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(),
            "cannot listen on " + listener->address().to_string() + ": Address already in use");
  const auto foreign =
      TcpListener::listen(loop, net::SocketAddress::parse("192.0.2.1:0").value(), [](int, auto) {});
  ASSERT_FALSE(foreign.has_value());
}

TEST_F(TcpListenerTest, MayBeDestroyedByWhomItTells) {
  std::unique_ptr<TcpListener> listener;
  listener = TcpListener::listen(loop, kLoopback, [&](int fd, net::SocketAddress) {
               ::close(fd);
               listener.reset();
             }).value();
  const auto address = listener->address();
  Peer first(loop, connect_tcp(address).value());
  Peer second(loop, connect_tcp(address).value());
  turn_until(loop, [&] { return listener == nullptr; });
}

TEST_F(TcpListenerTest, PausesWithoutDescriptorsAndGoesOnOnceThereAreSome) {
  const auto listener = listen("127.0.0.1:0");
  // One client and one log line before: the sanitizers need descriptors of their own when they
  // first see a type.
  Peer early(loop, connect_tcp(listener->address()).value());
  turn_until(loop, [&] { return accepted.size() == 1; });
  log::warning("io", "{} will run out of descriptors", listener->address().to_string());

  Peer client(loop, connect_tcp(listener->address()).value());
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);  // Shows how many are taken.
  ::close(next);
  const rlimit none = {static_cast<rlim_t>(next), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  turn_until(loop, [&] { return listener->counters().pauses == 1; });
  EXPECT_EQ(accepted.size(), 1u);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  turn_until(loop, [&] { return accepted.size() == 2; });
}

TEST_F(TcpListenerTest, ARefusedConnectionEndsWithAReset) {
  net::SocketAddress gone;
  { gone = listen("127.0.0.1:0")->address(); }
  Peer client(loop, connect_tcp(gone).value());
  client.send("anyone?");
  turn_until(loop, [&] { return client.ended.has_value(); });
  EXPECT_EQ(client.ended, StreamEnd::kReset);
}

TEST_F(TcpListenerTest, AResetIsToldEvenToWhoPausedReading) {
  const auto listener = listen("127.0.0.1:0");
  const int fd = connect_tcp(listener->address()).value();
  turn_until(loop, [&] { return accepted.size() == 1; });
  accepted[0].stream->pause_reading();
  const linger hard = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(fd);
  turn_until(loop, [&] { return accepted[0].ended.has_value(); });
  EXPECT_EQ(accepted[0].ended, StreamEnd::kReset);
}

}  // namespace
}  // namespace parley::io

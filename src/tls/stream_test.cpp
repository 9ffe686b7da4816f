#include "tls/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "io/event_loop.h"
#include "tls/test_certificate.h"

namespace parley::tls {
namespace {

// One end of a connection, and what it was told.
class End final : public Stream::Handler {
 public:
  End(io::EventLoop& loop, int fd, std::unique_ptr<Session> session,
      std::size_t max_queued = 1 << 20)
      : stream(std::make_unique<Stream>(loop, fd, net::SocketAddress(), std::move(session), *this,
                                        io::TcpStream::Limits{.max_queued = max_queued})) {}
  End(io::EventLoop& loop, Handover handover)
      : stream(
            std::make_unique<Stream>(loop, std::move(handover), *this, io::TcpStream::Limits{})) {}

  void on_secured() override { secured = true; }
  void on_data(Bytes data) override {
    heard += as_text(data);
    if (pause_at && heard.size() >= *pause_at) stream->pause_reading();
    if (close_at && heard.size() >= *close_at) stream->close();
    if (destroy_at && heard.size() >= *destroy_at) stream.reset();
  }
  void on_tls_failed(std::string_view problem) override { failed = problem; }
  void on_ended(io::StreamEnd end) override { ended = end; }

  void say(std::string_view text) { stream->send(SharedBytes(text)); }

  std::unique_ptr<Stream> stream;
  std::string heard, failed;
  bool secured = false;
  std::optional<io::StreamEnd> ended;
  std::optional<std::size_t> pause_at, close_at, destroy_at;
};

class TlsStream : public testing::Test {
 protected:
  TlsStream() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds_.data()) != 0) {
      std::abort();
    }
  }
  std::unique_ptr<Session> accept() { return Session::accept(*server_context_, kAllProtocols); }
  std::unique_ptr<Session> connect(const std::string& name = "localhost") {
    return Session::connect(*client_context_, name, kTurnAndStun);
  }

  template <class Predicate>
  bool wait_until(Predicate predicate) {
    for (int turns = 0; turns < 5'000 && !predicate(); ++turns) {
      loop_.run_turn(std::chrono::milliseconds{1});
    }
    return predicate();
  }
  void settle() {
    for (int i = 0; i < 20; ++i) loop_.run_turn(Duration());
  }

  const TestCertificate certificate_;
  const std::shared_ptr<const Context> server_context_ = certificate_.for_server();
  const std::shared_ptr<const Context> client_context_ = certificate_.for_clients();
  io::EventLoop loop_;
  std::array<int, 2> fds_ = {};
};

TEST_F(TlsStream, CarriesTextBothWaysWithTlsAndWithout) {
  for (const bool is_secure : {true, false}) {
    std::array<int, 2> fds = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    End server(loop_, fds[0], is_secure ? accept() : nullptr);
    End client(loop_, fds[1], is_secure ? connect() : nullptr);
    const std::string large(300'000, 'x');
    client.say("early ");  // Before TLS is agreed on.
    client.stream->send(as_bytes("\x81\x02"), SharedBytes("hi"));
    client.say(large);
    server.say(is_secure ? "" : "answer");
    ASSERT_TRUE(wait_until([&] { return server.heard.size() == 10 + large.size(); }));
    EXPECT_TRUE(server.heard.starts_with("early \x81\x02hixx"));
    if (is_secure) server.say("answer");
    ASSERT_TRUE(wait_until([&] { return client.heard == "answer"; }));
    EXPECT_EQ(server.secured, is_secure);
    EXPECT_EQ(client.secured, is_secure);
    if (is_secure) {
      EXPECT_EQ(server.stream->session()->protocol(), kTurn);
    }
    client.say("last words");
    client.stream->close_after_sending();
    ASSERT_TRUE(wait_until([&] { return server.ended.has_value(); }));
    EXPECT_EQ(server.ended, io::StreamEnd::kClosedByPeer);
    EXPECT_TRUE(server.heard.ends_with("last words"));
  }
}

TEST_F(TlsStream, ClosesAfterWhatWasSentEarly) {
  End server(loop_, fds_[0], accept());
  End client(loop_, fds_[1], connect());
  client.say("the only words");
  client.stream->close_after_sending();
  ASSERT_TRUE(wait_until([&] { return server.ended.has_value(); }));
  EXPECT_EQ(server.heard, "the only words");
  EXPECT_FALSE(client.secured) << "nothing is told after it";
}

TEST_F(TlsStream, TellsBothWhyTlsFailed) {
  End server(loop_, fds_[0], accept());
  End client(loop_, fds_[1], connect("other.example"));
  ASSERT_TRUE(wait_until([&] { return !server.failed.empty(); }));
  EXPECT_EQ(client.failed, "the certificate is for another name");
  EXPECT_TRUE(server.failed.starts_with("the other side refused: ")) << server.failed;
  EXPECT_TRUE(wait_until([&] { return client.ended && server.ended; }));
}

TEST_F(TlsStream, KeepsWhatComesWhileReadingIsPaused) {
  End server(loop_, fds_[0], accept());
  End client(loop_, fds_[1], connect());
  server.pause_at = 1;
  client.say(std::string(40'000, 'x'));  // Three records, which may come in one read.
  ASSERT_TRUE(wait_until([&] { return !server.heard.empty(); }));
  const std::size_t told = server.heard.size();
  client.say("end");
  client.stream->close_after_sending();
  settle();
  EXPECT_EQ(server.heard.size(), told);
  EXPECT_FALSE(server.ended);
  server.pause_at.reset();
  server.stream->resume_reading();
  ASSERT_TRUE(wait_until([&] { return server.ended.has_value(); }));
  EXPECT_EQ(server.heard, std::string(40'000, 'x') + "end");
}

TEST_F(TlsStream, TellsOfNoEndWhileReadingIsPaused) {
  End server(loop_, fds_[0], accept());
  End client(loop_, fds_[1], connect());
  server.pause_at = 5;  // All that there is.
  client.say("words");
  client.stream->close_after_sending();
  ASSERT_TRUE(wait_until([&] { return server.heard == "words"; }));
  settle();
  EXPECT_FALSE(server.ended);
  server.stream->resume_reading();
  EXPECT_FALSE(server.ended) << "not inside the call";
  ASSERT_TRUE(wait_until([&] { return server.ended.has_value(); }));
}

TEST_F(TlsStream, MayBeClosedOrDestroyedWhileItTells) {
  for (const bool destroy : {false, true}) {
    std::array<int, 2> fds = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    End server(loop_, fds[0], accept());
    End client(loop_, fds[1], connect());
    (destroy ? server.destroy_at : server.close_at) = 1;
    client.say(std::string(40'000, 'x'));
    ASSERT_TRUE(wait_until([&] { return client.ended.has_value(); }));
    EXPECT_LE(server.heard.size(), Session::kMaxRecord);
    EXPECT_FALSE(server.ended);
  }
}

TEST_F(TlsStream, GivesUpOnWhoSaysTooMuchTooEarly) {
  End client(loop_, fds_[1], connect(), 1000);
  for (int i = 0; i < 3; ++i) client.say(std::string(800, 'x'));
  EXPECT_FALSE(client.ended) << "not inside send()";
  ASSERT_TRUE(wait_until([&] { return client.ended.has_value(); }));
  EXPECT_EQ(client.ended, io::StreamEnd::kSlowReader);
  ::close(fds_[0]);
}

// The first owner has heard a part, another waits in the kernel, and an answer has not left yet.
TEST_F(TlsStream, GoesOnWithAnotherOwnerOnAnotherThread) {
  for (const bool is_secure : {true, false}) {
    std::array<int, 2> fds = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    const int small = 4096;
    ::setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    End client(loop_, fds[1], is_secure ? connect() : nullptr);
    client.stream->pause_reading();
    std::optional<End> first;
    first.emplace(loop_, fds[0], is_secure ? accept() : nullptr);
    client.say("one ");
    if (is_secure) client.stream->resume_reading();
    ASSERT_TRUE(wait_until([&] { return first->heard == "one "; }));
    client.stream->pause_reading();
    first->say(std::string(200'000, 'y'));
    settle();  // Now the kernel takes no more of it.
    ASSERT_GT(first->stream->queued(), 0u);
    client.say("two ");
    loop_.run_turn(Duration());
    Handover handover = first->stream->release();
    EXPECT_FALSE(handover.unsent.empty());
    handover.received.insert(handover.received.begin(), {'o', 'n', 'e', ' '});
    first.reset();

    std::string heard;
    std::thread other([&heard, moved = std::move(handover)]() mutable {
      io::EventLoop loop;
      End second(loop, std::move(moved));
      for (int turns = 0; turns < 5'000 && second.heard.size() < 14; ++turns) {
        loop.run_turn(std::chrono::milliseconds{1});
      }
      second.say("done");
      second.stream->close_after_sending();
      for (int turns = 0; turns < 5'000 && !second.ended; ++turns) {
        loop.run_turn(std::chrono::milliseconds{1});
      }
      heard = second.heard;
    });
    client.stream->resume_reading();
    client.say("three ");
    EXPECT_TRUE(wait_until([&] { return client.ended.has_value(); }));
    client.stream->close();
    other.join();
    EXPECT_EQ(heard, "one two three ");
    EXPECT_EQ(client.heard, std::string(200'000, 'y') + "done");
  }
}

}  // namespace
}  // namespace parley::tls

#include "io/server_streams.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/tcp_listener.h"

namespace parley::io {
namespace {

// Writes down what it is told, and ends the loop at the end of a stream.
struct Told final : ServerStreams::Handler {
  explicit Told(EventLoop& on) : loop(on) {}
  void on_server_connected(ServerStreams::Id id) override {
    said.push_back("connected " + std::to_string(id));
    streams->send(id, as_bytes("question"));
  }
  void on_server_data(ServerStreams::Id id, Bytes bytes) override {
    said.push_back("data " + std::to_string(id) + " " + std::string(as_text(bytes)));
    if (closes) {
      streams->close(id);
      loop.stop();
    }
  }
  void on_server_closed(ServerStreams::Id id) override {
    said.push_back("closed " + std::to_string(id));
    loop.stop();
  }

  EventLoop& loop;
  ServerStreams* streams = nullptr;
  bool closes = false;
  std::vector<std::string> said;
};

// Answers once, then closes.
struct Server final : TcpStream::Handler {
  explicit Server(EventLoop& loop) {
    listener = TcpListener::listen(loop, net::SocketAddress::parse("127.0.0.1:0").value(),
                                   [this, &loop](int fd, const net::SocketAddress& peer) {
                                     stream = std::make_unique<TcpStream>(loop, fd, peer, *this,
                                                                          TcpStream::Limits{});
                                   })
                   .value();
  }
  void on_data(Bytes data) override {
    heard += as_text(data);
    stream->send(SharedBytes(as_bytes("answer")));
    stream->close_after_sending();
  }
  void on_ended(StreamEnd) override {}

  std::unique_ptr<TcpListener> listener;
  std::unique_ptr<TcpStream> stream;
  std::string heard;
};

TEST(ServerStreams, CarryBytesUntilTheServerCloses) {
  EventLoop loop;
  Server server(loop);
  Told told(loop);
  ServerStreams streams(loop, told, {});
  told.streams = &streams;
  streams.connect(7, server.listener->address(), false, "");
  loop.run();
  EXPECT_EQ(server.heard, "question");
  EXPECT_EQ(told.said, (std::vector<std::string>{"connected 7", "data 7 answer", "closed 7"}));
}

TEST(ServerStreams, MayBeClosedWhileTheyTell) {
  EventLoop loop;
  Server server(loop);
  Told told(loop);
  told.closes = true;
  ServerStreams streams(loop, told, {});
  told.streams = &streams;
  streams.connect(1, server.listener->address(), false, "");
  loop.run();
  EXPECT_EQ(told.said, (std::vector<std::string>{"connected 1", "data 1 answer"}));
}

TEST(ServerStreams, TellOfAServerThatIsNotThere) {
  EventLoop loop;
  Told told(loop);
  ServerStreams streams(loop, told, {});
  told.streams = &streams;
  net::SocketAddress nobody;
  {
    Server server(loop);
    nobody = server.listener->address();
  }
  streams.connect(2, nobody, false, "");
  loop.run();
  EXPECT_EQ(told.said, std::vector<std::string>{"closed 2"});
}

TEST(ServerStreams, NeverSpeakInClearWhereTlsIsAskedFor) {
  EventLoop loop;
  Server server(loop);
  Told told(loop);
  ServerStreams streams(loop, told, {});
  told.streams = &streams;
  streams.connect(3, server.listener->address(), true, "example.org");
  loop.run();
  EXPECT_EQ(told.said, std::vector<std::string>{"closed 3"});
  EXPECT_EQ(server.heard, "");
}

}  // namespace
}  // namespace parley::io

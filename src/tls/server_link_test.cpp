#include "tls/server_link.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/tcp_listener.h"
#include "tls/stream.h"
#include "tls/test_certificate.h"

namespace parley::tls {
namespace {

// Answers the first word by TLS, then closes.
struct Server final : Stream::Handler {
  Server(io::EventLoop& loop, const Context& context) {
    listener =
        io::TcpListener::listen(loop, net::SocketAddress::parse("127.0.0.1:0").value(),
                                [&, this](int fd, const net::SocketAddress& peer) {
                                  stream = std::make_unique<Stream>(
                                      loop, fd, peer, Session::accept(context, kAllProtocols),
                                      *this, io::TcpStream::Limits{});
                                })
            .value();
  }
  void on_data(Bytes data) override {
    heard += as_text(data);
    protocol = stream->session()->protocol();
    stream->send(SharedBytes("answer"));
    stream->close_after_sending();
  }
  void on_tls_failed(std::string_view) override {}
  void on_ended(io::StreamEnd) override {}

  std::unique_ptr<io::TcpListener> listener;
  std::unique_ptr<Stream> stream;
  std::string heard, protocol;
};

struct Told final : io::ServerStreams::Handler {
  explicit Told(io::EventLoop& on) : loop(on) {}
  void on_server_connected(io::ServerStreams::Id id) override {
    said.emplace_back("connected");
    streams->send(id, as_bytes("question"));
  }
  void on_server_data(io::ServerStreams::Id, Bytes bytes) override {
    said.emplace_back(as_text(bytes));
  }
  void on_server_closed(io::ServerStreams::Id) override {
    said.emplace_back("closed");
    loop.stop();
  }

  io::EventLoop& loop;
  io::ServerStreams* streams = nullptr;
  std::vector<std::string> said;
};

// What a client is told that expects `name`.
std::vector<std::string> told(const TestCertificate& certificate, const std::string& name,
                              std::string& protocol) {
  const auto context = certificate.for_server();
  io::EventLoop loop;
  Server server(loop, *context);
  Told told(loop);
  io::ServerStreams streams(loop, told, {.secure = secure_by(certificate.for_clients())});
  told.streams = &streams;
  streams.connect(1, server.listener->address(), true, name);
  loop.run();
  protocol = server.protocol;
  return told.said;
}

TEST(ServerLink, SpeaksTlsToTheServerThatIsMeant) {
  const TestCertificate certificate;
  for (const char* const name : {"localhost", ""}) {  // By its name, and by its address.
    std::string protocol;
    EXPECT_EQ(told(certificate, name, protocol),
              (std::vector<std::string>{"connected", "answer", "closed"}));
    EXPECT_EQ(protocol, kTurn);
  }
}

TEST(ServerLink, HasNothingToDoWithAnother) {
  std::string protocol;
  EXPECT_EQ(told(TestCertificate(), "a.example", protocol), std::vector<std::string>{"closed"});
}

}  // namespace
}  // namespace parley::tls

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"
#include "http/test_client.h"
#include "http/websocket/test_frames.h"
#include "io/tcp_listener.h"
#include "tls/session.h"
#include "tls/stream.h"
#include "tls/test_certificate.h"

namespace parley::http {
namespace {

class Echo final : public WebSocketHandler {
 public:
  void on_open(WebSocket& socket) override { socket_ = &socket; }
  void on_message(Bytes message, WebSocketKind kind) override {
    socket_->send(SharedBytes(message), kind);
  }
  void on_closed(std::uint16_t, std::string_view) override {}

 private:
  WebSocket* socket_ = nullptr;
};

// A client on TCP that speaks TLS.
class SecureClient {
 public:
  SecureClient(io::EventLoop& loop, const net::SocketAddress& server, const tls::Context& trust)
      : tcp_(loop, server), session_(tls::Session::connect(trust, "localhost", tls::kHttpAlone)) {}

  void send(std::string_view text) {
    const std::array<Bytes, 1> parts = {as_bytes(text)};
    session_->write(parts);
  }
  template <class Predicate>
  bool wait_until(Predicate predicate) {
    return tcp_.wait_until([&] {
      const std::string encrypted = tcp_.take_available();
      session_->handle_input(as_bytes(encrypted));
      std::array<std::uint8_t, tls::Session::kMaxRecord> buffer;
      for (Bytes plain; !(plain = session_->read(buffer)).empty();) received += as_text(plain);
      if (const SharedBytes out = session_->take_output(); !out.empty()) tcp_.send(out.text());
      return predicate();
    });
  }
  tls::Session::State state() const { return session_->state(); }

  std::string received;

 private:
  TestClient tcp_;
  std::unique_ptr<tls::Session> session_;
};

TEST(HttpServerTls, CarriesHttpAndWebSocket) {
  constexpr std::string_view kUpgrade =
      "GET /socket HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  const tls::TestCertificate certificate;
  io::EventLoop loop;
  Server server(loop, {});
  server.websocket("/socket", {}, [](const Request& request) {
    EXPECT_EQ(request.origin(), "https://here");
    return std::make_unique<Echo>();
  });
  const net::SocketAddress any{.ip = *net::IpAddress::parse("127.0.0.1")};
  EXPECT_EQ(server.listen_tls(any).error(), "HTTPS needs a certificate");
  server.set_certificate(certificate.for_server());
  const auto trust = certificate.for_clients();
  SecureClient client(loop, server.listen_tls(any).value(), *trust);
  using State = tls::Session::State;
  ASSERT_TRUE(client.wait_until([&] { return client.state() == State::kOpen; }));
  client.send("GET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n");
  ASSERT_TRUE(client.wait_until([&] { return client.received.ends_with("}"); }));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 404 "));
  client.received.clear();
  client.send(kUpgrade);
  ASSERT_TRUE(client.wait_until([&] { return client.received.ends_with("\r\n\r\n"); }));
  client.received.clear();
  client.send(websocket::client_frame(0x81, "secret"));
  ASSERT_TRUE(client.wait_until([&] { return client.received == "\x81\x06secret"; }));
  client.send(websocket::client_frame(0x88, websocket::close_payload(1000)));
  EXPECT_TRUE(client.wait_until([&] { return client.state() == State::kClosed; }));

  TestClient plain(loop, server.listen_tls(any).value());
  plain.send("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  EXPECT_TRUE(plain.wait_for_end());
  EXPECT_EQ(server.counters().tls_failures, 1u);
}

class HttpAdopted : public testing::Test {
 protected:
  HttpAdopted() {
    server_.route(Method::kGet, "/hello", [](const Request& request, Responder responder) {
      responder.send(Response::text(200, request.origin()));
    });
    listener_ = io::TcpListener::listen(
                    loop_, {.ip = *net::IpAddress::parse("127.0.0.1")},
                    [this](int fd, const net::SocketAddress& peer) {
                      server_.adopt({.fd = io::Fd(fd), .peer = peer, .received = received_});
                    })
                    .value();
  }

  io::EventLoop loop_;
  Server server_{loop_, {}};
  std::unique_ptr<io::TcpListener> listener_;
  std::vector<std::uint8_t> received_;
};

TEST_F(HttpAdopted, AreToldThatTheSameIsThereByHttps) {
  TestClient client(loop_, listener_->address());
  client.send("GET /hello?a=b HTTP/1.1\r\nHost: meet.example:8443\r\n\r\n");
  const std::string head = client.receive_past("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 308 ")) << head;
  EXPECT_TRUE(head.contains("Location: https://meet.example:8443/hello?a=b\r\n")) << head;
  client.take(std::string_view("HTTPS is spoken here.\n").size());
  client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(client.receive_past("\r\n\r\n").contains("Location: https://x/nowhere\r\n"));
  TestClient old(loop_, listener_->address());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.receive_all().starts_with("HTTP/1.1 400 "));
}

TEST_F(HttpAdopted, HearFirstWhatHadCome) {
  const std::string_view begun = "GET /hello HT";
  received_.assign(begun.begin(), begun.end());
  TestClient client(loop_, listener_->address());
  client.send("TP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.receive_past("\r\n\r\n").contains("Location: https://x/hello\r\n"));
}

TEST_F(HttpAdopted, AreTurnedAwayOnceItDrains) {
  server_.drain(loop_.now(), [] {});
  TestClient client(loop_, listener_->address());
  EXPECT_TRUE(client.wait_for_end());
  EXPECT_EQ(server_.counters().connections, 0u);
}

}  // namespace
}  // namespace parley::http

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "http/server.h"
#include "http/test_client.h"
#include "http/websocket/test_frames.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;
using websocket::client_frame;
using websocket::close_payload;

constexpr std::string_view kUpgrade =
    "GET /socket HTTP/1.1\r\nHost: here\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
    "websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

struct Seen {
  WebSocket* socket = nullptr;  // While it is open.
  int pongs = 0;
  int closed = 0;
  std::string reason;
};

class Echo final : public WebSocketHandler {
 public:
  explicit Echo(Seen& seen) : seen_(seen) {}
  void on_open(WebSocket& socket) override { seen_.socket = &socket; }
  void on_message(Bytes message, WebSocketKind kind) override {
    seen_.socket->send(SharedBytes(message), kind);
  }
  void on_pong() override { ++seen_.pongs; }
  void on_closed(std::uint16_t code, std::string_view reason) override {
    seen_.closed = code;
    seen_.reason = reason;
    seen_.socket = nullptr;
  }

 private:
  Seen& seen_;
};

class HttpWebSocket : public testing::Test {
 protected:
  void start(ServerConfig config = {}, WebSocketConfig socket_config = {}) {
    server_.emplace(loop_, std::move(config));
    server_->websocket("/socket", std::move(socket_config),
                       [this](const Request& request)
                           -> std::expected<std::unique_ptr<WebSocketHandler>, Response> {
                         if (request.query == "no")
                           return std::unexpected(Response::problem(403, "Forbidden", ""));
                         return std::make_unique<Echo>(seen_);
                       });
    const net::SocketAddress any{.ip = *net::IpAddress::parse("127.0.0.1")};
    address_ = server_->listen(any).value();
  }

  TestClient connect() { return TestClient(loop_, address_); }

  io::EventLoop loop_;
  Seen seen_;
  std::optional<Server> server_;
  net::SocketAddress address_;
};

TEST_F(HttpWebSocket, UpgradesAndEchoes) {
  start();
  TestClient client = connect();
  client.send(std::string(kUpgrade) + client_frame(0x81, "early"));
  const std::string head = client.receive_past("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << head;
  EXPECT_TRUE(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")) << head;
  EXPECT_TRUE(head.contains("Connection: Upgrade\r\n"));
  EXPECT_FALSE(head.contains("Content-Length"));
  EXPECT_EQ(client.take(7),
            "\x81\x05"
            "early");
  client.send(client_frame(0x82, "bytes"));
  EXPECT_EQ(client.take(7),
            "\x82\x05"
            "bytes");
  EXPECT_EQ(server_->counters().open_websockets, 1u);
}

TEST_F(HttpWebSocket, ClosesWhenTheClientDoes) {
  start();
  TestClient client = connect();
  client.send(std::string(kUpgrade));
  client.receive_past("\r\n\r\n");
  client.send(client_frame(0x88, close_payload(1001, "leaving")));
  EXPECT_EQ(client.receive_all(), "\x88\x02\x03\xe9");
  EXPECT_EQ(seen_.closed, 1001);
  EXPECT_EQ(seen_.reason, "leaving");
  client.close();
  EXPECT_TRUE(client.wait_until([&] { return server_->counters().open_connections == 0; }));
  EXPECT_EQ(server_->counters().open_websockets, 0u);
}

TEST_F(HttpWebSocket, ClosesWhenTheApplicationDoes) {
  start({.websocket_close_timeout = 300ms});
  TestClient polite = connect();
  polite.send(std::string(kUpgrade));
  polite.receive_past("\r\n\r\n");
  seen_.socket->ping();
  EXPECT_EQ(polite.take(2), std::string("\x89\x00", 2));
  polite.send(client_frame(0x8A, ""));
  EXPECT_EQ(seen_.pongs, 1);
  seen_.socket->close(4000, "enough");
  EXPECT_EQ(polite.take(10),
            "\x88\x08\x0f\xa0"
            "enough");
  polite.send(client_frame(0x88, close_payload(4000)));
  EXPECT_TRUE(polite.wait_for_end());
  EXPECT_EQ(seen_.closed, 4000);

  TestClient mute = connect();
  mute.send(std::string(kUpgrade));
  mute.receive_past("\r\n\r\n");
  seen_.socket->close(4000, "enough");
  EXPECT_TRUE(mute.wait_for_end());
  EXPECT_EQ(seen_.closed, 1006);
}

TEST_F(HttpWebSocket, TellsAHandlerWhoseClientIsGone) {
  start();
  TestClient client = connect();
  client.send(std::string(kUpgrade));
  client.receive_past("\r\n\r\n");
  client.close();
  EXPECT_TRUE(client.wait_until([&] { return seen_.closed == 1006; }));
  EXPECT_EQ(server_->counters().open_websockets, 0u);
}

TEST_F(HttpWebSocket, GivesUpAClientThatDoesNotRead) {
  start({.max_queued_bytes = 1 << 20});
  TestClient client(loop_, address_, 4096);
  client.send(std::string(kUpgrade));
  client.wait_until([&] { return seen_.socket != nullptr; });
  const SharedBytes message(std::string(100'000, 'x'));
  EXPECT_TRUE(client.wait_until([&] {
    if (seen_.socket != nullptr) seen_.socket->send(message, WebSocketKind::kText);
    return seen_.closed != 0;
  }));
  EXPECT_EQ(server_->counters().slow_readers, 1u);
  EXPECT_EQ(seen_.closed, 1006);
}

TEST_F(HttpWebSocket, RefusesWhatIsNoProperUpgrade) {
  start();
  TestClient client = connect();
  std::string old(kUpgrade);
  old.replace(old.find(": 13"), 4, ": 12");
  client.send(old);
  EXPECT_TRUE(client.receive_past("}").contains("426 Upgrade Required\r\n"));
  std::string refused(kUpgrade);
  refused.replace(0, 11, "GET /socket?no");
  client.send(refused);
  EXPECT_TRUE(client.receive_past("}").starts_with("HTTP/1.1 403 Forbidden\r\n"));
  client.send("GET /socket HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.receive_past("}").starts_with("HTTP/1.1 426 "));
  EXPECT_EQ(server_->counters().websockets, 0u);
}

TEST_F(HttpWebSocket, ServesPlainRequestsOnTheSamePath) {
  start();
  server_->route_any("/socket", [](const Request&, Responder responder) {
    responder.send(Response::text(200, "bare"));
  });
  TestClient client = connect();
  client.send("GET /socket HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kUpgrade));
  EXPECT_TRUE(client.receive_past("bare").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(client.receive_past("\r\n\r\n").starts_with("HTTP/1.1 101 "));
}

TEST_F(HttpWebSocket, ClosesSocketsWith1001WhenDrained) {
  start();
  TestClient client = connect();
  client.send(std::string(kUpgrade));
  client.receive_past("\r\n\r\n");
  bool drained = false;
  server_->drain(loop_.now() + 10s, [&] { drained = true; });
  EXPECT_EQ(client.take(4), "\x88\x02\x03\xe9");
  client.send(client_frame(0x88, close_payload(1001)));
  EXPECT_TRUE(client.wait_for_end());
  client.close();
  EXPECT_TRUE(client.wait_until([&] { return drained; }));
}

TEST_F(HttpWebSocket, KeepsASilentSocketOpen) {
  start({.header_timeout = 10ms, .idle_timeout = 10ms});
  TestClient client = connect();
  client.send(std::string(kUpgrade));
  client.receive_past("\r\n\r\n");
  const Time begin = loop_.now();
  client.wait_until([&] { return loop_.now() > begin + 50ms; });
  client.send(client_frame(0x81, "still here"));
  EXPECT_EQ(client.take(12),
            "\x81\x0a"
            "still here");
}

TEST_F(HttpWebSocket, AgreesOnCompressionAndASubprotocol) {
  start({}, {.deflate = true, .subprotocols = {"parley"}});
  TestClient client = connect();
  std::string request(kUpgrade.substr(0, kUpgrade.size() - 2));
  client.send(request +
              "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
              "Sec-WebSocket-Protocol: other, parley\r\n\r\n");
  const std::string head = client.receive_past("\r\n\r\n");
  EXPECT_TRUE(head.contains("Sec-WebSocket-Extensions: permessage-deflate\r\n")) << head;
  EXPECT_TRUE(head.contains("Sec-WebSocket-Protocol: parley\r\n")) << head;
  client.send(client_frame(0xC1, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)));
  EXPECT_EQ(client.take(7), "\x81\x05Hello");
}

}  // namespace
}  // namespace parley::http

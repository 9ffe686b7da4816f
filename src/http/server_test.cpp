#include "http/server.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "http/test_client.h"

namespace parley::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /hello HTTP/1.1\r\nHost: here\r\n\r\n";

// A server on a free port of loopback, and the routes that most tests ask for.
class HttpServer : public testing::Test {
 protected:
  void start(ServerConfig config = {}) {
    server_.emplace(loop_, std::move(config));
    server_->route(Method::kGet, "/hello", [](const Request&, Responder responder) {
      responder.send(Response::text(200, "hi"));
    });
    server_->route(
        Method::kPost, "/echo",
        [](const Request& request, Responder responder) {
          responder.send(Response::text(200, as_text(request.body)));
        },
        100);
    server_->route(Method::kGet, "/wait", [this](const Request&, Responder responder) {
      responder.on_abandoned([this] { ++abandoned_; });
      waiting_.push_back(std::move(responder));
    });
    const auto listening = server_->listen({.ip = *net::IpAddress::parse("127.0.0.1")});
    ASSERT_TRUE(listening.has_value()) << listening.error();
    address_ = *listening;
  }

  TestClient connect() { return TestClient(loop_, address_); }

  io::EventLoop loop_;
  std::optional<Server> server_;
  net::SocketAddress address_;
  std::vector<Responder> waiting_;
  int abandoned_ = 0;
};

std::string body_of(const std::string& response) {
  return response.substr(std::min(response.size(), response.find("\r\n\r\n") + 4));
}

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  start();
  TestClient client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    const std::string head = client.receive_past("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(head.contains("Content-Length: 2\r\n")) << head;
    EXPECT_TRUE(head.contains("Date: ")) << head;
    EXPECT_FALSE(head.contains("Connection")) << head;
    EXPECT_EQ(client.take(2), "hi");
  }
  EXPECT_EQ(server_->counters().connections, 1u);
  EXPECT_EQ(server_->counters().requests, 3u);
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  start();
  TestClient client = connect();
  client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kGet) +
              "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nlast");
  client.wait_until([&] { return server_->counters().requests == 3; });
  waiting_.front().send(Response::text(200, "first"));
  EXPECT_EQ(body_of(client.receive_past("first")), "first");
  EXPECT_EQ(body_of(client.receive_past("hi")), "hi");
  EXPECT_EQ(body_of(client.receive_past("last")), "last");
}

TEST_F(HttpServer, HoldsBackWhatExceedsThePipeline) {
  start({.max_pipelined = 2});
  TestClient client = connect();
  std::string requests;
  for (int i = 0; i < 5; ++i) requests += "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(client.wait_until([&] { return waiting_.size() > std::size_t(i); }));
    EXPECT_LE(waiting_.size(), std::size_t(i) + 2);
    waiting_[std::size_t(i)].send(Response::text(200, std::to_string(i)));
    EXPECT_EQ(body_of(client.receive_past("\r\n\r\n" + std::to_string(i))), std::to_string(i));
  }
  client.send(kGet);  // It reads on.
  EXPECT_TRUE(client.receive_past("\r\n\r\nhi").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, ClosesWhenAsked) {
  start();
  for (const std::string_view request :
       {"GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.0\r\n\r\n"}) {
    TestClient client = connect();
    client.send(request);
    const std::string response = client.receive_all();
    EXPECT_TRUE(response.contains("Connection: close\r\n")) << response;
    EXPECT_EQ(body_of(response), "hi");
  }
}

TEST_F(HttpServer, KeepsAnHttp10ConnectionThatAsksForIt) {
  start();
  TestClient client = connect();
  client.send("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  EXPECT_TRUE(client.receive_past("hi").contains("Connection: keep-alive\r\n"));
  client.send(kGet);
  EXPECT_TRUE(client.receive_past("hi").starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, GivesHeadTheFieldsOfGetWithoutItsBody) {
  start();
  TestClient client = connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kGet));
  const std::string head = client.receive_past("\r\n\r\n");
  EXPECT_TRUE(head.contains("Content-Length: 2\r\n"));
  EXPECT_TRUE(client.receive_past("hi").starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, SaysWhatIsNotServed) {
  start();
  TestClient client = connect();
  client.send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\nPUT /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.receive_past("}").starts_with("HTTP/1.1 404 Not Found\r\n"));
  const std::string response = client.receive_past("}");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(response.contains("Allow: GET, HEAD\r\n"));
}

TEST_F(HttpServer, RefusesABodyPastTheRoutesLimitBeforeItComes) {
  start();
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n");
  const std::string response = client.receive_all();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 413 ")) << response;
  EXPECT_TRUE(response.contains("Connection: close\r\n"));
  EXPECT_EQ(server_->counters().bad_requests, 1u);
}

TEST_F(HttpServer, TellsAClientThatExpectsItToGoOn) {
  start();
  TestClient client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive_past("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(body_of(client.receive_past("body")), "body");
}

TEST_F(HttpServer, RefusesWhatItCannotUnderstandAndCloses) {
  start();
  TestClient client = connect();
  client.send("nonsense\r\n\r\n");
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_F(HttpServer, Answers500ForAHandlerThatForgets) {
  start();
  server_->route(Method::kGet, "/forgotten", [](const Request&, Responder) {});
  TestClient client = connect();
  client.send("GET /forgotten HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.receive_past("}").starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpServer, TellsAHandlerWhoseClientIsGone) {
  start();
  TestClient client = connect();
  client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  client.wait_until([&] { return !waiting_.empty(); });
  client.close();
  EXPECT_TRUE(client.wait_until([&] { return abandoned_ == 1; }));
  waiting_.front().send(Response::text(200, "nobody is there"));
  EXPECT_EQ(server_->counters().open_connections, 0u);
}

TEST_F(HttpServer, ClosesIdleConnectionsAndTimesOutSlowOnes) {
  start({.header_timeout = 30ms, .idle_timeout = 30ms});
  TestClient silent = connect();
  TestClient slow = connect();
  slow.write("GET /hel");
  TestClient stalled = connect();
  stalled.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
  TestClient idle = connect();
  idle.write(kGet);
  EXPECT_TRUE(slow.receive_all().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(stalled.receive_all().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(body_of(idle.receive_all()), "hi");
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_EQ(server_->counters().timed_out, 4u);
}

TEST_F(HttpServer, TimesEachHeadByItself) {
  start({.header_timeout = 500ms});  // A busy machine may keep us waiting for half of it.
  TestClient client = connect();
  const std::string get(kGet);
  client.send(get.substr(0, 5));
  for (int i = 0; i < 3; ++i) {
    const Time begin = loop_.now();
    client.wait_until([&] { return loop_.now() > begin + 200ms; });
    client.send(get.substr(5) + get.substr(0, 5));
    EXPECT_TRUE(client.receive_past("\r\n\r\nhi").starts_with("HTTP/1.1 200 ")) << i;
  }
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
}

TEST_F(HttpServer, LetsALongPollWaitPastTheTimeOuts) {
  start({.header_timeout = 20ms, .idle_timeout = 20ms});
  TestClient client = connect();
  client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  const Time start_time = loop_.now();
  client.wait_until([&] { return loop_.now() > start_time + 60ms; });
  ASSERT_EQ(waiting_.size(), 1u);
  waiting_.front().send(Response::text(200, "at last"));
  EXPECT_EQ(body_of(client.receive_past("at last")), "at last");
}

TEST_F(HttpServer, TakesNoMoreConnectionsThanItMay) {
  start({.max_connections = 1});
  TestClient first = connect();
  first.send(kGet);
  TestClient second = connect();
  EXPECT_EQ(second.receive_all(), "");
  EXPECT_EQ(server_->counters().refused_full, 1u);
  EXPECT_EQ(body_of(first.receive_past("hi")), "hi");
}

TEST_F(HttpServer, ClosesAClientThatDoesNotRead) {
  start({.max_queued_bytes = 1 << 20});
  const SharedBytes large(std::string(512 << 10, 'x'));
  server_->route(Method::kGet, "/large",
                 [&](const Request&, Responder responder) { responder.send({.body = large}); });
  TestClient client(loop_, address_, 4096);
  for (int i = 0; i < 100 && server_->counters().slow_readers == 0; ++i) {
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  EXPECT_TRUE(client.wait_until([&] { return server_->counters().slow_readers == 1; }));
  EXPECT_EQ(server_->counters().open_connections, 0u);
}

TEST_F(HttpServer, DrainsIdleConnectionsAtOnceAndBusyOnesWhenAnswered) {
  start();
  TestClient idle = connect();
  idle.send(kGet);
  idle.receive_past("hi");
  TestClient busy = connect();
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  busy.wait_until([&] { return !waiting_.empty(); });

  bool drained = false;
  server_->drain(loop_.now() + 10s, [&] { drained = true; });
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_FALSE(drained);
  idle.close();
  waiting_.front().send(Response::text(200, "done"));
  const std::string response = busy.receive_all();
  EXPECT_TRUE(response.contains("Connection: close\r\n")) << response;
  busy.close();
  EXPECT_TRUE(busy.wait_until([&] { return drained; }));
}

TEST_F(HttpServer, GivesUpDrainingAtTheDeadline) {
  start();
  TestClient busy = connect();
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  busy.wait_until([&] { return !waiting_.empty(); });
  bool drained = false;
  server_->drain(loop_.now() + 20ms, [&] { drained = true; });
  EXPECT_TRUE(busy.wait_until([&] { return drained; }));
  EXPECT_EQ(abandoned_, 1);
  EXPECT_EQ(server_->counters().open_connections, 0u);
}

}  // namespace
}  // namespace parley::http

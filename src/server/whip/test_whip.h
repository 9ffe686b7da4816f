#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/test_client.h"
#include "server/media/media_desk.h"
#include "server/test_storage.h"
#include "server/whip/whip_door.h"

namespace parley::server {

// For tests: media that answers each offer in the loop's next turn.
class AnsweringDesk final : public MediaDesk {
 public:
  explicit AnsweringDesk(io::EventLoop& loop) : loop_(loop) {}

  std::vector<meeting::ToMedia> asked = {};
  std::expected<std::string, std::string> answer =
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:ours\r\na=ice-pwd:secret\r\n"
      "a=msid:- slot-0\r\n";
  bool silent = false;  // It answers nothing.

  template <class Request>
  std::vector<std::pair<std::string, Request>> take() {
    std::vector<std::pair<std::string, Request>> taken;
    for (meeting::ToMedia& one : asked) {
      if (auto* const request = std::get_if<Request>(&one.request)) {
        taken.emplace_back(one.sid, std::move(*request));
      }
    }
    asked.clear();
    return taken;
  }
  void tell(meeting::FromMedia event) { on_event_(std::move(event)); }

 private:
  void set_listener(OnEvent on_event) override { on_event_ = std::move(on_event); }
  void carry_out(meeting::ToMedia request) override {
    asked.push_back(request);
    if (silent || !std::holds_alternative<meeting::Connect>(request.request)) return;
    loop_.post([this, request] {
      on_event_({request.room, request.sid, meeting::Answered{request.ticket, answer}});
    });
  }

  io::EventLoop& loop_;
  OnEvent on_event_;
};

// For tests: people who come by no wire.
class PeopleDoor final : public Door {
 public:
  explicit PeopleDoor(MeetingBinding& meeting) : meeting_(meeting) {}

  meeting::ConnectionId join(std::string_view name) {
    const auto id = meeting_.add(*this);
    say(id, "join",
        Json::Object{{"room", "daily"}, {"name", name}, {"micinf", true}, {"vidinf", true}});
    return id;
  }
  void say(meeting::ConnectionId who, std::string_view event, Json body) {
    meeting_.said(who, event, std::move(body), 1);
  }

 private:
  void tell(std::span<const meeting::ConnectionId>, std::string_view, const Json&) override {}
  void answer(meeting::ConnectionId, std::int64_t, const Json::Written&) override {}
  void forget(meeting::ConnectionId) override {}
  std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId, std::string_view) override {
    return {};
  }

  MeetingBinding& meeting_;
};

// For tests: the door of programs to the room "daily", and what comes back by HTTP.
class WhipTest : public testing::Test {
 protected:
  using Headers = std::map<std::string, std::string>;
  struct Answer {
    int status = 0;
    std::string head = {};
    std::string body = {};

    std::string header(std::string_view name) const { return http::header_of(head, name); }
    bool says(std::string_view text) const { return (head + body).contains(text); }
  };

  explicit WhipTest(meeting::RoomsConfig config = {}) : config_(with_media(config)) {
    door_.add_to(http_);
    address_ = http_.listen({net::IpAddress::v4({127, 0, 0, 1}), 0}).value();
  }

  static std::string offer(std::string_view direction, std::string_view ufrag = "theirs") {
    const std::string rest = "a=ice-ufrag:" + std::string(ufrag) +
                             "\r\na=ice-pwd:password\r\na=" + std::string(direction) + "\r\n";
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
           "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=mid:0\r\n" +
           rest + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=mid:1\r\n" + rest;
  }

  static std::string request(std::string_view method, std::string_view path, std::string_view body,
                             const Headers& headers) {
    std::string text =
        std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: meet\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  Answer ask(std::string_view method, std::string_view path, std::string_view body = {},
             const Headers& headers = {}) {
    http::TestClient client(loop_, address_);
    client.send(request(method, path, body, headers));
    Answer answer{.head = client.receive_past("\r\n\r\n")};
    if (answer.head.size() < 12) return answer;
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::string length = answer.header("Content-Length");
    answer.body = client.take(length.empty() || method == "HEAD" ? 0 : std::stoul(length));
    return answer;
  }
  Answer post(std::string_view path, std::string_view sdp, Headers headers = {}) {
    headers.emplace("Content-Type", "application/sdp");
    return ask("POST", path, sdp, headers);
  }
  Answer publish(std::string_view path = "/whip/daily?name=OBS") {
    return post(path, offer("sendonly"));
  }
  Answer play(std::string_view path = "/whep/daily") { return post(path, offer("recvonly")); }
  Answer patch(const std::string& url, const std::string& match, std::string_view ufrag) {
    Headers headers = {{"Content-Type", "application/trickle-ice-sdpfrag"}};
    if (!match.empty()) headers["If-Match"] = match;
    return ask("PATCH", url, "a=ice-ufrag:" + std::string(ufrag) + "\r\na=ice-pwd:password\r\n",
               headers);
  }

  std::string roster() const { return to_json(meeting_.rooms().view("daily")).to_text(); }
  void fail(std::string_view sid) {
    desk_.tell({"daily", std::string(sid),
                meeting::ConnectionChanged{meeting::ConnectionChanged::State::kFailed}});
  }

  static constexpr std::string_view kEmpty =
      R"({"name":"daily","topology":"p2p","participants":[]})";

  io::EventLoop loop_;
  SeededRandom random_{1};
  AnsweringDesk desk_{loop_};
  meeting::RoomsConfig config_;
  TestStorage storage_{loop_};
  MeetingBinding meeting_{loop_, config_, random_, &*storage_, &desk_};
  PeopleDoor people_{meeting_};
  IceServers ice_servers_{{.port = 3478, .turn = true, .secret = "a secret"}};
  OriginPolicy origins_{{"https://friend.example"}};
  WhipDoor door_{meeting_,
                 ice_servers_,
                 origins_,
                 random_,
                 {.max_sessions = 3, .max_sessions_per_address = 2}};
  // Who connects is a proxy, so that a test may come from any address.
  http::Server http_{loop_, {.trusted_proxies = {net::Network::parse("127.0.0.0/8").value()}}};
  net::SocketAddress address_;

 private:
  static meeting::RoomsConfig with_media(meeting::RoomsConfig config) {
    config.topology.media = true;
    config.grace = std::chrono::milliseconds{1};
    return config;
  }
};

}  // namespace parley::server

#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/system_random.h"
#include "http/test_client.h"
#include "server/accounts.h"
#include "server/api/doctor_routes.h"
#include "server/test_storage.h"

namespace parley::server {

// What the server answered.
struct Answer {
  int status = 0;
  std::string head = {};
  Json body = {};

  std::string header(std::string_view name) const { return http::header_of(head, name); }
  // The whole Set-Cookie field of that cookie.
  std::string set_cookie(std::string_view name) const {
    const std::string start = "Set-Cookie: " + std::string(name) + "=";
    const std::size_t at = head.find(start);
    if (at == head.npos) return {};
    return head.substr(at + 12, head.find("\r\n", at) - at - 12);
  }
  // A member of the body as text, whatever it is; "" where it is missing.
  std::string text(std::string_view member) const {
    const Json* const value = body.find(member);
    if (value == nullptr) return {};
    return value->as_string() != nullptr ? *value->as_string() : value->to_text();
  }
};

// /api over a real connection, with a store in memory and bcrypt at its least cost.
class ApiTest : public testing::Test {
 protected:
  using Headers = std::map<std::string, std::string>;

  explicit ApiTest(Config::Auth settings = {}) : settings_(settings) {
    accounts_.serve(http_);
    add_doctor_routes(accounts_.api(), ice_servers_, reach_);
    address_ = http_.listen({net::IpAddress::v4({127, 0, 0, 1}), 0}).value();
  }

  // Someone with a cookie jar, on our page.
  class Browser {
   public:
    explicit Browser(ApiTest& test) : test_(test) {}

    Answer ask(std::string_view method, std::string_view path, std::string_view body = {}) {
      return ask_with(method, path, body, {});
    }
    Answer ask_with(std::string_view method, std::string_view path, std::string_view body,
                    Headers headers) {
      headers.try_emplace("Origin", "http://parley.test");
      if (!jar.empty()) headers.try_emplace("Cookie", cookies());
      Answer answer = test_.ask(method, path, body, headers);
      for (const char* const name : {"parley_access", "parley_refresh"}) {
        const std::string set = answer.set_cookie(name);
        if (set.empty()) continue;
        const std::size_t equals = set.find('=');
        jar[name] = set.substr(equals + 1, set.find(';') - equals - 1);
        if (jar[name].empty()) jar.erase(name);
      }
      return answer;
    }

    std::string cookies() const {
      std::string field;
      for (const auto& [name, value] : jar)
        field += (field.empty() ? "" : "; ") + name + "=" + value;
      return field;
    }

    std::map<std::string, std::string> jar;  // With no regard to paths.

   private:
    ApiTest& test_;
  };

  Answer ask(std::string_view method, std::string_view path, std::string_view body,
             const Headers& headers) {
    http::TestClient client(loop_, address_);
    client.send(request(method, path, body, headers));
    return receive(client);
  }

  static std::string request(std::string_view method, std::string_view path, std::string_view body,
                             const Headers& headers) {
    std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n";
    if (!headers.contains("Host")) text += "Host: parley.test\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (!body.empty() && !headers.contains("Content-Type")) {
      text += "Content-Type: application/json\r\n";
    }
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

  static Answer receive(http::TestClient& client) {
    Answer answer{.head = client.receive_past("\r\n\r\n")};
    if (answer.head.size() < 12) return answer;
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::string length = answer.header("Content-Length");
    const std::string body = client.take(length.empty() ? 0 : std::stoul(length));
    answer.body = Json::parse(body).value_or(Json());
    return answer;
  }

  // Somebody who has registered and is logged in.
  Browser registered(const std::string& name, std::string_view password = "correct horse") {
    Browser browser(*this);
    const Answer answer =
        browser.ask("POST", "/api/auth/register",
                    R"({"name":")" + name + R"(","password":")" + std::string(password) + R"("})");
    EXPECT_EQ(answer.status, 201) << answer.body.to_text();
    return browser;
  }

  Config::Auth settings_;
  io::EventLoop loop_;
  crypto::SystemRandom random_;
  TestStorage storage_{loop_};
  MeetingBinding meeting_{loop_, {}, random_};
  OriginPolicy origins_{{"https://friend.example"}};
  const std::string secret_ = std::string(32, 's');
  Identities identities_{as_bytes(secret_)};
  account::JoinTokens join_tokens_{as_bytes(secret_)};
  Accounts accounts_{{.loop = loop_,
                      .storage = *storage_,
                      .meeting = meeting_,
                      .origins = origins_,
                      .identities = identities_,
                      .join_tokens = join_tokens_,
                      .random = random_,
                      .settings = settings_,
                      .password_cost = 4}};
  IceServers ice_servers_;
  Reach reach_;
  http::Server http_{loop_, {.trusted_proxies = {net::Network::parse("127.0.0.1").value()}}};
  net::SocketAddress address_;
};

}  // namespace parley::server

#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/schema.h"
#include "http/json_body.h"
#include "http/server.h"
#include "net/address.h"
#include "server/api/api_counters.h"
#include "store/records.h"

namespace parley::server {

// Who makes a call.
struct Caller {
  store::User user = {};
  store::SessionId session = {};  // None for a program with an API token.
};

// One request to /api, taken out of the connection's memory, and the answer that is owed. It moves
// along while the store and bcrypt are asked.
class Call {
 public:
  Call(const http::Request& request, http::Responder responder, ApiCounters& counters);

  // The body as a message of that type; the error names the field and is the answer to give.
  template <class T>
  std::expected<T, http::Response> body_as() const {
    if (!body_) return std::unexpected(body_.error());
    auto message = from_json<T>(*body_);
    if (!message) return std::unexpected(http::invalid_field(message.error()));
    return *std::move(message);
  }

  http::Method method() const { return method_; }
  std::string_view parameter(std::string_view name) const;  // It must be in the route's pattern.
  const net::IpAddress& from() const { return peer_.ip; }
  const net::SocketAddress& peer() const { return peer_; }  // Past the trusted proxies.
  bool secure() const { return secure_; }                   // Over TLS, at our door or theirs.
  const std::string& host() const { return host_; }         // The Host field: name, and port.
  const std::string& origin() const { return origin_; }     // scheme://host, ours.
  const std::string& user_agent() const { return user_agent_; }
  const std::string& cookies() const { return cookies_; }  // The Cookie field.
  const std::string& bearer() const { return bearer_; }    // RFC 6750, 2.1.

  // None for a guest. There is one on routes that are not for guests.
  std::optional<Caller> caller = {};
  const store::User& user() const { return caller->user; }

  // Answers. Nothing of the API is ever cached.
  void send(http::Response response);
  void send(int status, const Json& body);
  void send_nothing();  // 204.

  // Set-Cookie fields of the answer, whatever it is.
  void set_access_cookie(std::string_view token);
  void set_refresh_cookie(std::string_view token);
  void clear_cookies();

 private:
  http::Method method_;
  std::vector<std::pair<std::string, std::string>> parameters_;
  std::expected<Json, http::Response> body_;
  net::SocketAddress peer_;
  bool secure_;
  std::string host_;
  std::string origin_;
  std::string user_agent_;
  std::string cookies_;
  std::string bearer_;
  std::vector<std::string> set_cookies_;
  http::Responder responder_;
  ApiCounters* counters_;
};

}  // namespace parley::server

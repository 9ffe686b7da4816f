#include "server/api/call.h"

#include <algorithm>

#include "account/access_tokens.h"
#include "account/sessions.h"
#include "base/assert.h"
#include "http/authorization.h"
#include "http/cookie.h"
#include "http/text.h"
#include "server/identities.h"

namespace parley::server {
namespace {

constexpr std::string_view kRefreshPath = "/api/auth";

std::string header(const http::Request& request, std::string_view name) {
  return std::string(request.header(name).value_or(""));
}

}  // namespace

Call::Call(const http::Request& request, http::Responder responder, ApiCounters& counters)
    : method_(request.method),
      parameters_(request.path_parameters.begin(), request.path_parameters.end()),
      body_(http::parse_json_body(request)),
      peer_(request.peer),
      secure_(request.secure),
      host_(request.host),
      origin_(request.origin()),
      user_agent_(header(request, "User-Agent")),
      cookies_(header(request, "Cookie")),
      bearer_(http::bearer_token(request)),
      responder_(std::move(responder)),
      counters_(&counters) {}

std::string_view Call::parameter(std::string_view name) const {
  const auto it = std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
  PARLEY_ASSERT(it != parameters_.end());
  return it->second;
}

void Call::send(http::Response response) {
  ++counters_->answers[response.status];
  response.with("Cache-Control", "no-store");
  for (const std::string& cookie : set_cookies_) response.with("Set-Cookie", cookie);
  responder_.send(std::move(response));
}

void Call::send(int status, const Json& body) {
  send(http::Response::json(status, body.to_text()));
}

void Call::send_nothing() {
  send(http::Response{.status = 204});
}

void Call::set_access_cookie(std::string_view token) {
  const http::SetCookie cookie{.name = kAccessCookie,
                               .value = token,
                               .max_age = account::kAccessLifetime,
                               .secure = secure_};
  set_cookies_.push_back(cookie.to_string());
}

void Call::set_refresh_cookie(std::string_view token) {
  const http::SetCookie cookie{.name = kRefreshCookie,
                               .value = token,
                               .path = kRefreshPath,
                               .max_age = account::kRefreshLifetime,
                               .same_site = http::SetCookie::SameSite::kStrict,
                               .secure = secure_};
  set_cookies_.push_back(cookie.to_string());
}

void Call::clear_cookies() {
  set_cookies_ = {http::SetCookie{.name = kAccessCookie, .secure = secure_}.to_string(),
                  http::SetCookie{.name = kRefreshCookie,
                                  .path = kRefreshPath,
                                  .same_site = http::SetCookie::SameSite::kStrict,
                                  .secure = secure_}
                      .to_string()};
}

}  // namespace parley::server

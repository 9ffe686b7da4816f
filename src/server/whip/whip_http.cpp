#include "server/whip/whip_http.h"

#include <algorithm>
#include <utility>

#include "http/text.h"
#include "server/whip/fields.h"

namespace parley::server::whip_http {

using http::Request;
using http::Response;

bool has_type(const Request& request, std::string_view type) {
  const std::string_view field = request.header("Content-Type").value_or("");
  return http::equals_ignoring_case(http::split(field, ';').first, type);
}

bool is_reading(const Request& request) {
  return request.method == http::Method::kGet || request.method == http::Method::kHead;
}

bool matches(std::string_view if_match, std::string_view etag) {
  bool any = false;
  http::for_each_element(if_match, [&](std::string_view one) {
    any |= one == "*" || one == quoted("*") || one == quoted(etag);
  });
  return any;
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

Response for_origin(Response response, std::string_view origin) {
  response.with("Cache-Control", "no-store");
  if (origin.empty()) return response;
  return std::move(response)
      .with("Access-Control-Allow-Origin", origin)
      .with("Access-Control-Expose-Headers",
            "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After")
      .with("Vary", "Origin");
}

Response options(std::string_view origin) {
  Response response{.status = 200};
  response.with("Accept-Post", kSdp)
      .with("Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS")
      .with("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
      .with("Access-Control-Max-Age", "600");
  return for_origin(std::move(response), origin);
}

Response wrong_method(std::string_view allowed) {
  return to_response({405, "This address does not know that method."}).with("Allow", allowed);
}

Response wrong_type(std::string_view header, std::string_view type) {
  return to_response({415, "Send an " + std::string(type) + "."}).with(header, type);
}

Response to_response(const Problem& problem) {
  Response response = Response::problem(problem.status, http::reason_phrase(problem.status),
                                        problem.message, problem.field);
  if (problem.status == 401) response.with("WWW-Authenticate", "Bearer");
  if (problem.status == 429 || problem.status == 503) response.with("Retry-After", "30");
  return response;
}

std::optional<Problem> wrong_word(const Request& request, std::string_view parameter,
                                  std::initializer_list<std::string_view> words) {
  const std::string said = request.query_parameter(parameter).value_or("");
  if (said.empty() || std::ranges::find(words, said) != words.end()) return std::nullopt;
  std::string allowed;
  for (const std::string_view word : words) {
    if (!allowed.empty()) allowed += " or ";
    allowed += quoted(word);
  }
  return Problem{400, "It can be " + allowed + ", or be left out.", std::string(parameter)};
}

std::vector<std::string> links_of(const Json& welcome) {
  std::vector<std::string> links;
  for (const Json& server : list_of(welcome, "iceServers")) {
    std::string login;
    if (const std::string_view username = text_of(server, "username"); !username.empty()) {
      login = "; username=" + quoted(username) +
              "; credential=" + quoted(text_of(server, "credential")) +
              "; credential-type=\"password\"";
    }
    for (const Json& url : list_of(server, "urls")) {
      if (url.as_string() == nullptr) continue;
      links.push_back("<" + *url.as_string() + ">; rel=\"ice-server\"" + login);
    }
  }
  return links;
}

}  // namespace parley::server::whip_http

#include "http/message.h"

#include <algorithm>

#include "base/assert.h"
#include "base/json.h"
#include "http/text.h"
#include "http/uri.h"

namespace parley::http {
namespace {

Response with_body(int status, std::string_view content_type, std::string_view body) {
  return Response{.status = status, .body = SharedBytes(body)}.with("Content-Type", content_type);
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
    case Method::kOptions: return "OPTIONS";
    case Method::kOther: return "another method";
  }
  std::unreachable();
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (equals_ignoring_case(known, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::query_parameter(std::string_view name) const {
  return find_query_parameter(query, name);
}

std::string_view Request::path_parameter(std::string_view name) const {
  const auto it = std::ranges::find(path_parameters, name,
                                    &std::pair<std::string_view, std::string_view>::first);
  PARLEY_ASSERT(it != path_parameters.end());
  return it->second;
}

std::string Request::origin() const {
  return (secure ? "https://" : "http://") + host;
}

bool Request::is_same_origin() const {
  const auto sent = header("Origin");
  return !sent || equals_ignoring_case(*sent, origin());
}

Response& Response::with(std::string_view name, std::string_view value) & {
  headers.push_back({.name = std::string(name), .value = std::string(value)});
  return *this;
}

Response&& Response::with(std::string_view name, std::string_view value) && {
  return std::move(with(name, value));
}

Response Response::text(int status, std::string_view body) {
  return with_body(status, "text/plain; charset=utf-8", body);
}

Response Response::json(int status, std::string_view body) {
  return with_body(status, "application/json", body);
}

Response Response::problem(int status, std::string_view title, std::string_view detail,
                           std::string_view field) {
  Json problem;
  problem.set("title", title);
  problem.set("status", status);
  if (!detail.empty()) problem.set("detail", detail);
  if (!field.empty()) problem.set("field", field);
  return with_body(status, "application/problem+json", problem.to_text());
}

}  // namespace parley::http

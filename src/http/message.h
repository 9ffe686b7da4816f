#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "net/address.h"

namespace parley::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

std::string_view to_string(Method method);

// "Not Found" for 404 (RFC 9110, 15); "Unknown" where the registry has no name for it.
std::string_view reason_phrase(int status);

struct Header {
  std::string name = {};
  std::string value = {};

  friend bool operator==(const Header&, const Header&) = default;
};

// A whole request (RFC 9110). The views borrow the connection's memory: valid during the handler's
// call only. What must outlive it is copied.
struct Request {
  Method method = Method::kGet;
  std::string_view target = {};  // As it came: path and query, percent-encoded.
  std::string path = {};         // Percent-decoded, "." and ".." resolved; begins with "/".
  std::string_view query = {};   // Without the "?", still encoded.
  std::vector<std::pair<std::string_view, std::string_view>> headers = {};
  Bytes body = {};
  // What the "{name}" segments of the route's pattern matched, in their order.
  std::vector<std::pair<std::string_view, std::string_view>> path_parameters = {};

  // Who asked and how, past the trusted proxies (X-Forwarded-For, -Proto, -Host).
  net::SocketAddress peer = {};
  bool secure = false;    // Over TLS, at our door or at the proxy's.
  std::string host = {};  // Host, with the port where one was given.

  // The first header of that name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;
  // The first query parameter of that name, percent-decoded, "+" read as a space.
  std::optional<std::string> query_parameter(std::string_view name) const;
  // The segment that "{name}" in the route's pattern matched; it must be in the pattern.
  std::string_view path_parameter(std::string_view name) const;
  // scheme://host, to be compared with the Origin header.
  std::string origin() const;
  // Whether the Origin header, where a browser sent one, is origin(): the page is one of ours.
  bool is_same_origin() const;
};

struct Response {
  int status = 200;
  std::vector<Header> headers = {};  // Without Content-Length, Connection and Date.
  SharedBytes body = {};

  Response& with(std::string_view name, std::string_view value) &;
  Response&& with(std::string_view name, std::string_view value) &&;

  static Response text(int status, std::string_view body);
  static Response json(int status, std::string_view body);
  // application/problem+json (RFC 9457). `field` names the part of the request that is at fault.
  static Response problem(int status, std::string_view title, std::string_view detail,
                          std::string_view field = {});
};

}  // namespace parley::http

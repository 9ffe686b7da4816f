#pragma once

#include <expected>

#include "base/json.h"
#include "base/schema.h"
#include "http/message.h"

namespace parley::http {

// The request's body as JSON. The error is the response to give: 415 for another content type, 400
// for what is no JSON.
std::expected<Json, Response> parse_json_body(const Request& request);

// The body as a message of that type. The error names the field that is at fault.
template <class T>
std::expected<T, Response> parse_body_as(const Request& request);

Response invalid_field(const FieldError& error);

template <class T>
std::expected<T, Response> parse_body_as(const Request& request) {
  const auto json = parse_json_body(request);
  if (!json) return std::unexpected(json.error());
  auto message = from_json<T>(*json);
  if (!message) return std::unexpected(invalid_field(message.error()));
  return *std::move(message);
}

}  // namespace parley::http

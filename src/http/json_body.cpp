#include "http/json_body.h"

#include <utility>

#include "http/text.h"

namespace parley::http {

std::expected<Json, Response> parse_json_body(const Request& request) {
  const auto [type, parameters] = split(request.header("Content-Type").value_or(""), ';');
  if (!equals_ignoring_case(type, "application/json") && !type.ends_with("+json")) {
    return std::unexpected(
        Response::problem(415, "Unsupported Media Type", "application/json is expected"));
  }
  auto json = Json::parse(as_text(request.body));
  if (!json) {
    return std::unexpected(Response::problem(400, "Bad Request", json.error().to_string()));
  }
  return *std::move(json);
}

Response invalid_field(const FieldError& error) {
  return Response::problem(400, "Bad Request", error.problem, error.field);
}

}  // namespace parley::http

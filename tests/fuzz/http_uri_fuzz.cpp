// Paths and queries, decoded: a path never leaves the root, and decoding it holds for any bytes.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "http/forwarded.h"
#include "http/uri.h"
#include "http/websocket/handshake.h"
#include "http/websocket/utf8_validator.h"

namespace {

void check_path(std::string_view encoded) {
  std::string path;
  if (!parley::http::decode_path(encoded, path)) return;
  PARLEY_ASSERT(parley::http::websocket::is_utf8(parley::as_bytes(path)));
  if (!path.starts_with('/')) return;
  const std::string segments = path + "/";
  PARLEY_ASSERT(!segments.contains("/../") && !segments.contains("/./"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const std::string text(as_text(Bytes(data, size)));
  check_path(text);
  if (const auto target = http::parse_target(text)) {
    check_path(target->path);
    http::find_query_parameter(target->query, "sid");
  }
  http::find_query_parameter(text, "a");
  http::websocket::negotiate_deflate(text);
  http::Request request{.headers = {{"X-Forwarded-For", text}, {"X-Forwarded-Host", text}}};
  const net::Network all{.address = {}, .prefix = 0};
  http::set_origin(request, {}, false, std::span(&all, 1));
  return 0;
}

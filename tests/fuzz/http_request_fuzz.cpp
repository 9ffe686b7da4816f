// The request parser must hold, and must see the same requests, however the bytes are cut.
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "http/request_parser.h"

namespace parley::http {
namespace {

constexpr std::size_t kMaxHeader = 4096;
constexpr std::size_t kMaxBody = 1024;

std::string describe(const RequestHead& head) {
  const Request& request = head.request;
  std::string text = std::string(to_string(request.method)) + " " + request.path + "?";
  text += request.query;
  text += "@" + request.host + (head.keep_alive ? "+" : "-") + (head.upgrade ? "u" : "");
  for (const auto& [name, value] : request.headers) {
    text.append("\n").append(name).append(":").append(value);
  }
  return text.append("\n\n").append(as_text(request.body));
}

// What all of it comes to; the last line is the status of an error.
std::vector<std::string> parse(Bytes bytes, std::size_t piece_size) {
  RequestParser::Pool pool;
  RequestParser parser(pool);
  std::vector<std::string> seen;
  while (!bytes.empty()) {
    const Bytes front = bytes.first(std::min(piece_size, bytes.size()));
    const std::vector<std::uint8_t> piece(front.begin(), front.end());
    bytes = bytes.subspan(front.size());
    Bytes input = piece;
    for (;;) {
      const auto event = parser.handle_input(input, kMaxHeader);
      if (!event) {
        PARLEY_ASSERT(event.error().status >= 400 && !event.error().problem.empty());
        seen.push_back(std::to_string(event.error().status));
        return seen;
      }
      if (*event == RequestParser::Event::kNeedMore) break;
      if (*event == RequestParser::Event::kHead) {
        parser.set_max_body_bytes(kMaxBody);
      } else {
        PARLEY_ASSERT(parser.head().request.body.size() <= kMaxBody);
        seen.push_back(describe(parser.head()));
        parser.finish_request();
      }
    }
    PARLEY_ASSERT(input.empty());
  }
  return seen;
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const Bytes bytes(data, size);
  const auto whole = http::parse(bytes, size == 0 ? 1 : size);
  PARLEY_ASSERT(http::parse(bytes, 1) == whole);
  PARLEY_ASSERT(http::parse(bytes, 7) == whole);
  return 0;
}

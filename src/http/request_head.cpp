#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <limits>
#include <optional>

#include "http/text.h"
#include "http/uri.h"

namespace parley::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;
using beast::http::verb;

constexpr std::size_t kMaxFields = 100;

constexpr RequestError kBadRequestLine{400, "the request line is malformed"};
constexpr RequestError kBadField{400, "a header field is malformed"};
constexpr RequestError kBadLineEnd{400, "a line does not end in CR LF"};
constexpr RequestError kFoldedField{400, "a header field is folded over two lines"};
constexpr RequestError kBadTarget{400, "the request target is malformed"};
constexpr RequestError kBadHost{400, "exactly one valid Host is required"};
constexpr RequestError kBadContentLength{400, "Content-Length is malformed or repeated"};
constexpr RequestError kBothFramings{400,
                                     "Content-Length and Transfer-Encoding exclude each other"};
constexpr RequestError kBadTransferEncoding{400, "Transfer-Encoding is repeated, or is HTTP/1.0"};
constexpr RequestError kUriTooLong{414, "the request line is too long"};
constexpr RequestError kExpectation{417, "only 100-continue can be expected"};
constexpr RequestError kHeadTooLarge{431, "the header is too large"};
constexpr RequestError kTooManyFields{431, "there are too many header fields"};
constexpr RequestError kUnknownCoding{501, "chunked is the only transfer coding"};
constexpr RequestError kNoTunnels{501, "CONNECT is not served"};
constexpr RequestError kBadVersion{505, "HTTP/1.0 and HTTP/1.1 are the versions served"};

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

Method method_of(verb method) {
  switch (method) {
    case verb::get: return Method::kGet;
    case verb::head: return Method::kHead;
    case verb::post: return Method::kPost;
    case verb::put: return Method::kPut;
    case verb::patch: return Method::kPatch;
    case verb::delete_: return Method::kDelete;
    case verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

// RFC 9110, 8.6: digits and nothing else; no sign, no list.
std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || text.front() == '-' || error != std::errc{}) return std::nullopt;
  if (end != text.data() + text.size()) return std::nullopt;
  return length;
}

// What may stand in a host name or address with an optional port: nothing that could lead out of a
// URL's authority, or that no name holds.
constexpr auto kHostCharacters = [] {
  std::array<bool, 256> allowed = {};
  for (std::size_t c = '!'; c < allowed.size(); ++c) allowed[c] = c != 0x7F;
  for (const char c : std::string_view("/\\?#@\"<>^`{|}%,"))
    allowed[static_cast<std::size_t>(c)] = false;
  return allowed;
}();

bool is_valid_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return kHostCharacters[static_cast<unsigned char>(c)];
  });
}

// Whether the request line ends in "HTTP/9.9", whatever the digits: a version, but not ours.
bool names_http(std::string_view block) {
  const std::string_view line = block.substr(0, block.find('\r'));
  const std::string_view version = line.substr(std::min(line.size(), line.rfind(' ') + 1));
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
         version[6] == '.' && is_digit(version[7]);
}

// Takes the events of Beast's parser for one head that is there as a whole, so that every view
// points into the caller's block. Content-Length and Transfer-Encoding are judged here, more
// strictly than Beast does. The names and signatures are those that basic_parser asks for.
class HeadParser final : public beast::http::basic_parser<true> {
 public:
  explicit HeadParser(RequestHead& head) : head_(head) {
    header_limit((std::numeric_limits<std::uint32_t>::max)());  // HeadScanner has limited it.
    body_limit(boost::none);                                    // RequestParser limits it.
  }

  std::expected<void, RequestError> parse(Bytes block) {
    beast::error_code error;
    put({block.data(), block.size()}, error);
    if (error_) return std::unexpected(*error_);
    if (error) return std::unexpected(translate(error, as_text(block)));
    return check();
  }

 private:
  using Error = beast::error_code;
  using Text = beast::string_view;

  void on_request_impl(verb method, Text, Text target, int version, Error&) override {
    head_.request.method = method_of(method);
    head_.request.target = view(target);
    head_.http_1_0 = version == 10;
    head_.keep_alive = version > 10;
    is_tunnel_ = method == verb::connect;
  }

  void on_field_impl(field name, Text name_text, Text value_text, Error& error) override {
    const std::string_view value = view(value_text);
    head_.request.headers.emplace_back(view(name_text), value);
    if (head_.request.headers.size() > kMaxFields) error_ = kTooManyFields;
    switch (name) {
      case field::host: on_host(value); break;
      case field::content_length: on_content_length(value); break;
      case field::transfer_encoding: on_transfer_encoding(value); break;
      case field::connection: on_connection(value); break;
      case field::expect: on_expect(value); break;
      default: break;
    }
    if (error_) error = beast::http::error::bad_field;
  }

  void on_host(std::string_view value) {
    if (++hosts_ > 1 || !is_valid_host(value)) error_ = kBadHost;
    head_.request.host = value;
  }

  void on_content_length(std::string_view value) {
    const auto length = parse_length(value);
    if (!length || has_length_) error_ = kBadContentLength;
    has_length_ = true;
    head_.content_length = length.value_or(0);
  }

  void on_transfer_encoding(std::string_view value) {
    if (head_.chunked || head_.http_1_0) {
      error_ = kBadTransferEncoding;
    } else if (!equals_ignoring_case(value, "chunked")) {
      error_ = kUnknownCoding;
    }
    head_.chunked = true;
  }

  // RFC 9112, 9.3. "close" wins wherever it stands.
  void on_connection(std::string_view value) {
    for_each_element(value, [&](std::string_view option) {
      if (equals_ignoring_case(option, "close")) closes_ = true;
      if (equals_ignoring_case(option, "keep-alive")) head_.keep_alive = true;
      if (equals_ignoring_case(option, "upgrade")) head_.upgrade = true;
    });
  }

  void on_expect(std::string_view value) {
    if (!equals_ignoring_case(value, "100-continue")) error_ = kExpectation;
    head_.expects_continue = !head_.http_1_0;
  }

  // Beast reports its own finding about the framing fields before on_field_impl() sees them.
  RequestError translate(Error error, std::string_view block) const {
    using enum beast::http::error;
    if (error == bad_version) return names_http(block) ? kBadVersion : kBadRequestLine;
    if (error == bad_method) return kBadRequestLine;
    if (error == bad_target) return kBadTarget;
    if (error == bad_content_length || error == multiple_content_length) {
      return head_.chunked ? kBothFramings : kBadContentLength;
    }
    if (error == bad_transfer_encoding) return has_length_ ? kBothFramings : kBadTransferEncoding;
    if (error == bad_line_ending) return kBadLineEnd;
    return head_.request.target.empty() ? kBadRequestLine : kBadField;
  }

  std::expected<void, RequestError> check() {
    Request& request = head_.request;
    if (is_tunnel_) return std::unexpected(kNoTunnels);
    if (head_.chunked && has_length_) return std::unexpected(kBothFramings);
    if (hosts_ == 0 && !head_.http_1_0) return std::unexpected(kBadHost);
    if (closes_) head_.keep_alive = false;
    const auto target = http::parse_target(request.target);
    if (!target || !decode_path(target->path, request.path)) return std::unexpected(kBadTarget);
    if (target->path == "*" && request.method != Method::kOptions) {
      return std::unexpected(kBadTarget);
    }
    request.query = target->query;
    if (!target->authority.empty()) {
      if (!is_valid_host(target->authority)) return std::unexpected(kBadHost);
      request.host = target->authority;
    }
    return {};
  }

  // Never told: requests have no status line, and put() stops after the head.
  void on_response_impl(int, Text, int, Error&) override {}
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(Text body, Error&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override { return body.size(); }
  void on_finish_impl(Error&) override {}

  RequestHead& head_;
  std::optional<RequestError> error_;
  unsigned hosts_ = 0;
  bool has_length_ = false;
  bool closes_ = false;
  bool is_tunnel_ = false;
};

}  // namespace

void RequestHead::clear() {
  Request& r = request;
  r.headers.clear();
  r.path_parameters.clear();
  r.path.clear();
  r.host.clear();
  r.target = r.query = {};
  r.body = {};
  r.secure = false;
  content_length = 0;
  chunked = http_1_0 = expects_continue = upgrade = false;
  keep_alive = true;
}

std::expected<HeadScanner::Found, RequestError> HeadScanner::scan(Bytes bytes,
                                                                  std::size_t max_bytes) {
  const std::string_view text = as_text(bytes.first(std::min(bytes.size(), max_bytes)));
  while (line_ < text.size()) {
    const auto end = text.find('\n', line_);
    if (end == std::string_view::npos) break;
    if (end == line_ || text[end - 1] != '\r') return std::unexpected(kBadLineEnd);
    const bool empty = end == line_ + 1;
    const bool first = line_ == begin_;
    if (!first && (text[line_] == ' ' || text[line_] == '\t')) return std::unexpected(kFoldedField);
    line_ = end + 1;
    if (empty && !first) return Found{.begin = begin_, .end = line_};
    if (empty) begin_ = line_;
  }
  if (bytes.size() < max_bytes) return Found{};
  return std::unexpected(line_ == begin_ ? kUriTooLong : kHeadTooLarge);
}

std::expected<void, RequestError> parse_request_head(Bytes block, RequestHead& head) {
  head.clear();
  return HeadParser(head).parse(block);
}

}  // namespace parley::http

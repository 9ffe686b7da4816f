#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::http {
namespace {

using Event = RequestParser::Event;

constexpr std::size_t kMaxHeader = 1000;
constexpr std::size_t kMaxBody = 100;

// What a request came to, copied out of the parser.
struct Seen {
  Method method = Method::kOther;
  std::string path = {};
  std::string query = {};
  std::string host = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool keep_alive = false;

  friend bool operator==(const Seen&, const Seen&) = default;
};

struct Outcome {
  std::vector<Seen> requests = {};
  int error = 0;  // The status to answer.
};

Seen see(const RequestHead& head) {
  const Request& request = head.request;
  Seen seen{.method = request.method,
            .path = request.path,
            .query = std::string(request.query),
            .host = request.host,
            .body = std::string(as_text(request.body)),
            .keep_alive = head.keep_alive};
  for (const auto& [name, value] : request.headers) {
    seen.headers.emplace_back(std::string(name), std::string(value));
  }
  return seen;
}

// Parses `bytes`, which come in pieces of that size, each in memory of its own.
Outcome parse(std::string_view bytes, std::size_t piece_size = std::string_view::npos) {
  RequestParser::Pool pool;
  RequestParser parser(pool);
  Outcome outcome;
  while (!bytes.empty()) {
    const std::string piece(bytes.substr(0, piece_size));
    bytes.remove_prefix(piece.size());
    Bytes input = as_bytes(piece);
    for (bool more = true; more;) {
      const auto event = parser.handle_input(input, kMaxHeader);
      if (!event) {
        outcome.error = event.error().status;
        return outcome;
      }
      if (*event == Event::kHead) parser.set_max_body_bytes(kMaxBody);
      if (*event == Event::kRequest) {
        outcome.requests.push_back(see(parser.head()));
        parser.finish_request();
      }
      more = *event != Event::kNeedMore;
    }
    EXPECT_TRUE(input.empty());
  }
  return outcome;
}

// The status that `bytes` are refused with, which must not depend on the pieces they come in.
int error_of(const std::string& bytes) {
  const int error = parse(bytes).error;
  for (const std::size_t piece : {1u, 2u, 5u}) EXPECT_EQ(parse(bytes, piece).error, error) << bytes;
  return error;
}

std::string with_fields(const std::string& fields) {
  return "POST / HTTP/1.1\r\nHost: here\r\n" + fields + "\r\n";
}

const std::string kRequests =
    "GET /a%20b?q=1&r HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\nX-Empty:\r\n\r\n"
    "\r\nPOST /body?x=y HTTP/1.1\r\nhost:h\r\nContent-Length: 5\r\n\r\nhello"
    "PUT /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "4;name=value\r\nwiki\r\n0A\r\n0123456789\r\n0\r\nTrailer: yes\r\n\r\n"
    "DELETE /gone HTTP/1.1\r\nHost: h\r\nConnection: x, close\r\n\r\n";

TEST(HttpRequestParser, ReadsRequestsWhateverThePieces) {
  const std::vector<Seen> expected = {
      {.method = Method::kGet,
       .path = "/a b",
       .query = "q=1&r",
       .host = "example.org:8080",
       .headers = {{"Host", "example.org:8080"}, {"Accept", "*/*"}, {"X-Empty", ""}},
       .keep_alive = true},
      {.method = Method::kPost,
       .path = "/body",
       .query = "x=y",
       .host = "h",
       .body = "hello",
       .headers = {{"host", "h"}, {"Content-Length", "5"}},
       .keep_alive = true},
      {.method = Method::kPut,
       .path = "/chunks",
       .host = "h",
       .body = "wiki0123456789",
       .headers = {{"Host", "h"}, {"Transfer-Encoding", "chunked"}},
       .keep_alive = true},
      {.method = Method::kDelete,
       .path = "/gone",
       .host = "h",
       .headers = {{"Host", "h"}, {"Connection", "x, close"}},
       .keep_alive = false}};
  EXPECT_EQ(parse(kRequests).requests, expected);
  for (std::size_t piece = 1; piece < kRequests.size(); ++piece) {
    const Outcome outcome = parse(kRequests, piece);
    EXPECT_EQ(outcome.error, 0);
    EXPECT_EQ(outcome.requests, expected) << "pieces of " << piece;
  }
}

TEST(HttpRequestParser, WaitsForTheRestOfEveryTruncation) {
  for (std::size_t size = 0; size < kRequests.size(); ++size) {
    const Outcome outcome = parse(kRequests.substr(0, size));
    EXPECT_EQ(outcome.error, 0) << size;
    EXPECT_LT(outcome.requests.size(), 4u);
  }
}

TEST(HttpRequestParser, HoldsMemoryOnlyWhileARequestIsUnderWay) {
  RequestParser::Pool pool;
  RequestParser parser(pool);
  EXPECT_TRUE(parser.is_idle());
  Bytes input = as_bytes("GET / HT");
  EXPECT_EQ(parser.handle_input(input, kMaxHeader), Event::kNeedMore);
  EXPECT_FALSE(parser.is_idle());
  EXPECT_FALSE(parser.is_in_body());
  input = as_bytes("TP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(parser.handle_input(input, kMaxHeader), Event::kHead);
  EXPECT_TRUE(parser.is_in_body());
  EXPECT_EQ(parser.handle_input(input, kMaxHeader), Event::kRequest);
  parser.finish_request();
  EXPECT_TRUE(parser.is_idle());
  EXPECT_EQ(parser.handle_input(input, kMaxHeader), Event::kNeedMore);
  EXPECT_TRUE(parser.is_idle());
}

TEST(HttpRequestParser, BorrowsARequestThatCameInOnePiece) {
  const std::string bytes = "POST /x?y HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
  RequestParser::Pool pool;
  RequestParser parser(pool);
  Bytes input = as_bytes(bytes);
  ASSERT_EQ(parser.handle_input(input, kMaxHeader), Event::kHead);
  parser.set_max_body_bytes(kMaxBody);
  ASSERT_EQ(parser.handle_input(input, kMaxHeader), Event::kRequest);
  const Request& request = parser.head().request;
  const auto lies_in_input = [&](const char* at) {
    return at >= bytes.data() && at < bytes.data() + bytes.size();
  };
  EXPECT_TRUE(lies_in_input(request.target.data()));
  EXPECT_TRUE(lies_in_input(request.headers.front().second.data()));
  EXPECT_TRUE(lies_in_input(as_text(request.body).data()));
}

TEST(HttpRequestParser, KeepsConnectionsAsTheVersionsHaveIt) {
  const auto keeps = [](const std::string& version, const std::string& connection) {
    const std::string field = connection.empty() ? "" : "Connection: " + connection + "\r\n";
    return parse("GET / HTTP/" + version + "\r\nHost: h\r\n" + field + "\r\n")
        .requests.at(0)
        .keep_alive;
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_FALSE(keeps("1.1", "Close"));
  EXPECT_FALSE(keeps("1.1", "keep-alive, close"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Keep-Alive"));
}

TEST(HttpRequestParser, ReadsEveryFormOfATarget) {
  const auto absolute =
      parse("GET http://other:81?q HTTP/1.1\r\nHost: here\r\n\r\n").requests.at(0);
  EXPECT_EQ(absolute.host, "other:81");
  EXPECT_EQ(absolute.path, "/");
  EXPECT_EQ(absolute.query, "q");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n").requests.at(0).path, "*");
  EXPECT_EQ(error_of("GET * HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET ftp://a/ HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET http:///x HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET http://a@b/x HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET /%zz HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET /%00 HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET nowhere HTTP/1.1\r\nHost: here\r\n\r\n"), 400);
  EXPECT_EQ(error_of("CONNECT a:1 HTTP/1.1\r\nHost: here\r\n\r\n"), 501);
}

TEST(HttpRequestParser, RefusesWhatIsNoRequestLine) {
  for (const std::string line :
       {" GET / HTTP/1.1", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / FTP/1.1",
        "G@T / HTTP/1.1", "GET / HTTP/1", "GET\t/ HTTP/1.1", "GET / HTTP/x.y", "GET /\x01 HTTP/1.1",
        "GET / http/1.1"}) {
    EXPECT_EQ(error_of(line + "\r\nHost: h\r\n\r\n"), 400) << line;
  }
  EXPECT_EQ(error_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(error_of("GET / HTTP/0.9\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(error_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

TEST(HttpRequestParser, RefusesFieldsThatParsersDisagreeAbout) {
  EXPECT_EQ(error_of("GET / HTTP/1.1\nHost: h\n\n"), 400);  // Bare LF.
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n"), 400);  // Bare CR.
  EXPECT_EQ(error_of(with_fields("X: a\r\n folded\r\n")), 400);
  EXPECT_EQ(error_of(with_fields("X: a\r\n\tfolded\r\n")), 400);
  EXPECT_EQ(error_of(with_fields("X : a\r\n")), 400);
  EXPECT_EQ(error_of(with_fields(": a\r\n")), 400);
  EXPECT_EQ(error_of(with_fields("no colon\r\n")), 400);
  EXPECT_EQ(error_of(with_fields(std::string("X: a\0b\r\n", 8))), 400);
}

TEST(HttpRequestParser, WantsExactlyOneHost) {
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.0\r\n\r\n").requests.size(), 1u);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").requests.at(0).host, "[::1]:80");
}

// RFC 9112, 6.3: whoever reads a body's length differently sees another request.
TEST(HttpRequestParser, RefusesAmbiguousFraming) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string length = "Content-Length: 5\r\n";
  EXPECT_EQ(error_of(with_fields(length + chunked)), 400);
  EXPECT_EQ(error_of(with_fields(chunked + length)), 400);
  EXPECT_EQ(error_of(with_fields(length + length)), 400);
  EXPECT_EQ(error_of(with_fields(length + "Content-Length: 6\r\n")), 400);
  EXPECT_EQ(error_of(with_fields(chunked + chunked)), 400);
  EXPECT_EQ(error_of("POST / HTTP/1.0\r\n" + chunked + "\r\n"), 400);
  for (const std::string value : {"5, 5", "+5", "-5", "0x5", "5 5", "", "99999999999999999999"}) {
    EXPECT_EQ(error_of(with_fields("Content-Length: " + value + "\r\n")), 400) << value;
  }
  for (const std::string value :
       {"gzip", "gzip, chunked", "identity", "xchunked", "chunked, gzip"}) {
    EXPECT_EQ(error_of(with_fields("Transfer-Encoding: " + value + "\r\n")), 501) << value;
  }
}

TEST(HttpRequestParser, RefusesMalformedChunks) {
  const std::string head = with_fields("Transfer-Encoding: chunked\r\n");
  for (const std::string body :
       {"x\r\n", "\r\n", ";e\r\n", "1\n", "1\r\nab", "1\r\na\rb", "1 \r\n", "0\r\n\n", "1;e\n",
        "00000000000000001\r\n", "0\r\nT: a\nb", "-1\r\n", "0x1\r\n"}) {
    EXPECT_EQ(error_of(head + body), 400) << body;
  }
  EXPECT_EQ(error_of(head + "1;" + std::string(10'000, 'e')), 400);
  EXPECT_EQ(error_of(head + "0\r\n" + std::string(10'000, 'T')), 400);
}

TEST(HttpRequestParser, KeepsToItsLimits) {
  const auto get = [](std::size_t total) {
    const std::string rest = " HTTP/1.1\r\nHost: h\r\n\r\n";
    return "GET /" + std::string(total - 5 - rest.size(), 'a') + rest;
  };
  EXPECT_EQ(parse(get(kMaxHeader)).requests.size(), 1u);
  EXPECT_EQ(error_of("GET /" + std::string(kMaxHeader, 'a')), 414);
  EXPECT_EQ(error_of(with_fields("X: " + std::string(kMaxHeader, 'a') + "\r\n")), 431);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "a:b\r\n";
  EXPECT_EQ(error_of(with_fields(many)), 431);

  EXPECT_EQ(parse(with_fields("Content-Length: 100\r\n") + std::string(100, 'b')).requests.size(),
            1u);
  EXPECT_EQ(error_of(with_fields("Content-Length: 101\r\n")), 413);
  const std::string chunked = with_fields("Transfer-Encoding: chunked\r\n");
  EXPECT_EQ(error_of(chunked + "65\r\n"), 413);
  EXPECT_EQ(error_of(chunked + "64\r\n" + std::string(100, 'b') + "\r\n1\r\n"), 413);
  EXPECT_EQ(error_of(chunked + "fffffffffffffff\r\n"), 413);
}

TEST(HttpRequestParser, KnowsWhoWaitsForContinue) {
  const auto expects = [](const std::string& bytes) {
    RequestHead head;
    EXPECT_TRUE(parse_request_head(as_bytes(bytes), head).has_value());
    return head.expects_continue;
  };
  EXPECT_TRUE(expects(with_fields("Expect: 100-Continue\r\n")));
  EXPECT_FALSE(expects(with_fields("")));
  EXPECT_FALSE(expects("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(error_of(with_fields("Expect: a miracle\r\n")), 417);
}

}  // namespace
}  // namespace parley::http

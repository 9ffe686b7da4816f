#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "base/bytes.h"
#include "http/message.h"

namespace parley::http {

// Why a request cannot be served: what to answer before the connection is closed.
struct RequestError {
  int status = 400;
  std::string_view problem = {};  // A literal.

  friend bool operator==(const RequestError&, const RequestError&) = default;
};

// A request line and its fields, and what they say about the bytes that follow.
struct RequestHead {
  Request request = {};  // Method, target, path, query, host and headers are set.
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool http_1_0 = false;
  bool keep_alive = true;         // The client will take another response on this connection.
  bool expects_continue = false;  // It waits for "100 Continue" before it sends the body.
  bool upgrade = false;           // "Connection: upgrade"; to what, the Upgrade field says.

  void clear();  // Keeps the memory.
};

// Looks for the end of the request head at the front of bytes that may still be growing.
//
// It refuses here what parsers disagree about, since a proxy before us may be one of them: a line
// feed without its carriage return, and a field folded over two lines (RFC 9112, 2.2 and 5.2).
class HeadScanner {
 public:
  struct Found {
    std::size_t begin = 0;  // Empty lines before the request line are skipped.
    std::size_t end = 0;    // After the empty line; 0 while it has not come.
  };

  // `bytes` begins where it began at the last call, and is at least as long.
  std::expected<Found, RequestError> scan(Bytes bytes, std::size_t max_bytes);

 private:
  std::size_t begin_ = 0;
  std::size_t line_ = 0;  // Where the line that is not complete yet begins.
};

// Parses a whole head, from the request line to the empty line. The views in `head` borrow `block`.
std::expected<void, RequestError> parse_request_head(Bytes block, RequestHead& head);

}  // namespace parley::http

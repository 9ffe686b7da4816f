#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::http {

// How a response is put on the wire, beside what it says: the request decides.
struct ResponseFraming {
  bool head_request = false;  // HEAD: no body, but the fields that GET would have had.
  bool http_1_0 = false;      // The client must be told when the connection stays.
  bool keep_alive = true;
};

// Whether the response is followed by its body.
bool has_body(const Response& response, const ResponseFraming& framing);

// Appends the status line and the fields, and the empty line after them (RFC 9112, 4 and 5).
// `date` is for the Date field. A line break inside a field's value, which could forge another
// field, becomes a space.
void append_response_head(std::string& out, const Response& response,
                          const ResponseFraming& framing, std::string_view date);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::int64_t unix_seconds);

}  // namespace parley::http

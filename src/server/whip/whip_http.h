#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "http/message.h"

// What WHIP and WHEP say in the words of HTTP.
namespace parley::server::whip_http {

inline constexpr std::string_view kSdp = "application/sdp";
inline constexpr std::string_view kFragment = "application/trickle-ice-sdpfrag";

// By its Content-Type, without parameters such as a charset.
bool has_type(const http::Request& request, std::string_view type);

// By GET or HEAD, to which there is nothing to say (RFC 9725, 4.1).
bool is_reading(const http::Request& request);

// Whether an If-Match lets that entity through (RFC 9110, 13.1.1). `etag`: without the quotes.
// Any one is * and, as RFC 9725 writes it in its example of a restart, "*".
bool matches(std::string_view if_match, std::string_view etag);

std::string quoted(std::string_view text);

// Pages of other origins may read what an answer is about, where they are let in at all.
http::Response for_origin(http::Response response, std::string_view origin);

// To OPTIONS (RFC 9725, 4.2).
http::Response options(std::string_view origin);

http::Response wrong_method(std::string_view allowed);
http::Response wrong_type(std::string_view header, std::string_view type);

// What is wrong, for the program's log.
struct Problem {
  int status = 503;
  std::string message = {};
  std::string field = {};  // That is at fault.
};

http::Response to_response(const Problem& problem);

// What is wrong with a parameter of the address that says one of these words, or nothing: one that
// we do not know would have no effect, and nobody would be told why.
std::optional<Problem> wrong_word(const http::Request& request, std::string_view parameter,
                                  std::initializer_list<std::string_view> words);

// By a Link each, which servers it may find a way by (RFC 9725, 4.6): those of the welcome.
std::vector<std::string> links_of(const Json& welcome);

}  // namespace parley::server::whip_http

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

// The target of a request line, taken apart (RFC 9112, 3.2). The views borrow the line.
struct Target {
  std::string_view path = {};       // Still encoded; "*" for a server-wide OPTIONS.
  std::string_view query = {};      // Without the "?", still encoded.
  std::string_view authority = {};  // Of the absolute form, where it overrides Host.
};

// Origin form, absolute form or "*". Nothing where it is none of them.
std::optional<Target> parse_target(std::string_view target);

// Decodes percent escapes and resolves "." and ".." (RFC 3986, 5.2.4); ".." never leaves the root.
// An escaped slash counts as a slash. False where an escape is broken, or where the path is not
// UTF-8 or holds a control character: nothing that a handler wants to see.
bool decode_path(std::string_view encoded, std::string& path);

// The value of the first `name` in an encoded query (application/x-www-form-urlencoded): "+" is a
// space, and a broken escape stands for itself, as browsers have it.
std::optional<std::string> find_query_parameter(std::string_view query, std::string_view name);

}  // namespace parley::http

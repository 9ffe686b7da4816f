#include "http/uri.h"

#include <algorithm>

#include "http/text.h"
#include "http/websocket/utf8_validator.h"

namespace parley::http {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = to_lower(c);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a') + 10;
  return std::nullopt;
}

// The byte that "%XX" at the front of `text` stands for.
std::optional<char> read_escape(std::string_view text) {
  if (text.size() < 3) return std::nullopt;
  const auto high = hex_digit(text[1]);
  const auto low = hex_digit(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high << 4 | *low);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// Nothing to decode, and no segment that begins with a dot: so it stands for itself.
bool is_plain(std::string_view path) {
  const auto is_unreserved_or_slash = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || c == '_' ||
           c == '~';
  };
  static_assert('-' + 1 == '.' && '.' + 1 == '/' && '/' + 1 == '0');
  return std::ranges::all_of(path, is_unreserved_or_slash) && !path.contains("/.");
}

// Rewrites `path`, which begins with "/", without its "." and ".." segments.
void resolve_dots(std::string& path) {
  std::size_t out = 0;
  for (std::size_t in = 0; in < path.size();) {
    const std::size_t end = std::min(path.find('/', in + 1), path.size());
    const std::string_view segment = std::string_view(path).substr(in + 1, end - in - 1);
    const bool last = end == path.size();
    if (segment == "." || segment == "..") {
      if (segment == ".." && out > 0) out = path.rfind('/', out - 1);
      if (last) path[out++] = '/';
    } else {
      std::copy(path.begin() + static_cast<std::ptrdiff_t>(in),
                path.begin() + static_cast<std::ptrdiff_t>(end),
                path.begin() + static_cast<std::ptrdiff_t>(out));
      out += end - in;
    }
    in = end;
  }
  path.resize(out);
}

bool is_encoded_form(std::string_view text) {
  return text.contains('%') || text.contains('+');
}

std::string decode_form(std::string_view encoded) {
  std::string text(encoded);
  if (!is_encoded_form(encoded)) return text;
  text.clear();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const auto byte = encoded[i] == '%' ? read_escape(encoded.substr(i)) : std::nullopt;
    text.push_back(byte ? *byte : encoded[i] == '+' ? ' ' : encoded[i]);
    if (byte) i += 2;
  }
  return text;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  Target parsed;
  if (target == "*") return Target{.path = target};
  if (!target.starts_with('/')) {
    const auto scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = target.substr(0, scheme_end);
    if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) {
      return std::nullopt;
    }
    target.remove_prefix(scheme_end + 3);
    const auto authority_end = std::min(target.find_first_of("/?"), target.size());
    parsed.authority = target.substr(0, authority_end);
    if (parsed.authority.empty()) return std::nullopt;
    target.remove_prefix(authority_end);
  }
  const auto query = target.find('?');
  parsed.path = target.substr(0, query);
  if (parsed.path.empty()) parsed.path = "/";
  if (query != std::string_view::npos) parsed.query = target.substr(query + 1);
  return parsed;
}

bool decode_path(std::string_view encoded, std::string& path) {
  path.clear();
  if (is_plain(encoded)) {
    path = encoded;
    return true;
  }
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    char c = encoded[i];
    if (c == '%') {
      const auto byte = read_escape(encoded.substr(i));
      if (!byte) return false;
      c = *byte;
      i += 2;
    }
    if (is_control(c)) return false;
    path.push_back(c);
  }
  if (!websocket::is_utf8(as_bytes(path))) return false;
  if (path.starts_with('/')) resolve_dots(path);
  return true;
}

std::optional<std::string> find_query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    const auto equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    if (key != name && (!is_encoded_form(key) || decode_form(key) != name)) continue;
    return equals == std::string_view::npos ? std::string() : decode_form(pair.substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace parley::http

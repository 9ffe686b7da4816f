#include "base/json.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "base/overloaded.h"

namespace parley {
namespace {

// Boost.JSON 1.81 rounds in haste: its last bit may be wrong. `rough` tells overflow from
// underflow, which std::from_chars does not.
double exact(std::string_view text, double rough) {
  double number = rough;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? number : rough;
}

// 5.0 and 5e0 are the whole number 5, as they are in JavaScript: it writes 5 for all of them.
Json normal(double number) {
  constexpr double kLimit = 0x1p63;
  const bool whole = number == std::trunc(number) && number >= -kLimit && number < kLimit;
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// Receives the events of Boost.JSON's parser and builds a Json of them. The names and signatures
// are those that boost::json::basic_parser asks for.
class Builder {
 public:
  static constexpr std::size_t max_object_size = 1 << 16;
  static constexpr std::size_t max_array_size = 1 << 20;
  static constexpr std::size_t max_key_size = 1 << 16;
  static constexpr std::size_t max_string_size = 1 << 30;

  using Error = boost::json::error_code;
  using Text = boost::json::string_view;

  Json take() { return std::move(open_.front()); }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return open(Json::Object{}); }
  bool on_object_end(std::size_t, Error&) { return close(); }
  bool on_array_begin(Error&) { return open(Json::Array{}); }
  bool on_array_end(std::size_t, Error&) { return close(); }
  bool on_key_part(Text part, std::size_t, Error&) { return append(part); }
  bool on_key(Text part, std::size_t, Error&) {
    append(part);
    keys_.push_back(std::exchange(text_, {}));
    return true;
  }
  bool on_string_part(Text part, std::size_t, Error&) { return append(part); }
  bool on_string(Text part, std::size_t, Error&) {
    append(part);
    return add(std::exchange(text_, {}));
  }
  bool on_number_part(Text part, Error&) { return append(part); }
  bool on_int64(std::int64_t number, Text, Error&) { return text_.clear(), add(number); }
  bool on_uint64(std::uint64_t number, Text, Error&) {
    return text_.clear(), add(static_cast<double>(number));
  }
  bool on_double(double rough, Text part, Error& error) {
    append(part);
    const double number = exact(std::exchange(text_, {}), rough);
    if (!std::isfinite(number)) error = boost::json::error::exponent_overflow;
    return std::isfinite(number) && add(normal(number));
  }
  bool on_bool(bool value, Error&) { return add(value); }
  bool on_null(Error&) { return add(nullptr); }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  bool append(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool open(Json container) {
    open_.push_back(std::move(container));
    return true;
  }

  bool close() {
    if (open_.size() == 1) return true;
    Json done = std::move(open_.back());
    open_.pop_back();
    return add(std::move(done));
  }

  bool add(Json value) {
    if (open_.empty()) {
      open_.push_back(std::move(value));
    } else if (Json::Array* const array = open_.back().as_array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().as_object()->push_back({std::move(keys_.back()), std::move(value)});
      keys_.pop_back();
    }
    return true;
  }

  std::vector<Json> open_;         // The containers around the present place; the document first.
  std::vector<std::string> keys_;  // One for each object member that waits for its value.
  std::string text_;
};

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  }
}

template <class Number>
void append_number(std::string& out, Number number) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number).ptr;
  out.append(buffer, end);
}

}  // namespace

std::string Json::ParseError::to_string() const {
  return fmt::format("{} at byte {}", problem, offset);
}

std::expected<Json, Json::ParseError> Json::parse(std::string_view text, Limits limits) {
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::basic_parser<Builder> parser(options);
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error) return std::unexpected(ParseError{.offset = used, .problem = error.message()});
  if (used < text.size()) {
    return std::unexpected(ParseError{.offset = used, .problem = "extra data"});
  }
  return parser.handler().take();
}

std::string Json::to_text() const {
  std::string text;
  append_to(text);
  return text;
}

void Json::append_to(std::string& text) const {
  std::visit(overloaded{
                 [&](std::monostate) { text += "null"; },
                 [&](bool value) { text += value ? "true" : "false"; },
                 [&](std::int64_t value) { append_number(text, value); },
                 [&](double value) {  // JSON has no infinity and no NaN.
                   std::isfinite(value) ? append_number(text, value) : void(text += "null");
                 },
                 [&](const std::string& value) { append_quoted(text, value); },
                 [&](const Array& values) {
                   text.push_back('[');
                   for (const Json& value : values) {
                     if (&value != values.data()) text.push_back(',');
                     value.append_to(text);
                   }
                   text.push_back(']');
                 },
                 [&](const Object& members) {
                   text.push_back('{');
                   for (const Member& member : members) {
                     if (&member != members.data()) text.push_back(',');
                     append_quoted(text, member.key);
                     text.push_back(':');
                     member.value.append_to(text);
                   }
                   text.push_back('}');
                 },
                 [&](const Binary&) { text += "null"; },
                 [&](const Written& value) { text += value.text; },
             },
             value_);
}

// Most of it is plain, and goes out in runs.
void Json::append_quoted(std::string& text, std::string_view value) {
  text.push_back('"');
  while (!value.empty()) {
    const auto special = std::ranges::find_if_not(value, is_plain);
    const auto run = static_cast<std::size_t>(special - value.begin());
    text.append(value.substr(0, run));
    if (special == value.end()) break;
    append_escaped(text, *special);
    value.remove_prefix(run + 1);
  }
  text.push_back('"');
}

const Json* Json::find(std::string_view key) const {
  const Object* const members = as_object();
  if (members == nullptr) return nullptr;
  const auto it = std::ranges::find(*members, key, &Member::key);
  return it == members->end() ? nullptr : &it->value;
}

void Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object{};
  Object* const members = as_object();
  PARLEY_ASSERT(members != nullptr);
  const auto it = std::ranges::find(*members, key, &Member::key);
  if (it != members->end()) {
    it->value = std::move(value);
  } else {
    members->push_back({std::move(key), std::move(value)});
  }
}

std::string_view Json::kind() const {
  return std::visit(overloaded{
                        [](std::monostate) { return "null"; },
                        [](bool) { return "a boolean"; },
                        [](std::int64_t) { return "a number"; },
                        [](double) { return "a number"; },
                        [](const std::string&) { return "a string"; },
                        [](const Array&) { return "an array"; },
                        [](const Object&) { return "an object"; },
                        [](const Binary&) { return "binary"; },
                        [](const Written&) { return "text"; },
                    },
                    value_);
}

}  // namespace parley

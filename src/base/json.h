#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace parley {

// A JSON value (RFC 8259), owned. Objects keep the order in which their members came.
//
// It can also hold Binary, which is no JSON: Socket.IO carries it beside the text. to_text() writes
// it as null; whoever can carry binary takes it out first.
class Json {
 public:
  struct Member;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;
  using Binary = std::vector<std::uint8_t>;

  // A value as its text, which goes out as it is: where a tree would only be made to be written.
  struct Written {
    std::string text = {};

    friend bool operator==(const Written&, const Written&) = default;
  };

  Json();  // null
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  Json(std::nullptr_t);
  Json(bool value);
  Json(std::int64_t value);
  Json(int value);
  Json(std::uint32_t value);
  Json(double value);
  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  Json(Array value);
  Json(Object value);
  Json(Binary value);
  Json(Written value);

  struct Limits {
    std::size_t depth = 32;  // Deeper nesting is refused: it costs stack here and at every reader.
  };

  struct ParseError {
    std::size_t offset = 0;  // Bytes before the mistake.
    std::string problem = {};

    std::string to_string() const;
  };

  static std::expected<Json, ParseError> parse(std::string_view text) { return parse(text, {}); }
  static std::expected<Json, ParseError> parse(std::string_view text, Limits limits);

  std::string to_text() const;
  void append_to(std::string& text) const;
  static void append_quoted(std::string& text, std::string_view value);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&value_); }
  const double* as_double() const { return std::get_if<double>(&value_); }
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  const Array* as_array() const { return std::get_if<Array>(&value_); }
  const Object* as_object() const { return std::get_if<Object>(&value_); }
  const Binary* as_binary() const { return std::get_if<Binary>(&value_); }
  Array* as_array() { return std::get_if<Array>(&value_); }
  Object* as_object() { return std::get_if<Object>(&value_); }
  Binary* as_binary() { return std::get_if<Binary>(&value_); }

  // The member of that name; null where this is no object or has no such member.
  const Json* find(std::string_view key) const;

  // Sets or replaces a member. This must be an object, or null, which becomes one.
  void set(std::string key, Json value);

  // "null", "a boolean", "a number", "a string", "an array", "an object", "binary", "text": for
  // sentences.
  std::string_view kind() const;

  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object, Binary,
               Written>
      value_;
};

struct Json::Member {
  std::string key = {};
  Json value = {};

  friend bool operator==(const Member&, const Member&) = default;
};

// Here, where Member is complete: each of these may have to destroy one.
inline Json::Json() = default;
inline Json::Json(const Json& other) = default;
inline Json::Json(Json&& other) noexcept = default;
inline Json& Json::operator=(const Json& other) = default;
inline Json& Json::operator=(Json&& other) noexcept = default;
inline Json::~Json() = default;

inline Json::Json(std::nullptr_t) {}
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(std::int64_t value) : value_(value) {}
inline Json::Json(int value) : value_(std::int64_t{value}) {}
inline Json::Json(std::uint32_t value) : value_(std::int64_t{value}) {}
inline Json::Json(double value) : value_(value) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(std::string_view value) : value_(std::string(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
inline Json::Json(Array value) : value_(std::move(value)) {}
inline Json::Json(Object value) : value_(std::move(value)) {}
inline Json::Json(Binary value) : value_(std::move(value)) {}
inline Json::Json(Written value) : value_(std::move(value)) {}

}  // namespace parley

#pragma once

#include <fmt/core.h>

#include <concepts>
#include <cstdint>
#include <expected>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.h"

namespace parley {

// Typed messages to and from JSON. A message is a plain struct that lists its fields:
//
//   struct Join {
//     std::string name;
//     bool micinf = true;
//     std::optional<std::string> resume;
//
//     static constexpr auto fields() {
//       return std::tuple(field("name", &Join::name, {.min = 1, .max = 64}),
//                         field("micinf", &Join::micinf), field("resume", &Join::resume));
//     }
//   };
//
// from_json<Join>() accepts exactly that: a member that is missing, unknown or of another kind is
// an error that names it. A std::optional may be missing or null; a Nullable must be there and may
// be null; an enum is one of the strings that `names_of(Enum)` lists; a std::map is an object whose
// keys are free; a Json field takes any value.

// A member that is written even where there is nothing: as null. In a std::optional the two differ:
// missing, or there and null.
template <class T>
struct Nullable {
  std::optional<T> value = {};

  friend bool operator==(const Nullable&, const Nullable&) = default;
};

// The length of a string in bytes, of an array or a map in elements, or the value of an integer.
struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
  Range range = {};
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member,
                                      Range range = {}) {
  return {name, member, range};
}

template <class T>
concept Message = requires {
  T::fields();
};

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
  names_of(value);
};

struct FieldError {
  std::string field = {};  // A path such as "candidate.sdpMLineIndex"; empty for the whole message.
  std::string problem = {};

  std::string to_string() const { return field.empty() ? problem : field + ": " + problem; }
  friend bool operator==(const FieldError&, const FieldError&) = default;
};

namespace schema {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsNullable : std::false_type {};
template <class T>
struct IsNullable<Nullable<T>> : std::true_type {};

template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

template <class T>
struct IsArray : std::false_type {};
template <class T>
struct IsArray<std::vector<T>> : std::true_type {};

inline std::string join_path(std::string_view outer, std::string_view inner) {
  if (outer.empty()) return std::string(inner);
  if (inner.empty()) return std::string(outer);
  return fmt::format("{}{}{}", outer, inner.starts_with('[') ? "" : ".", inner);
}

inline std::unexpected<FieldError> wrong_kind(std::string_view wanted, const Json& got) {
  return std::unexpected(
      FieldError{.problem = fmt::format("must be {}, not {}", wanted, got.kind())});
}

inline std::optional<FieldError> check(Range range, std::int64_t value, std::string_view what) {
  if (value < range.min) {
    return FieldError{.problem = fmt::format("{} must be at least {}", what, range.min)};
  }
  if (value > range.max) {
    return FieldError{.problem = fmt::format("{} must be at most {}", what, range.max)};
  }
  return std::nullopt;
}

template <class T>
std::expected<T, FieldError> read(const Json& json, Range range);

template <class T>
std::expected<T, FieldError> read_integer(const Json& json, Range range) {
  const std::int64_t* const value = json.as_int();
  if (value == nullptr) return wrong_kind("a whole number", json);
  if (auto error = check(range, *value, "the number")) return std::unexpected(*std::move(error));
  if (!std::in_range<T>(*value)) return std::unexpected(FieldError{.problem = "is out of range"});
  return static_cast<T>(*value);
}

template <class T>
std::expected<T, FieldError> read_enum(const Json& json) {
  const std::string* const text = json.as_string();
  if (text == nullptr) return wrong_kind("a string", json);
  std::string known;
  for (const auto& [value, name] : names_of(T{})) {
    if (name == *text) return value;
    known += known.empty() ? "" : ", ";
    known += name;
  }
  return std::unexpected(FieldError{.problem = "must be one of " + known});
}

template <class Element>
std::expected<std::vector<Element>, FieldError> read_array(const Json& json, Range range) {
  const Json::Array* const values = json.as_array();
  if (values == nullptr) return wrong_kind("an array", json);
  if (auto error = check(range, static_cast<std::int64_t>(values->size()), "its length")) {
    return std::unexpected(*std::move(error));
  }
  std::vector<Element> elements;
  for (const Json& value : *values) {
    auto element = read<Element>(value, {});
    if (!element) {
      return std::unexpected(FieldError{
          .field = join_path(fmt::format("[{}]", elements.size()), element.error().field),
          .problem = element.error().problem});
    }
    elements.push_back(*std::move(element));
  }
  return elements;
}

template <class Element>
std::expected<std::map<std::string, Element>, FieldError> read_map(const Json& json, Range range) {
  const Json::Object* const members = json.as_object();
  if (members == nullptr) return wrong_kind("an object", json);
  if (auto error = check(range, static_cast<std::int64_t>(members->size()), "its size")) {
    return std::unexpected(*std::move(error));
  }
  std::map<std::string, Element> elements;
  for (const Json::Member& member : *members) {
    auto element = read<Element>(member.value, {});
    if (!element) {
      return std::unexpected(FieldError{.field = join_path(member.key, element.error().field),
                                        .problem = element.error().problem});
    }
    if (!elements.try_emplace(member.key, *std::move(element)).second) {
      return std::unexpected(FieldError{.field = member.key, .problem = "is there twice"});
    }
  }
  return elements;
}

template <class Struct, class Member>
std::optional<FieldError> read_field(Struct& into, const Json& json,
                                     const Field<Struct, Member>& field) {
  const Json* const value = json.find(field.name);
  if (value == nullptr) {
    if constexpr (IsOptional<Member>::value) return std::nullopt;
    return FieldError{.field = std::string(field.name), .problem = "is missing"};
  }
  auto member = read<Member>(*value, field.range);
  if (!member) {
    return FieldError{.field = join_path(field.name, member.error().field),
                      .problem = std::move(member.error().problem)};
  }
  into.*field.member = *std::move(member);
  return std::nullopt;
}

// A member that the message does not have, or has twice (of which readers disagree which one
// counts).
template <Message T>
std::optional<FieldError> find_surplus(const Json& json, const Json::Object& members) {
  for (const Json::Member& member : members) {
    const bool known = std::apply(
        [&](const auto&... field) { return ((field.name == member.key) || ...); }, T::fields());
    if (!known) return FieldError{.field = member.key, .problem = "is not known here"};
    if (json.find(member.key) != &member.value) {
      return FieldError{.field = member.key, .problem = "is there twice"};
    }
  }
  return std::nullopt;
}

template <Message T>
std::expected<T, FieldError> read_message(const Json& json) {
  const Json::Object* const members = json.as_object();
  if (members == nullptr) return wrong_kind("an object", json);
  T message{};
  std::optional<FieldError> error = find_surplus<T>(json, *members);
  std::apply(
      [&](const auto&... field) {
        ((error ? void() : void(error = read_field(message, json, field))), ...);
      },
      T::fields());
  if (error) return std::unexpected(*std::move(error));
  return message;
}

template <class T>
std::expected<T, FieldError> read(const Json& json, Range range) {
  if constexpr (std::same_as<T, Json>) {
    return json;
  } else if constexpr (IsNullable<T>::value) {
    auto value = read<decltype(T::value)>(json, range);
    if (!value) return std::unexpected(std::move(value.error()));
    return T{*std::move(value)};
  } else if constexpr (IsOptional<T>::value) {
    if (json.is_null() && !IsNullable<typename T::value_type>::value) return T{};
    auto value = read<typename T::value_type>(json, range);
    if (!value) return std::unexpected(std::move(value.error()));
    return T{*std::move(value)};
  } else if constexpr (Message<T>) {
    return read_message<T>(json);
  } else if constexpr (NamedEnum<T>) {
    return read_enum<T>(json);
  } else if constexpr (std::same_as<T, bool>) {
    if (const bool* const value = json.as_bool()) return *value;
    return wrong_kind("a boolean", json);
  } else if constexpr (std::same_as<T, std::string>) {
    const std::string* const text = json.as_string();
    if (text == nullptr) return wrong_kind("a string", json);
    if (auto error = check(range, static_cast<std::int64_t>(text->size()), "its length in bytes")) {
      return std::unexpected(*std::move(error));
    }
    return *text;
  } else if constexpr (std::integral<T>) {
    return read_integer<T>(json, range);
  } else if constexpr (std::same_as<T, double>) {
    if (const double* const value = json.as_double()) return *value;
    if (const std::int64_t* const value = json.as_int()) return static_cast<double>(*value);
    return wrong_kind("a number", json);
  } else if constexpr (IsMap<T>::value) {
    return read_map<typename T::mapped_type>(json, range);
  } else {
    return read_array<typename T::value_type>(json, range);
  }
}

}  // namespace schema

template <class T>
std::expected<T, FieldError> from_json(const Json& json) {
  return schema::read<T>(json, {});
}

// The inverse of from_json. An empty std::optional member is left out.
template <class T>
Json to_json(const T& value) {
  if constexpr (schema::IsOptional<T>::value) {
    return value ? to_json(*value) : Json();
  } else if constexpr (schema::IsNullable<T>::value) {
    return to_json(value.value);
  } else if constexpr (Message<T>) {
    Json::Object members;
    const auto add = [&](const auto& field) {
      const auto& member = value.*field.member;
      if constexpr (schema::IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (!member) return;
      }
      members.push_back({std::string(field.name), to_json(member)});
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields());
    return members;
  } else if constexpr (NamedEnum<T>) {
    for (const auto& [known, name] : names_of(value)) {
      if (known == value) return Json(name);
    }
    return Json();
  } else if constexpr (std::same_as<T, bool>) {
    return Json(value);
  } else if constexpr (std::integral<T>) {
    return Json(static_cast<std::int64_t>(value));
  } else if constexpr (std::convertible_to<T, Json>) {
    return Json(value);
  } else if constexpr (schema::IsMap<T>::value) {
    Json::Object members;
    for (const auto& [key, element] : value) members.push_back({key, to_json(element)});
    return members;
  } else {
    Json::Array elements;
    for (const auto& element : value) elements.push_back(to_json(element));
    return elements;
  }
}

// What to_json(value).append_to(text) appends, without a tree in between.
template <class T>
void append_json(std::string& text, const T& value) {
  if constexpr (schema::IsOptional<T>::value) {
    value ? append_json(text, *value) : void(text += "null");
  } else if constexpr (schema::IsNullable<T>::value) {
    append_json(text, value.value);
  } else if constexpr (Message<T>) {
    const std::size_t begin = text.size();
    const auto add = [&](const auto& field) {
      const auto& member = value.*field.member;
      if constexpr (schema::IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (!member) return;
      }
      text.push_back(text.size() == begin ? '{' : ',');
      Json::append_quoted(text, field.name);
      text.push_back(':');
      append_json(text, member);
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields());
    text += text.size() == begin ? "{}" : "}";
  } else if constexpr (std::same_as<T, std::string>) {
    Json::append_quoted(text, value);
  } else if constexpr (std::same_as<T, Json>) {
    value.append_to(text);
  } else if constexpr (schema::IsArray<T>::value && !std::convertible_to<T, Json>) {
    text.push_back('[');
    for (const auto& element : value) {
      if (&element != value.data()) text.push_back(',');
      append_json(text, element);
    }
    text.push_back(']');
  } else {
    to_json(value).append_to(text);
  }
}

template <class T>
Json::Written written(const T& value) {
  Json::Written written;
  append_json(written.text, value);
  return written;
}

}  // namespace parley

#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

namespace parley::store {

enum class Error : std::uint8_t {
  kConflict,     // A name or key that must be unique is there already.
  kNotFound,     // What should be changed is not there, or what it belongs to is not.
  kFull,         // A limit is reached.
  kTooMany,      // A limit of that one person is.
  kUnavailable,  // The database failed; the log says how.
};

constexpr std::string_view to_string(Error error) {
  switch (error) {
    case Error::kConflict: return "conflict";
    case Error::kNotFound: return "not found";
    case Error::kFull: return "full";
    case Error::kTooMany: return "too many";
    case Error::kUnavailable: return "unavailable";
  }
  std::unreachable();
}

template <class T>
using Result = std::expected<T, Error>;

}  // namespace parley::store

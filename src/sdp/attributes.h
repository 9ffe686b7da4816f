#pragma once

#include <cstdint>
#include <string_view>

#include "sdp/description.h"

// The attributes of an m= section that have a type, one reader each.
namespace parley::sdp {

enum class Read : std::uint8_t {
  kDone,
  kUnknown,  // No attribute of that name has a type here.
  kBad,
};

// Writes what "a=name:value" says into `section`, whose m= line has been read.
Read read_attribute(MediaSection& section, std::string_view name, std::string_view value);

// Whether the attribute may stand at session level and holds for all sections then.
bool is_inherited(std::string_view name);

}  // namespace parley::sdp

#include "codec/format_name.h"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::codec {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 5> kNames = {{{"opus", Format::kOpus},
                                                                        {"vp8", Format::kVp8},
                                                                        {"vp9", Format::kVp9},
                                                                        {"h264", Format::kH264},
                                                                        {"av1", Format::kAv1}}};

char to_small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Format format_named(std::string_view name) {
  for (const auto& [small, format] : kNames) {
    if (std::ranges::equal(name, small, {}, to_small)) return format;
  }
  return Format::kUnknown;
}

}  // namespace parley::codec

#include "sdp/codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "sdp/text.h"

namespace parley::sdp {
namespace {

using Kind = H264Profile::Kind;

// Which profile_idc and constraint flags (profile_iop) make which profile: RFC 6184, table 5.
struct ProfilePattern {
  std::uint8_t idc;
  std::uint8_t mask;  // The flags that matter.
  std::uint8_t iop;
  Kind kind;
};
constexpr ProfilePattern kProfilePatterns[] = {
    {0x42, 0x4F, 0x40, Kind::kConstrainedBaseline},
    {0x4D, 0x8F, 0x80, Kind::kConstrainedBaseline},
    {0x58, 0xCF, 0xC0, Kind::kConstrainedBaseline},
    {0x42, 0x4F, 0x00, Kind::kBaseline},
    {0x58, 0xCF, 0x80, Kind::kBaseline},
    {0x4D, 0xAF, 0x00, Kind::kMain},
    {0x64, 0xFF, 0x00, Kind::kHigh},
    {0x64, 0xFF, 0x0C, Kind::kConstrainedHigh},
    {0xF4, 0xFF, 0x00, Kind::kHigh444},
};

constexpr std::uint8_t kLevel1b = 9;
constexpr std::uint8_t kConstraintSet3 = 0x10;  // With level_idc 11: level 1b.

constexpr bool may_be_level_1b(Kind kind) {
  return kind == Kind::kConstrainedBaseline || kind == Kind::kBaseline || kind == Kind::kMain;
}

std::string_view parameter_or(const Codec& codec, std::string_view name, std::string_view other) {
  return codec.find_parameter(name).value_or(other);
}

bool is_same_h264(const Codec& a, const Codec& b) {
  constexpr std::string_view kMode = "packetization-mode";
  constexpr std::string_view kProfile = "profile-level-id";
  if (parameter_or(a, kMode, "0") != parameter_or(b, kMode, "0")) return false;
  // Level 3.1 is what WebRTC takes for granted (RFC 7742, 6.2).
  const auto profile_a = parameter_or(a, kProfile, "42e01f");
  const auto profile_b = parameter_or(b, kProfile, "42e01f");
  const auto parsed_a = H264Profile::parse(profile_a);
  const auto parsed_b = H264Profile::parse(profile_b);
  if (!parsed_a || !parsed_b) return equal_ignoring_case(profile_a, profile_b);
  return parsed_a->kind == parsed_b->kind;
}

}  // namespace

bool Codec::is(std::string_view format) const {
  return equal_ignoring_case(name, format);
}

bool Codec::is_media() const {
  constexpr std::array<std::string_view, 7> kOthers = {
      "rtx", "red", "ulpfec", "flexfec-03", "flexfec", "cn", "telephone-event"};
  return std::ranges::none_of(kOthers, [&](std::string_view other) { return is(other); });
}

std::optional<std::string_view> Codec::find_parameter(std::string_view parameter) const {
  const auto it = std::ranges::find_if(parameters, [&](const FormatParameter& candidate) {
    return equal_ignoring_case(candidate.name, parameter);
  });
  if (it == parameters.end()) return {};
  return it->value;
}

bool Codec::has_feedback(std::string_view kind) const {
  return std::ranges::find(feedback, kind) != feedback.end();
}

std::optional<std::uint8_t> Codec::apt() const {
  const auto value = find_parameter("apt");
  if (!is_rtx() || !value) return {};
  return parse_number<std::uint8_t>(*value);
}

std::optional<std::uint8_t> Codec::red_payload_type() const {
  if (!is_red() || parameters.empty()) return {};
  std::string_view rest = parameters.front().name;
  return parse_number<std::uint8_t>(take_until(rest, '/'));
}

std::optional<H264Profile> H264Profile::parse(std::string_view profile_level_id) {
  std::uint32_t bits = 0;
  const char* const end = profile_level_id.data() + profile_level_id.size();
  const auto result = std::from_chars(profile_level_id.data(), end, bits, 16);
  if (profile_level_id.size() != 6 || result.ec != std::errc{} || result.ptr != end) return {};
  const auto idc = static_cast<std::uint8_t>(bits >> 16);
  const auto iop = static_cast<std::uint8_t>(bits >> 8);
  const auto level = static_cast<std::uint8_t>(bits);
  for (const ProfilePattern& pattern : kProfilePatterns) {
    if (pattern.idc != idc || (iop & pattern.mask) != pattern.iop) continue;
    const bool is_1b = level == 11 && (iop & kConstraintSet3) != 0 && may_be_level_1b(pattern.kind);
    return H264Profile{pattern.kind, is_1b ? kLevel1b : level};
  }
  return {};
}

std::string H264Profile::to_string() const {
  constexpr std::uint16_t kIdcAndFlags[] = {0x42E0, 0x4200, 0x4D00, 0x640C, 0x6400, 0xF400};
  std::uint32_t bits = std::uint32_t{kIdcAndFlags[static_cast<std::uint8_t>(kind)]} << 8 | level;
  if (level == kLevel1b && may_be_level_1b(kind)) {
    bits = (bits & 0xFFFF00) | std::uint32_t{kConstraintSet3} << 8 | 11;
  }
  char digits[6];
  std::to_chars(std::begin(digits), std::end(digits), bits, 16);  // Always six: idc is not small.
  return {std::begin(digits), std::end(digits)};
}

bool is_same_format(const Codec& a, const Codec& b) {
  if (a.name.empty() || !a.is(b.name) || a.clock_rate != b.clock_rate || a.channels != b.channels) {
    return false;
  }
  if (a.is("H264")) return is_same_h264(a, b);
  if (a.is("VP9")) return parameter_or(a, "profile-id", "0") == parameter_or(b, "profile-id", "0");
  if (a.is("AV1")) return parameter_or(a, "profile", "0") == parameter_or(b, "profile", "0");
  return true;
}

const Codec* find_codec(std::span<const Codec> codecs, std::uint8_t payload_type) {
  const auto it = std::ranges::find(codecs, payload_type, &Codec::payload_type);
  return it == codecs.end() ? nullptr : &*it;
}

const Codec* find_rtx(std::span<const Codec> codecs, std::uint8_t payload_type) {
  const auto it = std::ranges::find(codecs, std::optional(payload_type), &Codec::apt);
  return it == codecs.end() ? nullptr : &*it;
}

}  // namespace parley::sdp

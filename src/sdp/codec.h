#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sdp {

// One parameter of a=fmtp. Some formats write bare words ("0-15", "111/111"): names without value.
struct FormatParameter {
  std::string name = {};
  std::string value = {};

  friend bool operator==(const FormatParameter&, const FormatParameter&) = default;
};

// One payload type of a section: its a=rtpmap, a=fmtp and a=rtcp-fb lines.
struct Codec {
  std::uint8_t payload_type = 0;  // 0 to 127.
  std::string name = {};          // As it is written; compare with is().
  std::uint32_t clock_rate = 0;   // Hz.
  std::uint8_t channels = 1;      // Of sound.
  std::vector<FormatParameter> parameters = {};
  std::vector<std::string> feedback = {};  // "nack", "nack pli", "ccm fir", "transport-cc" ...

  // Names of formats do not tell capitals from small letters (RFC 4855, 3).
  bool is(std::string_view format) const;
  bool is_rtx() const { return is("rtx"); }
  bool is_red() const { return is("red"); }
  // Carries sound or pictures itself: neither repair, redundancy, comfort noise nor tones.
  bool is_media() const;

  std::optional<std::string_view> find_parameter(std::string_view parameter) const;
  bool has_feedback(std::string_view kind) const;
  // Of RTX: the payload type that it repeats (RFC 4588, 8.6).
  std::optional<std::uint8_t> apt() const;
  // Of RED: the payload type that it carries twice (RFC 2198).
  std::optional<std::uint8_t> red_payload_type() const;

  friend bool operator==(const Codec&, const Codec&) = default;
};

// H.264's profile-level-id (RFC 6184, 8.1), taken apart.
struct H264Profile {
  enum class Kind : std::uint8_t {
    kConstrainedBaseline,
    kBaseline,
    kMain,
    kConstrainedHigh,
    kHigh,
    kHigh444,
  };
  Kind kind = Kind::kConstrainedBaseline;
  std::uint8_t level = 10;  // level_idc: 31 is level 3.1. 9 stands for level 1b.

  // Six hexadecimal digits. Nothing for a profile that is none of these.
  static std::optional<H264Profile> parse(std::string_view profile_level_id);
  std::string to_string() const;

  friend bool operator==(const H264Profile&, const H264Profile&) = default;
};

// Whether a payload of one can be read as the other: the same format, clock and channels, and the
// parameters that make it another format (H.264's profile and packetization-mode, the profiles of
// VP9 and AV1). Payload types do not matter; RTX and RED are compared by their names alone.
bool is_same_format(const Codec& a, const Codec& b);

const Codec* find_codec(std::span<const Codec> codecs, std::uint8_t payload_type);
// The RTX codec of that payload type.
const Codec* find_rtx(std::span<const Codec> codecs, std::uint8_t payload_type);

}  // namespace parley::sdp

#include "peer/negotiation/payload_types.h"

#include <algorithm>
#include <string>

namespace parley::peer {
namespace {

// What RTX and RED point at; they are the same only if that is.
std::optional<std::uint8_t> carried(const sdp::Codec& codec) {
  return codec.is_rtx() ? codec.apt() : codec.red_payload_type();
}

void point_at(sdp::Codec& codec, std::uint8_t payload_type) {
  const std::string number = std::to_string(payload_type);
  if (codec.is_rtx()) {
    for (sdp::FormatParameter& parameter : codec.parameters) {
      if (parameter.name == "apt") parameter.value = number;
    }
  } else {
    codec.parameters.front().name = number + "/" + number;
  }
}

}  // namespace

void PayloadTypes::learn(std::span<const sdp::Codec> codecs) {
  for (const sdp::Codec& codec : codecs) {
    auto& used = used_.at(codec.payload_type & 0x7F);
    if (!used) used = codec;
  }
}

std::vector<sdp::Codec> PayloadTypes::assign(std::span<const sdp::Codec> codecs) {
  std::array<std::optional<std::uint8_t>, 128> renamed;  // From theirs to ours.
  std::vector<sdp::Codec> assigned;
  for (sdp::Codec codec : codecs) {
    if (const auto type = carried(codec)) {
      const auto media = renamed.at(*type & 0x7F);
      if (!media) continue;  // What it repeats found no number, or stands behind it.
      point_at(codec, *media);
    }
    const auto type = take(codec);
    if (!type) continue;
    renamed.at(codec.payload_type & 0x7F) = type;
    codec.payload_type = *type;
    used_.at(*type) = codec;
    assigned.push_back(std::move(codec));
  }
  return assigned;
}

std::optional<std::uint8_t> PayloadTypes::find(const sdp::Codec& codec) const {
  const auto it = std::ranges::find_if(used_, [&](const std::optional<sdp::Codec>& used) {
    return used && is_same_format(*used, codec) && carried(*used) == carried(codec);
  });
  if (it == used_.end()) return {};
  return static_cast<std::uint8_t>(it - used_.begin());
}

std::optional<std::uint8_t> PayloadTypes::take(const sdp::Codec& codec) {
  if (const auto type = find(codec)) return type;
  const auto is_free = [&](std::uint8_t type) { return !used_.at(type); };
  if (is_free(codec.payload_type & 0x7F)) return codec.payload_type;
  // The dynamic range, then what RFC 5761, 4 leaves of the rest.
  for (std::uint8_t type = 96; type < 128; ++type) {
    if (is_free(type)) return type;
  }
  for (std::uint8_t type = 35; type < 64; ++type) {
    if (is_free(type)) return type;
  }
  return {};
}

}  // namespace parley::peer

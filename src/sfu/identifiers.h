#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/strong_id.h"

namespace parley::sfu {

// A room, by whatever number the owner of the node knows it.
using RoomId = StrongId<struct RoomTag>;

// One who is in a room by one connection with this server, by the owner's number.
using ParticipantId = StrongId<struct ParticipantTag>;

// What a track shows. A participant publishes at most one of each.
enum class Source : std::uint8_t { kMicrophone, kCamera, kScreen, kScreenAudio };

inline constexpr std::size_t kSources = 4;

// What a mixer makes of everyone in a room, and publishes in their place (RFC 7667, 3.6).
struct Mix {
  // Whose voice is not in it, since it is for them. Zero: everyone's is.
  ParticipantId without = {};
  // For who cannot decode the other one: nothing of it comes before somebody needs it.
  bool spare = false;

  friend bool operator==(const Mix&, const Mix&) = default;
};

constexpr bool is_video(Source source) {
  return source == Source::kCamera || source == Source::kScreen;
}

constexpr std::string_view to_string(Source source) {
  switch (source) {
    case Source::kMicrophone: return "microphone";
    case Source::kCamera: return "camera";
    case Source::kScreen: return "screen";
    case Source::kScreenAudio: return "screen-audio";
  }
  std::unreachable();
}

}  // namespace parley::sfu

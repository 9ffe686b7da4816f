#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "mcu/person.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

enum class Source : std::uint8_t { kCamera, kScreen };

struct InputId {
  PersonId person = {};
  Source source = Source::kCamera;

  friend auto operator<=>(const InputId&, const InputId&) = default;
};

enum class LayoutMode : std::uint8_t {
  kGrid,     // All alike, until somebody shares a screen: then as kSpeaker.
  kSpeaker,  // A shared screen large, or else who speaks; the others in a strip below.
  kLecture,  // The slides, and who lectures beside them.
};

// One place in the picture.
struct Cell {
  InputId shows = {};
  Rect rect = {};  // Even numbers throughout.

  friend bool operator==(const Cell&, const Cell&) = default;
};

struct LayoutPerson {
  PersonId id = {};
  bool has_screen = false;
  bool lectures = false;
  Time spoke_at = kAtOnce;  // When they last did; kAtOnce: never.
};

struct LayoutConfig {
  Size canvas = {1'280, 720};
  std::size_t most_in_grid = 16;  // More, and no face can be told from another.
  int gap = 8;
};

// Where everyone is: who spoke last if not all have room, each where they were before if they have.
// `people` are in the order in which they came; `main` is who speaks.
std::vector<Cell> arrange(std::span<const LayoutPerson> people, LayoutMode mode,
                          std::optional<PersonId> main, const LayoutConfig& config);

}  // namespace parley::mcu

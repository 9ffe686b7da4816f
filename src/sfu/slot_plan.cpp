#include "sfu/slot_plan.h"

#include <algorithm>

namespace parley::sfu {

std::vector<std::optional<Track>> plan_slots(std::span<const std::optional<Track>> current,
                                             std::span<const Track> wanted) {
  const auto chosen = wanted.first(std::min(wanted.size(), current.size()));
  std::vector<std::optional<Track>> planned(current.begin(), current.end());
  for (std::optional<Track>& slot : planned) {
    if (slot && std::ranges::find(chosen, *slot) == chosen.end()) slot.reset();
  }
  for (const Track& track : chosen) {
    if (std::ranges::find(planned, std::optional(track)) != planned.end()) continue;
    *std::ranges::find(planned, std::optional<Track>()) = track;
  }
  return planned;
}

}  // namespace parley::sfu

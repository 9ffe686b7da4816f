#include "sfu/path_table.h"

#include <functional>
#include <utility>

namespace parley::sfu {

Member* PathTable::find(const net::Path& path) const {
  return slots_[slot_of(path)].member;
}

void PathTable::set(const net::Path& path, Member& member) {
  std::size_t at = slot_of(path);
  if (slots_[at].member == nullptr) {
    if (++size_ * 2 > slots_.size()) {
      grow();
      at = slot_of(path);
    }
    slots_[at].path = path;
  }
  slots_[at].member = &member;
}

// What stands behind the hole, and would not be found over it, moves into it.
void PathTable::remove(const net::Path& path, const Member& member) {
  std::size_t hole = slot_of(path);
  if (slots_[hole].member != &member) return;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (hole + 1) & mask; slots_[at].member != nullptr; at = (at + 1) & mask) {
    const std::size_t from_home = (at - home_of(slots_[at].path)) & mask;
    if (from_home < ((at - hole) & mask)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --size_;
}

// Multiplied, for the lowest bits alone are used.
std::size_t PathTable::home_of(const net::Path& path) const {
  const std::uint64_t spread = std::hash<net::Path>{}(path)*0x9e3779b97f4a7c15;
  return static_cast<std::size_t>(spread >> 32) & (slots_.size() - 1);
}

std::size_t PathTable::slot_of(const net::Path& path) const {
  std::size_t at = home_of(path);
  while (slots_[at].member != nullptr && slots_[at].path != path) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return at;
}

void PathTable::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& slot : old) {
    if (slot.member != nullptr) slots_[slot_of(slot.path)] = slot;
  }
}

}  // namespace parley::sfu

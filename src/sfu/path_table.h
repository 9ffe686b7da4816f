#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/path.h"

namespace parley::sfu {

struct Member;

// Whose a datagram is, by the path that it came: asked for each. Open addressing in one piece of
// memory, half of it empty at least.
class PathTable {
 public:
  PathTable() : slots_(kLeast) {}

  Member* find(const net::Path& path) const;
  // In place of who had it before.
  void set(const net::Path& path, Member& member);
  // Only if it is the member's.
  void remove(const net::Path& path, const Member& member);

  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kLeast = 64;  // A power of two, as are all its sizes.

  struct Slot {
    Member* member = nullptr;  // Null: empty.
    net::Path path = {};
  };

  std::size_t home_of(const net::Path& path) const;
  std::size_t slot_of(const net::Path& path) const;  // Where it is, or would be.
  void grow();

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace parley::sfu

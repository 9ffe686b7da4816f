#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace parley {

// An integer that names one kind of thing and nothing else:
//
//   using ConnectionId = StrongId<struct ConnectionTag>;
//
// Two kinds cannot be mixed up, and no arithmetic makes sense on either. Zero names nothing.
template <class Tag>
struct StrongId {
  std::uint64_t value = 0;

  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(StrongId, StrongId) = default;
};

}  // namespace parley

template <class Tag>
struct std::hash<parley::StrongId<Tag>> {
  std::size_t operator()(parley::StrongId<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value);
  }
};

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::codec {

// One packet's payload, as a packetizer cuts it from a frame.
struct Payload {
  std::vector<std::uint8_t> bytes = {};
  bool last_of_frame = false;  // The RTP marker bit.

  friend bool operator==(const Payload&, const Payload&) = default;
};

// How many parts of at most `limit` bytes a run of `size` is cut into, so that none is much smaller
// than the others: an even load is kinder to a queue than a full packet and a crumb.
constexpr std::size_t parts_of(std::size_t size, std::size_t limit) {
  return size == 0 ? 1 : (size + limit - 1) / limit;
}

// The size of part `index` of `parts`.
constexpr std::size_t part_size(std::size_t size, std::size_t parts, std::size_t index) {
  return size / parts + (index < size % parts ? 1 : 0);
}

}  // namespace parley::codec

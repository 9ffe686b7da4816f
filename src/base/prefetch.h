#pragma once

#include <cstddef>

namespace parley {

// Tells the processor that so many bytes will be read and written soon, so that it fetches them
// while it does other things. Only a hint: any address will do, and nothing is read.
inline void prefetch(const void* begin, std::size_t bytes) {
  constexpr std::size_t kCacheLine = 64;
  const auto* const at = static_cast<const char*>(begin);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(at + i, 1);
}

template <class T>
void prefetch(const T& object) {
  prefetch(&object, sizeof object);
}

}  // namespace parley

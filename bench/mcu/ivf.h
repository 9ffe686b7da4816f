#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

// The least of a container: a header, and a length and a number before each frame of VP8, all in
// little-endian. Thirty frames a second.
inline void write_ivf(const std::string& path, Size size,
                      const std::vector<std::vector<std::uint8_t>>& frames) {
  std::ofstream file(path, std::ios::binary);
  const auto number = [&](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i)));
  };
  file << "DKIF";
  number(0, 2);
  number(32, 2);
  file << "VP80";
  number(static_cast<std::uint64_t>(size.width), 2);
  number(static_cast<std::uint64_t>(size.height), 2);
  number(30, 4);
  number(1, 4);
  number(frames.size(), 4);
  number(0, 4);
  for (std::size_t n = 0; n < frames.size(); ++n) {
    number(frames[n].size(), 4);
    number(n, 8);
    file.write(reinterpret_cast<const char*>(frames[n].data()),
               static_cast<std::streamsize>(frames[n].size()));
  }
}

inline std::vector<std::vector<std::uint8_t>> read_ivf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::vector<std::vector<std::uint8_t>> frames;
  for (std::size_t at = 32; at + 12 <= bytes.size();) {
    const Bytes head = as_bytes(bytes).subspan(at);
    const std::size_t size = head[0] | head[1] << 8 | head[2] << 16;
    const Bytes frame = head.subspan(12).first(std::min(size, head.size() - 12));
    frames.emplace_back(frame.begin(), frame.end());
    at += 12 + size;
  }
  return frames;
}

}  // namespace parley::mcu

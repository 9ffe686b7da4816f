#include "ivf.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace parley::peer_program {

std::vector<std::vector<std::uint8_t>> read_ivf(const std::string& path) {
  constexpr std::size_t kFileHeader = 32;
  constexpr std::size_t kFrameHeader = 12;  // Its size, little-endian, and its time.
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
  if (bytes.size() < kFileHeader) throw std::runtime_error("no IVF file: " + path);
  std::vector<std::vector<std::uint8_t>> frames;
  for (std::size_t at = kFileHeader; at + kFrameHeader <= bytes.size();) {
    std::size_t size = 0;
    for (std::size_t i = 4; i > 0; --i) size = size << 8 | bytes[at + i - 1];
    at += kFrameHeader;
    if (size > bytes.size() - at) throw std::runtime_error("cut IVF file: " + path);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    frames.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return frames;
}

}  // namespace parley::peer_program

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::peer_program {

// The frames of an IVF file, in their order; an exception where there is no such file.
std::vector<std::vector<std::uint8_t>> read_ivf(const std::string& path);

}  // namespace parley::peer_program

#pragma once

#include <cstdint>
#include <vector>

#include "mcu/video/fonts.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

// A little picture that lets what is below it shine through.
struct Overlay {
  Picture picture = {};
  std::vector<std::uint8_t> alpha = {};  // Row by row, of the picture's size.
};

// A name on a dark strip with round corners, and in front of it a crossed microphone if `muted`.
Overlay draw_label(const Mask& name, bool muted, int height);

}  // namespace parley::mcu

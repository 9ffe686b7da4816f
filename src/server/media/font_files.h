#pragma once

#include "mcu/video/fonts.h"

namespace parley::server {

// The fonts of this machine that names are drawn with, as far as they are installed: of letters
// that none has nothing is drawn. Says so in the log where there is none at all.
mcu::Fonts read_fonts();

}  // namespace parley::server

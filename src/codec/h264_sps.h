#pragma once

#include <optional>

#include "base/bytes.h"
#include "codec/vp8.h"

namespace parley::codec {

// The size of the pictures that follow, of an RTP payload with a sequence parameter set in it:
// alone or in a STAP-A (ITU-T H.264, 7.3.2.1.1). Nothing where there is none, or none that makes
// sense.
std::optional<PictureSize> h264_picture_size(Bytes payload);

}  // namespace parley::codec

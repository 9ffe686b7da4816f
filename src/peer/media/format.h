#pragma once

#include "codec/format.h"
#include "codec/format_name.h"
#include "sdp/codec.h"

namespace parley::peer {

using codec::Format;

inline Format format_of(const sdp::Codec& codec) {
  return codec::format_named(codec.name);
}

}  // namespace parley::peer

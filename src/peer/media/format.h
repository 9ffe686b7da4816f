#pragma once

#include "codec/format.h"
#include "sdp/codec.h"

namespace parley::peer {

using codec::Format;

inline Format format_of(const sdp::Codec& codec) {
  if (codec.is("opus")) return Format::kOpus;
  if (codec.is("VP8")) return Format::kVp8;
  if (codec.is("VP9")) return Format::kVp9;
  if (codec.is("H264")) return Format::kH264;
  if (codec.is("AV1")) return Format::kAv1;
  return Format::kUnknown;
}

}  // namespace parley::peer

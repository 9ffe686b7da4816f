#pragma once

#include <cstdint>
#include <expected>
#include <fstream>
#include <string>

#include "base/bytes.h"
#include "codec/vp8.h"
#include "media_file.h"

namespace native_call {

// IVF, the plainest of video files: a header of 32 bytes, then each frame after its size (4 bytes)
// and its time (8 bytes), all of it little-endian. `ffmpeg -i anything -c:v libvpx clip.ivf` makes
// one. Only VP8 is taken.
std::expected<MediaFile, std::string> parse_ivf(parley::Bytes file);

class IvfWriter {
 public:
  IvfWriter(const std::string& path, parley::codec::PictureSize size);
  ~IvfWriter();  // Writes into the header how long it is.
  IvfWriter(const IvfWriter&) = delete;
  IvfWriter& operator=(const IvfWriter&) = delete;

  // `timestamp` is RTP's: in units of 1/90,000 s from the first frame, and never less than the one
  // before.
  void write(std::uint64_t timestamp, parley::Bytes frame);

 private:
  std::ofstream file_;
  std::uint64_t last_ = 0;  // The last timestamp.
};

}  // namespace native_call

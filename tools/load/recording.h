#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::load {

// Frames that an encoder has made, to be sent as they are, again and again: what a mixer can
// decode.
struct Recording {
  std::vector<std::vector<std::uint8_t>> frames = {};  // At least one.
  Duration interval = {};                              // From one to the next.

  std::size_t bytes() const;
};

// VP8 in IVF, whose first frame is a key frame; and Opus in Ogg (RFC 7845) in packets of 20 ms. The
// errors are sentences.
std::expected<Recording, std::string> read_film(Bytes ivf);
std::expected<Recording, std::string> read_sound(Bytes ogg);

// What a file holds, by its reader.
using ReadRecording = std::expected<Recording, std::string> (*)(Bytes);
std::expected<std::shared_ptr<const Recording>, std::string> load_recording(const std::string& path,
                                                                            ReadRecording read);

}  // namespace parley::load

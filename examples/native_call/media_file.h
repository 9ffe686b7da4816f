#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace native_call {

// An encoded picture, or an Opus packet: what a file holds, and what one write to a track sends.
struct MediaFrame {
  parley::Duration at = {};  // From the beginning of the file.
  std::vector<std::uint8_t> bytes = {};

  friend bool operator==(const MediaFrame&, const MediaFrame&) = default;
};

// A file of one track, all of it in memory.
struct MediaFile {
  std::vector<MediaFrame> frames = {};  // In the order of their times; never empty.
  parley::Duration length = {};         // To the end of the last one.
};

// The error of both is a sentence for who named the file.
using MediaParser = std::expected<MediaFile, std::string>(parley::Bytes file);
std::expected<MediaFile, std::string> read_media(const std::string& path, MediaParser parse);

}  // namespace native_call

#pragma once

#include <cstdint>
#include <expected>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "media_file.h"

namespace native_call {

// Opus in Ogg (RFC 3533, RFC 7845), as `ffmpeg -i anything -c:a libopus clip.ogg` makes it.
std::expected<MediaFile, std::string> parse_ogg(parley::Bytes file);

// Writes one page a packet: not the smallest of files, but whatever happens, it ends with the last
// packet but one that came.
class OggWriter {
 public:
  explicit OggWriter(const std::string& path);
  ~OggWriter();  // Writes the last packet, and that it is the last.
  OggWriter(const OggWriter&) = delete;
  OggWriter& operator=(const OggWriter&) = delete;

  // `timestamp` is RTP's: where the packet begins, in units of 1/48,000 s from the first one. Where
  // packets were lost, a player finds silence.
  void write(std::uint64_t timestamp, parley::Bytes packet);

 private:
  struct Packet {
    std::uint64_t end = 0;  // The granule position (RFC 7845, 4).
    std::vector<std::uint8_t> bytes = {};
  };

  void write_page(const Packet& packet, std::uint8_t flags);

  std::ofstream file_;
  std::uint32_t pages_ = 0;
  Packet last_;  // The two headers have been written before it; empty until the first packet.
};

}  // namespace native_call

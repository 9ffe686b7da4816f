#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/frame_part.h"

namespace parley::codec {

// The NAL unit types that matter here (ITU-T H.264, table 7-1; RFC 6184, table 1).
enum class NalType : std::uint8_t {
  kSlice = 1,
  kIdr = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
  kDelimiter = 9,
  kStapA = 24,
  kFuA = 28,
};

// What an H.264 payload holds (RFC 6184, packetization modes 0 and 1).
struct H264Payload {
  bool has_idr = false;  // Or its first fragment: a picture that needs none before it.
  bool has_sps = false;
  bool starts_nal_unit = true;  // False for all fragments but the first.
  bool ends_nal_unit = true;    // False for all fragments but the last.

  // Nothing where its lengths do not fit, or for a type that mode 1 does not have.
  static std::optional<H264Payload> parse(Bytes payload);

  // Chromium and Firefox send SPS and PPS with each IDR picture: whoever joins begins there.
  bool starts_key_frame() const { return starts_nal_unit && (has_sps || has_idr); }

  friend bool operator==(const H264Payload&, const H264Payload&) = default;
};

// The NAL units of a byte stream (Annex B), without their start codes.
std::vector<Bytes> split_annex_b(Bytes stream);

// Cuts an access unit (Annex B) into payloads of at most `max_size` bytes: small NAL units together
// (STAP-A), large ones in fragments (FU-A). Delimiters are left out: the marker bit does their
// work.
std::vector<Payload> packetize_h264(Bytes access_unit, std::size_t max_size);

// Puts an access unit (Annex B) together again from its payloads, which come in order and complete.
class H264Depacketizer {
 public:
  // False: the payload does not fit what came before; the access unit is lost.
  bool add(Bytes payload);
  std::vector<std::uint8_t> take();

 private:
  void begin_nal_unit();

  std::vector<std::uint8_t> access_unit_;
  bool in_fragment_ = false;
};

}  // namespace parley::codec

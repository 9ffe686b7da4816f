#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/frame_part.h"

namespace parley::codec {

// Open bitstream units (AV1 bitstream specification, 6.2.2).
enum class ObuType : std::uint8_t {
  kSequenceHeader = 1,
  kTemporalDelimiter = 2,
  kFrameHeader = 3,
  kTileGroup = 4,
  kMetadata = 5,
  kFrame = 6,
  kRedundantFrameHeader = 7,
  kTileList = 8,
  kPadding = 15,
};

// The OBU elements of one payload (AV1 RTP specification, 4.3 to 4.5).
struct Av1Payload {
  bool continues_obu = false;  // Z: the first element goes on with what the last packet began.
  bool obu_continues = false;  // Y: the last element goes on in the next packet.
  bool new_coded_video_sequence = false;  // N: a key frame begins here.
  std::vector<Bytes> elements = {};       // In order; they borrow the payload.

  // Nothing where the lengths do not fit, or no element is there.
  static std::optional<Av1Payload> parse(Bytes payload);
};

// Cuts a temporal unit (OBUs with size fields, as encoders and IVF files give it) into payloads of
// at most `max_size` bytes. Temporal delimiters and tile lists are left out. Nothing where the unit
// is not well-formed.
std::optional<std::vector<Payload>> packetize_av1(Bytes temporal_unit, std::size_t max_size);

// Puts a temporal unit together again from its payloads, which come in order and complete: OBUs
// with size fields, behind a temporal delimiter.
class Av1Depacketizer {
 public:
  // False: the payload does not fit what came before; the temporal unit is lost.
  bool add(Bytes payload);
  // Empty where an OBU is unfinished.
  std::vector<std::uint8_t> take();

 private:
  bool finish_obu();

  std::vector<std::uint8_t> unit_;
  std::vector<std::uint8_t> obu_;  // The one that goes on in the next packet, if `in_obu_`.
  bool in_obu_ = false;
};

}  // namespace parley::codec

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "peer/negotiation/transceiver.h"
#include "rtp/extension_values.h"

namespace parley::peer {

// An encoded frame to be sent. What `data` holds depends on the codec:
//   Opus          one packet
//   VP8, VP9      one frame, as IVF files have it
//   H264          one access unit, as a byte stream (Annex B), with SPS and PPS before each IDR
//   AV1           one temporal unit, as IVF files have it
struct OutgoingFrame {
  std::string_view rid = {};    // Of a simulcast: which encoding. Else empty.
  std::string_view codec = {};  // "VP8"; empty: the one that the peer prefers.
  std::uint32_t timestamp = 0;  // Of RTP: 90 kHz for video, 48 kHz for Opus; from any start.
  // When that was: tells the peer how sound and picture belong together. Unset: now.
  Time captured = {};
  bool key = false;  // Of video: it needs no frame before it.
  Bytes data = {};   // Borrowed during the call.
  std::optional<rtp::AudioLevel> audio_level = {};
  std::optional<rtp::VideoOrientation> orientation = {};
};

// An encoded frame that came, in the form of OutgoingFrame::data. Frames of one encoding come in
// their order, whole, and as soon as the network allows; to play them evenly is the player's part
// (rtp::JitterBuffer), as with the encoded frames of the W3C.
struct IncomingFrame {
  TransceiverId transceiver = {};
  std::string rid = {};
  std::string codec = {};  // As its a=rtpmap names it.
  std::uint32_t clock_rate = 0;
  std::uint64_t timestamp = 0;  // Of RTP, extended: it does not wrap.
  bool key = false;
  bool lost_before = false;  // What this one leans on may be missing: until the next key frame.
  std::vector<std::uint8_t> data = {};
  std::optional<rtp::AudioLevel> audio_level = {};
  std::optional<rtp::VideoOrientation> orientation = {};

  friend bool operator==(const IncomingFrame&, const IncomingFrame&) = default;
};

}  // namespace parley::peer

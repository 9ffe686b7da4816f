#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace parley::codec {

// Puts the payloads of one frame together: packets come in order, a gap loses the frame it is in,
// and frames end with the marker bit or a new timestamp (RFC 3550, 5.1).
class FrameAssembler {
 public:
  static constexpr std::size_t kMaxFrame = 4 << 20;  // Bytes: no camera sends more.

  struct Frame {
    std::uint64_t timestamp = 0;
    std::vector<std::vector<std::uint8_t>> payloads = {};
    bool lost_before = false;  // What this frame leans on may be missing.

    friend bool operator==(const Frame&, const Frame&) = default;
  };

  // `lost_before`: a packet directly before this one is missing for good. `starts_frame`: the
  // payload says that a frame begins with it.
  std::optional<Frame> add(std::uint64_t timestamp, bool marker, bool lost_before,
                           bool starts_frame, Bytes payload);

  std::uint64_t frames_lost() const { return frames_lost_; }

 private:
  void begin(std::uint64_t timestamp);

  std::optional<Frame> current_;  // None between frames.
  std::size_t size_ = 0;          // Of `current_`.
  bool broken_ = false;           // `current_` misses something.
  bool lost_ = false;             // Since the last frame that was given out.
  std::uint64_t frames_lost_ = 0;
};

}  // namespace parley::codec

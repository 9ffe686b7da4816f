#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/format.h"
#include "codec/frame_assembler.h"

namespace parley::codec {

// Whether a key frame begins with this payload, as far as the format tells.
bool starts_key_frame(Format format, Bytes payload);

// Puts the frames of one stream and format together again from its packets, which come in order.
class FrameBuilder {
 public:
  struct Packet {
    std::uint64_t timestamp = 0;  // Extended.
    bool marker = false;
    bool lost_before = false;  // The packet before it is missing for good.
    Bytes payload = {};        // Empty: padding. Borrowed during the call.
  };
  struct Frame {
    std::uint64_t timestamp = 0;
    bool key = false;
    bool lost_before = false;
    std::vector<std::uint8_t> data = {};

    friend bool operator==(const Frame&, const Frame&) = default;
  };

  explicit FrameBuilder(Format format) : format_(format) {}

  // The frame that this packet completes.
  std::optional<Frame> add(const Packet& packet);

  // Some of them were not whole, or no frames of the format.
  std::uint64_t frames_lost() const { return assembler_.frames_lost() + malformed_; }

 private:
  bool starts_frame(const Packet& packet) const;
  bool join(const FrameAssembler::Frame& parts, Frame& frame) const;

  Format format_;
  FrameAssembler assembler_;
  bool broken_ = true;  // No key frame since the last loss.
  std::uint64_t malformed_ = 0;
};

}  // namespace parley::codec

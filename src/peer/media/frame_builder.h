#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codec/frame_assembler.h"
#include "peer/media/format.h"
#include "peer/media/reorder_buffer.h"

namespace parley::peer {

// Whether a key frame begins with this payload, as far as the format tells.
bool starts_key_frame(Format format, Bytes payload);

// Puts the frames of one stream and format together again from its packets, which come in order.
class FrameBuilder {
 public:
  struct Frame {
    std::uint64_t timestamp = 0;
    bool key = false;
    bool lost_before = false;
    std::vector<std::uint8_t> data = {};

    friend bool operator==(const Frame&, const Frame&) = default;
  };

  explicit FrameBuilder(Format format) : format_(format) {}

  // The frame that this packet completes.
  std::optional<Frame> add(const OrderedPacket& packet);

  // Some of them were not whole, or no frames of the format.
  std::uint64_t frames_lost() const { return assembler_.frames_lost() + malformed_; }

 private:
  bool starts_frame(const OrderedPacket& packet) const;
  bool join(const codec::FrameAssembler::Frame& parts, Frame& frame) const;

  Format format_;
  codec::FrameAssembler assembler_;
  bool broken_ = true;  // No key frame since the last loss.
  std::uint64_t malformed_ = 0;
};

}  // namespace parley::peer

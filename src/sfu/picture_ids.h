#pragma once

#include <cstdint>
#include <optional>

#include "sfu/number_map.h"
#include "sfu/packet.h"

namespace parley::sfu {

// The picture ids and TL0PICIDX of a VP8 stream (RFC 7741, 4.2) on its way into a slot: they count
// the frames that the receiver gets, of whatever stream.
class PictureIds {
 public:
  // Where the counting stands.
  struct Last {
    std::optional<std::uint16_t> picture_id = {};
    std::optional<std::uint8_t> tl0_picture_index = {};
  };
  struct Ids {
    std::optional<std::uint16_t> picture_id = {};
    std::optional<std::uint8_t> tl0_picture_index = {};

    friend bool operator==(const Ids&, const Ids&) = default;
  };

  // The stream begins with this frame, after what the slot has shown so far.
  void start(const FrameInfo& first, const Last& last);
  Last last() const;

  // The next frame in order: it goes out, or not.
  void handle_frame(const FrameInfo& frame, bool wanted);
  // The ids of a frame so far; each set where it differs from what the frame has. Nothing: it has
  // none to go out by.
  std::optional<Ids> find(const FrameInfo& frame) const;

 private:
  std::uint64_t extend(const FrameInfo& frame) const;

  bool counts_pictures_ = false;
  bool counts_tl0_ = false;
  std::uint8_t tl0_shift_ = 0;
  Last last_ = {};
  NumberMap pictures_;
};

}  // namespace parley::sfu

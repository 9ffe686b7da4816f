#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sfu/packet.h"

namespace parley::sfu {

// Which layers of one encoding pass. Down with the next picture; up where the stream says that one
// may: temporal layers one by one, at a frame that needs nothing of its own layer, and all that is
// wanted at a key picture. What applied to a picture applies to those of its packets that come
// late.
class LayerFilter {
 public:
  struct Limits {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;

    bool pass(const FrameInfo& frame) const {
      return frame.spatial <= spatial && frame.temporal <= temporal;
    }
    friend bool operator==(const Limits&, const Limits&) = default;
  };

  // Begins with the key picture of that timestamp.
  void start(std::uint64_t timestamp, Limits target);
  void set_target(Limits target) { target_ = target; }

  // The next picture; `frame` is that of its first packet which came.
  void handle_picture(std::uint64_t timestamp, const FrameInfo& frame);

  const Limits& limits() const { return limits_; }  // Of the newest picture.
  Limits limits_at(std::uint64_t timestamp) const;
  // There is more to be had from the next key picture.
  bool needs_key_picture() const { return limits_.spatial < target_.spatial; }

 private:
  struct Change {
    std::uint64_t timestamp = 0;  // Of the first picture that it applied to.
    Limits limits = {};
  };

  void change(std::uint64_t timestamp, Limits limits);

  Limits target_ = {};
  Limits limits_ = {};
  std::array<Change, 4> changes_ = {};  // The newest first.
};

}  // namespace parley::sfu

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::sfu {

// Encodings of a publication, as bits.
using EncodingSet = std::uint32_t;

// Which encodings of a publication its publisher is told to send: one that is needed at once, one
// that nobody needs any more only after a while, since who pages back and forth wants it again.
// At first all are sent.
class LayerDemand {
 public:
  static constexpr std::size_t kMaxEncodings = 8;

  LayerDemand() = default;
  LayerDemand(std::size_t encodings, Duration patience);
  // At first none are.
  static LayerDemand of_none(std::size_t encodings, Duration patience);

  // Somebody needs these, whoever needs the others. Whether the publisher is to be told.
  bool start(EncodingSet needed);
  // These are needed, and no others. Whether the publisher is to be told.
  bool update(Time now, EncodingSet needed);
  // When update() with the same set would have something to tell.
  Time next_deadline() const;

  EncodingSet told() const { return told_; }

 private:
  EncodingSet all_ = 0;
  EncodingSet told_ = 0;
  Duration patience_ = {};
  std::array<Time, kMaxEncodings> stop_at_ = {};  // kNever while it is needed, or not sent.
};

}  // namespace parley::sfu

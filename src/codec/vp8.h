#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "codec/frame_part.h"

namespace parley::codec {

// What stands in front of each VP8 payload (RFC 7741, 4.2).
struct Vp8Descriptor {
  bool non_reference = false;  // No other frame needs this one.
  bool start_of_partition = false;
  std::uint8_t partition = 0;                    // 0 to 7.
  std::optional<std::uint16_t> picture_id = {};  // 15 bits, or 7 where `short_picture_id`.
  bool short_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index = {};
  struct Temporal {
    std::uint8_t layer = 0;  // 0 to 3; 0 is the base.
    bool sync = false;       // It needs nothing but the base layer: here one may switch up.

    friend bool operator==(const Temporal&, const Temporal&) = default;
  };
  std::optional<Temporal> temporal = {};
  std::optional<std::uint8_t> key_index = {};  // 5 bits.

  std::size_t size = 0;  // Of the descriptor, in bytes. Set by parse().

  // Nothing where the payload ends within it.
  static std::optional<Vp8Descriptor> parse(Bytes payload);

  bool starts_frame() const { return start_of_partition && partition == 0; }
  void write_to(ByteWriter& writer) const;

  // Overwrites picture id and TL0PICIDX of a payload that parse() read this from: the size stays.
  void rewrite(std::span<std::uint8_t> payload, std::uint16_t new_picture_id,
               std::uint8_t new_tl0_picture_index) const;

  friend bool operator==(const Vp8Descriptor&, const Vp8Descriptor&) = default;
};

// Of a frame's first payload, behind the descriptor (RFC 6386, 9.1).
bool is_vp8_key_frame(Bytes frame);

struct PictureSize {
  std::uint16_t width = 0;
  std::uint16_t height = 0;

  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};
// Only a key frame tells it.
std::optional<PictureSize> vp8_picture_size(Bytes frame);

// Cuts an encoded frame into payloads of at most `max_size` bytes, descriptor included. What
// `descriptor` says of partitions is set here.
std::vector<Payload> packetize_vp8(Bytes frame, std::size_t max_size, Vp8Descriptor descriptor);

}  // namespace parley::codec

#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "rtp/identifiers.h"
#include "sfu/packet.h"

namespace parley::sfu {

// A packet on its way to one receiver: the shared packet, and the few numbers that are this
// receiver's own. Its header is written only when it leaves.
struct Forwarded {
  PacketRef packet = {};
  // What goes of packet->payload: all of it; of RED the primary sound alone, to a receiver that
  // takes no RED; or nothing, where a number only has to be used up (then no extensions either):
  // else the receiver would ask for what it is not to have.
  Bytes payload = {};
  std::uint16_t sequence_number = 0;
  std::uint32_t timestamp = 0;
  rtp::PayloadType payload_type = {};  // The receiver's.
  bool marker = false;
  bool starts_stream = false;  // The first of a publication or an encoding in this slot.
  // VP8: set where they differ from what the payload says.
  std::optional<std::uint16_t> picture_id = {};
  std::optional<std::uint8_t> tl0_picture_index = {};
  // Of the dependency descriptor (its second and third byte): set where it differs.
  std::optional<std::uint16_t> frame_number = {};

  // What its extensions are taken from: where a number only is used up, none goes along.
  const Packet* source() const { return payload.empty() ? nullptr : &*packet; }
};

}  // namespace parley::sfu

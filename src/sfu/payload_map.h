#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "rtp/identifiers.h"
#include "sdp/codec.h"
#include "sfu/packet.h"

namespace parley::sfu {

// Which of a publication's payloads a receiver takes, and by which payload types of its own.
//
// RED (RFC 2198) names within its payload what it carries, by the publisher's payload types. It
// goes as it is to a receiver that takes it, has the same type for that, and loses packets; to
// others goes what it carries last, the primary sound, without the older ones in front of it.
class PayloadMap {
 public:
  struct Passed {
    rtp::PayloadType payload_type = {};
    Bytes payload = {};  // Within the packet's.
  };

  PayloadMap() { to_.fill(kNone); }
  PayloadMap(std::span<const sdp::Codec> publication, std::span<const sdp::Codec> receiver);

  // Whether anything passes that is sound or pictures.
  bool passes_media() const { return passes_media_; }
  bool is_vp8(rtp::PayloadType type) const {
    return vp8_ != kNone && static_cast<std::uint8_t>(type) == vp8_;
  }
  // Whether what passes of a packet may be a part of it.
  bool takes_apart(rtp::PayloadType type) const {
    return red_ != kNone && static_cast<std::uint8_t>(type) == red_;
  }

  // Whether RED goes as it is, to who takes it. At first it does not.
  void set_redundant(bool redundant) { redundant_ = redundant; }

  // Nothing: not to this receiver.
  std::optional<Passed> pass(const Packet& packet) const {
    const auto type = static_cast<std::uint8_t>(packet.payload_type);
    const std::uint8_t to = to_[type & 0x7F];
    if (type == red_ && (to == kNone || !redundant_)) return primary(packet.payload);
    if (to == kNone) return std::nullopt;
    return Passed{.payload_type = rtp::PayloadType{to}, .payload = packet.payload};
  }

 private:
  static constexpr std::uint8_t kNone = 0xFF;

  std::optional<Passed> primary(Bytes red) const;

  std::uint8_t red_ = kNone;  // The publisher's, as is the next.
  std::uint8_t vp8_ = kNone;
  bool passes_media_ = false;
  bool redundant_ = false;
  std::array<std::uint8_t, 128> to_;
};

}  // namespace parley::sfu

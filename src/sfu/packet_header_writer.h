#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "rtp/extension_map.h"
#include "rtp/packet_writer.h"
#include "sfu/packet.h"

namespace parley::sfu {

// Writes the RTP headers of one slot, with the extensions its receiver agreed on, by its ids: the
// number for transport-wide feedback (or else the time of sending) in each packet, and of what the
// publisher sent along what the receiver knows too. Nothing else is put in, so that the packets of
// a frame, which are of one size, stay so.
class PacketHeaderWriter {
 public:
  // How a packet leaves, beside its header.
  struct Stamp {
    std::uint16_t transport_sequence_number = 0;
    Time now = {};
    bool mid = false;  // As size() was asked.
    // Of the dependency descriptor, where it is not the publisher's.
    std::optional<std::uint16_t> frame_number = {};
  };

  PacketHeaderWriter(const rtp::ExtensionMap& extensions, std::string_view mid);

  // Whether packets carry numbers that the receiver tells of.
  bool has_transport_sequence_number() const { return transport_sequence_number_ != 0; }
  bool has_mid() const { return mid_id_ != 0 && !mid_.empty(); }

  // Of the header for `packet` (null: nothing of a packet goes along); `with_mid` only if
  // has_mid().
  std::size_t size(const Packet* packet, bool with_mid) const;
  // `out` has as many bytes as size() tells.
  void write(const rtp::Header& header, const Packet* packet, const Stamp& stamp,
             std::span<std::uint8_t> out) const;

 private:
  static constexpr std::size_t kPassed = 5;  // Kinds of extensions that go along.
  struct Elements {
    std::size_t count = 0;
    std::size_t bytes = 0;  // Of their values.
    bool wide = false;      // The two-byte form is needed (RFC 8285, 4.3).

    void add(std::size_t size) {
      ++count;
      bytes += size;
      wide |= size > 16;
    }
    std::size_t size() const { return bytes + count * (wide ? 2 : 1); }
  };

  Elements elements(const Packet* packet, bool with_mid) const;

  // Ids; 0: not agreed on.
  std::uint8_t transport_sequence_number_ = 0;
  std::uint8_t absolute_send_time_ = 0;  // Only where there is no number.
  std::uint8_t mid_id_ = 0;
  std::array<std::uint8_t, kPassed> passed_ = {};
  bool wide_ids_ = false;  // Some id does not fit the one-byte form.
  std::string mid_;
};

}  // namespace parley::sfu

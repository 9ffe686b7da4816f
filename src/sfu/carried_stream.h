#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rtp/identifiers.h"
#include "rtp/seq_no.h"
#include "sfu/forwarded.h"
#include "sfu/layer_filter.h"
#include "sfu/number_map.h"
#include "sfu/packet.h"
#include "sfu/payload_map.h"
#include "sfu/picture_ids.h"
#include "sfu/timeline.h"

namespace parley::sfu {

// One encoding of a publication as a slot carries it, from the key frame (or, of sound, the packet)
// with which it begins there: which of its packets pass, and their new numbers. Those of a packet
// can be told again for some time, so nothing is kept of a packet but that it went out.
class CarriedStream {
 public:
  // How the numbers of the slot stood when it began.
  struct Last {
    std::uint16_t sequence_number = 0;
    PictureIds::Last pictures = {};
    std::optional<std::uint16_t> frame_number = {};
  };

  // Begins with `first`, which goes out next. The publication's payload must pass.
  Forwarded start(const PacketRef& first, const PayloadMap& payloads, const Timeline::Clock& clock,
                  const Last& last, LayerFilter::Limits target);

  std::uint8_t encoding() const { return encoding_; }
  rtp::PayloadType payload_type() const { return payload_type_; }  // The publisher's.
  rtp::SeqNo newest() const { return {numbers_.newest()}; }
  std::uint64_t newest_picture() const { return newest_picture_; }  // Its timestamp.
  const Timeline::Clock& clock() const { return clock_; }
  Last last() const;
  LayerFilter& layers() { return layers_; }
  const LayerFilter& layers() const { return layers_; }

  // `packet` is newer than newest(). Nothing: it is not wanted.
  std::optional<Forwarded> forward_next(const PacketRef& packet, const PayloadMap& payloads,
                                        Timeline& timeline);
  // `packet` is older: it goes by the number that was left for it.
  std::optional<Forwarded> forward_late(const PacketRef& packet, const PayloadMap& payloads);

  // What has, or would have, this number.
  std::optional<rtp::SeqNo> find_in(std::uint16_t sequence_number) const;
  // The same as it went out, or would have.
  std::optional<Forwarded> repeat(const PacketRef& packet, const PayloadMap& payloads) const;

 private:
  // Which of the newest packets have gone out; those further back count as such.
  class Sent {
   public:
    void start(std::uint64_t seq);
    void add_next(std::uint64_t seq);  // Newer than all before.
    bool add(std::uint64_t seq);       // False: it has gone out before.

   private:
    static constexpr std::uint64_t kBits = 1'024;
    std::uint64_t& word(std::uint64_t seq) { return words_[seq / 64 % words_.size()]; }
    static std::uint64_t bit(std::uint64_t seq) { return std::uint64_t{1} << seq % 64; }

    std::uint64_t next_ = 0;
    std::array<std::uint64_t, kBits / 64> words_ = {};
  };

  // What all packets of a picture have in common.
  struct Picture {
    std::uint64_t in = 0;  // Its timestamp.
    std::uint32_t timestamp = 0;
    PictureIds::Ids ids = {};
  };

  void start_frame_numbers(const Packet& packet, std::optional<std::uint16_t> last);
  void begin_picture(const Packet& packet, bool passes);
  bool place_picture(const Packet& packet, Timeline& timeline);
  std::optional<Picture> picture_of(const Packet& packet) const;
  std::optional<PayloadMap::Passed> pass(const Packet& packet, const PayloadMap& payloads) const {
    if (packet.payload_type != payload_type_ || !goes_whole_) return payloads.pass(packet);
    return PayloadMap::Passed{.payload_type = out_type_, .payload = packet.payload};
  }
  Forwarded with_numbers(const PacketRef& packet, const PayloadMap::Passed& passed,
                         std::uint16_t sequence_number, const Picture& picture,
                         LayerFilter::Limits limits) const;

  // What each packet needs comes first, and close together.
  std::uint8_t encoding_ = 0;
  rtp::PayloadType payload_type_ = {};  // The publisher's.
  rtp::PayloadType out_type_ = {};      // What that comes to.
  bool goes_whole_ = false;             // Payloads of that type.
  bool counts_frames_ = false;          // AV1: by the dependency descriptor.
  bool newest_dropped_ = false;         // The newest packet.
  std::uint16_t frame_number_shift_ = 0;
  std::uint16_t newest_frame_number_ = 0;
  std::uint64_t newest_picture_ = 0;    // By its timestamp.
  std::uint64_t newest_timestamp_ = 0;  // Of the newest packet.
  Picture picture_ = {};                // The last of which something went out in order.
  Timeline::Clock clock_;
  LayerFilter layers_;
  NumberMap numbers_;
  Sent sent_;
  PictureIds pictures_;
  std::optional<std::uint16_t> last_frame_number_ = {};  // Of the slot, where this counts none.
};

}  // namespace parley::sfu

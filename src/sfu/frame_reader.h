#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/dependency_descriptor.h"
#include "codec/vp8.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"
#include "sdp/codec.h"
#include "sfu/layer_rates.h"
#include "sfu/packet.h"

namespace parley::sfu {

// Reads from the packets of one stream what a forwarder has to know of each: whether a frame begins
// or ends, whether it needs one before it, which layer it is. It reads payload descriptors, and the
// dependency descriptor where a format has none of its own (H.264, AV1); without either there is
// one layer.
class FrameReader {
 public:
  // What the publisher may send, by its payload types.
  explicit FrameReader(std::span<const sdp::Codec> codecs);

  // Whether packets of this type carry sound or pictures: not repair, tones, noise.
  bool knows(rtp::PayloadType type) const { return format(type) != Format::kUnknown; }

  // Fills in `packet.frame`; everything else of the packet is there. `previous`: the packet with
  // the number before it, if it has come. False: the payload is malformed.
  //
  // All packets of a key frame say so, once its first one has been read. Padding (no payload) is
  // of no frame.
  bool read(Packet& packet, const Packet* previous);

  // As the newest key frame tells it; zero where nothing does.
  codec::PictureSize size(std::uint8_t spatial) const { return sizes_[spatial]; }

 private:
  enum class Format : std::uint8_t {
    kUnknown,
    kOpus,
    kRed,
    kSound,
    kVp8,
    kVp9,
    kH264,
    kAv1,
    kPicture
  };

  static Format format_of(const sdp::Codec& codec);
  Format format(rtp::PayloadType type) const { return formats_[static_cast<std::uint8_t>(type)]; }
  bool read_vp8(Packet& packet);
  bool read_vp9(Packet& packet);
  bool read_h264(Packet& packet, const Packet* previous);
  bool read_av1(Packet& packet, const Packet* previous);
  bool read_dependencies(Packet& packet);
  void note_structure();
  void note_key_frame(Packet& packet, bool begins);

  std::array<Format, 128> formats_ = {};  // By payload type.
  std::array<codec::PictureSize, kMaxSpatialLayers> sizes_ = {};
  std::optional<std::uint64_t> key_frame_;  // The timestamp of the newest.

  // The structure that dependency descriptors lean on, and what its templates come to.
  struct Template {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    bool key_frame = false;
    bool switch_up = false;
    bool non_reference = false;
  };
  codec::DependencyReader dependencies_;
  std::optional<rtp::SeqNo> structure_;  // The packet that brought it.
  std::uint8_t template_id_offset_ = 0;
  std::size_t template_count_ = 0;
  std::array<Template, codec::DependencyStructure::kMaxTemplates> templates_ = {};
};

}  // namespace parley::sfu

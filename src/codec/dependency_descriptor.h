#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/bit_reader.h"
#include "codec/vp8.h"

namespace parley::codec {

// What one frame is to one decode target (AV1 RTP specification, A.8.3).
enum class Indication : std::uint8_t { kNotPresent, kDiscardable, kSwitch, kRequired };

// The layers that a stream has, sent with its key frames. A decode target is a set of layers that
// can be shown: the highest shows all, the lowest only the base.
struct DependencyStructure {
  struct Template {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    std::vector<Indication> indications = {};          // By decode target.
    std::vector<std::uint8_t> frame_differences = {};  // The frames it refers to, counted back.
    std::vector<std::uint8_t> chain_differences = {};  // By chain: the one before it in the chain.

    friend bool operator==(const Template&, const Template&) = default;
  };

  static constexpr std::size_t kMaxTemplates = 64;  // Template ids have six bits.

  std::uint8_t template_id_offset = 0;
  std::uint8_t decode_targets = 0;  // 1 to 32.
  std::uint8_t chains = 0;          // At most one a decode target.
  std::vector<Template> templates = {};
  std::vector<std::uint8_t> protected_by = {};  // By decode target: its chain. Empty without.
  std::vector<PictureSize> resolutions = {};    // By spatial layer; empty where it does not tell.

  friend bool operator==(const DependencyStructure&, const DependencyStructure&) = default;
};

// What a packet says of its frame.
struct DependencyDescriptor {
  bool starts_frame = false;
  bool ends_frame = false;
  std::uint16_t frame_number = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::vector<Indication> indications = {};  // By decode target.
  std::vector<std::uint16_t> frame_differences = {};
  std::vector<std::uint8_t> chain_differences = {};         // By chain.
  bool has_structure = false;                               // A key frame, or its repetition.
  std::optional<std::uint32_t> active_decode_targets = {};  // A bit each, where it tells.

  friend bool operator==(const DependencyDescriptor&, const DependencyDescriptor&) = default;
};

// Reads the dependency descriptors of one stream: it remembers the structure that later ones lean
// on.
class DependencyReader {
 public:
  // Nothing for what is malformed, or leans on a structure that has not come.
  std::optional<DependencyDescriptor> read(Bytes extension);

  // Of the stream as it is now.
  const std::optional<DependencyStructure>& structure() const { return structure_; }

 private:
  std::optional<DependencyStructure> structure_;
};

}  // namespace parley::codec

#include "codec/dependency_descriptor.h"

#include <algorithm>
#include <utility>

namespace parley::codec {
namespace {

constexpr std::size_t kMandatorySize = 3;  // Octets.

struct Flags {
  bool structure = false;
  bool active_decode_targets = false;
  bool custom_indications = false;
  bool custom_frame_differences = false;
  bool custom_chains = false;
};

std::vector<Indication> read_indications(BitReader& reader, std::size_t count) {
  std::vector<Indication> indications(count);
  std::ranges::generate(indications, [&] { return static_cast<Indication>(reader.bits(2)); });
  return indications;
}

// Each template names its layer by the step from the one before. False for more than there are ids.
bool read_layers(BitReader& reader, DependencyStructure& structure) {
  enum Step : std::uint32_t { kSame, kNextTemporal, kNextSpatial, kNoMore };
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  for (std::uint32_t step = kSame; step != kNoMore && reader.ok();) {
    if (structure.templates.size() == DependencyStructure::kMaxTemplates) return false;
    structure.templates.push_back({.spatial = spatial, .temporal = temporal});
    step = reader.bits(2);
    if (step == kNextTemporal) ++temporal;
    if (step == kNextSpatial) {
      temporal = 0;
      ++spatial;
    }
  }
  return true;
}

void read_chains(BitReader& reader, DependencyStructure& structure) {
  structure.chains = static_cast<std::uint8_t>(reader.below(structure.decode_targets + 1u));
  if (structure.chains == 0) return;
  for (int i = 0; i < structure.decode_targets; ++i) {
    structure.protected_by.push_back(static_cast<std::uint8_t>(reader.below(structure.chains)));
  }
  for (DependencyStructure::Template& one : structure.templates) {
    for (int i = 0; i < structure.chains; ++i) {
      one.chain_differences.push_back(static_cast<std::uint8_t>(reader.bits(4)));
    }
  }
}

std::optional<DependencyStructure> read_structure(BitReader& reader) {
  DependencyStructure structure;
  structure.template_id_offset = static_cast<std::uint8_t>(reader.bits(6));
  structure.decode_targets = static_cast<std::uint8_t>(reader.bits(5) + 1);
  if (!read_layers(reader, structure)) return std::nullopt;
  for (auto& one : structure.templates) {
    one.indications = read_indications(reader, structure.decode_targets);
  }
  for (auto& one : structure.templates) {
    while (reader.flag()) {
      one.frame_differences.push_back(static_cast<std::uint8_t>(reader.bits(4) + 1));
    }
  }
  read_chains(reader, structure);
  if (reader.flag()) {
    for (int i = 0; i <= structure.templates.back().spatial; ++i) {
      const auto width = static_cast<std::uint16_t>(reader.bits(16) + 1);
      const auto height = static_cast<std::uint16_t>(reader.bits(16) + 1);
      structure.resolutions.push_back({.width = width, .height = height});
    }
  }
  return reader.ok() ? std::optional(std::move(structure)) : std::nullopt;
}

// Sizes of 4, 8 or 12 bits, each announced; 0 is the end.
std::vector<std::uint16_t> read_frame_differences(BitReader& reader) {
  std::vector<std::uint16_t> differences;
  for (std::uint32_t size = reader.bits(2); size != 0; size = reader.bits(2)) {
    differences.push_back(static_cast<std::uint16_t>(reader.bits(4 * size) + 1));
  }
  return differences;
}

// Fills in what the frame's template says, and what the frame itself says differently.
void read_definition(BitReader& reader, const Flags& flags, const DependencyStructure& structure,
                     const DependencyStructure::Template& base, DependencyDescriptor& descriptor) {
  descriptor.spatial = base.spatial;
  descriptor.temporal = base.temporal;
  descriptor.indications = flags.custom_indications
                               ? read_indications(reader, structure.decode_targets)
                               : base.indications;
  if (flags.custom_frame_differences) {
    descriptor.frame_differences = read_frame_differences(reader);
  } else {
    descriptor.frame_differences.assign(base.frame_differences.begin(),
                                        base.frame_differences.end());
  }
  descriptor.chain_differences = base.chain_differences;
  if (!flags.custom_chains) return;
  descriptor.chain_differences.resize(structure.chains);
  for (auto& one : descriptor.chain_differences) one = static_cast<std::uint8_t>(reader.bits(8));
}

}  // namespace

std::optional<DependencyDescriptor> DependencyReader::read(Bytes extension) {
  BitReader reader(extension);
  DependencyDescriptor descriptor;
  descriptor.starts_frame = reader.flag();
  descriptor.ends_frame = reader.flag();
  const std::uint32_t template_id = reader.bits(6);
  descriptor.frame_number = static_cast<std::uint16_t>(reader.bits(16));
  Flags flags;
  if (extension.size() > kMandatorySize) {
    flags = {.structure = reader.flag(),
             .active_decode_targets = reader.flag(),
             .custom_indications = reader.flag(),
             .custom_frame_differences = reader.flag(),
             .custom_chains = reader.flag()};
  }
  std::optional<DependencyStructure> fresh;
  if (flags.structure && !(fresh = read_structure(reader))) return std::nullopt;
  const auto& structure = fresh ? fresh : structure_;
  if (!reader.ok() || !structure) return std::nullopt;
  if (flags.active_decode_targets) {
    descriptor.active_decode_targets = reader.bits(structure->decode_targets);
  }
  constexpr std::uint32_t kTemplateIds = 64;
  const std::size_t index =
      (template_id + kTemplateIds - structure->template_id_offset) % kTemplateIds;
  if (index >= structure->templates.size()) return std::nullopt;
  read_definition(reader, flags, *structure, structure->templates[index], descriptor);
  if (!reader.ok()) return std::nullopt;
  descriptor.has_structure = fresh.has_value();
  if (fresh) structure_ = std::move(fresh);
  return descriptor;
}

}  // namespace parley::codec

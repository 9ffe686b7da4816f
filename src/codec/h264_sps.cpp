#include "codec/h264_sps.h"

#include <algorithm>
#include <array>
#include <limits>

#include "codec/bit_reader.h"
#include "codec/h264.h"

namespace parley::codec {
namespace {

constexpr std::uint8_t kTypeBits = 0x1F;
constexpr std::uint32_t kTooLarge = std::numeric_limits<std::uint32_t>::max();

NalType type_of(Bytes nal_unit) {
  return NalType{static_cast<std::uint8_t>(nal_unit[0] & kTypeBits)};
}

std::optional<Bytes> find_sps(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  if (type_of(payload) == NalType::kSps) return payload;
  if (type_of(payload) != NalType::kStapA) return std::nullopt;
  ByteReader reader(payload.subspan(1));
  while (!reader.at_end()) {
    const Bytes nal_unit = reader.bytes(reader.u16());
    if (!reader.ok() || nal_unit.empty()) return std::nullopt;
    if (type_of(nal_unit) == NalType::kSps) return nal_unit;
  }
  return std::nullopt;
}

// ue(v): Exp-Golomb (9.1).
std::uint32_t read_ue(BitReader& reader) {
  std::size_t zeros = 0;
  while (reader.ok() && !reader.flag()) ++zeros;
  if (zeros > 31) return kTooLarge;
  return (1u << zeros) - 1 + reader.bits(zeros);
}

void skip_scaling_list(BitReader& reader, int size) {
  std::int64_t last = 8;
  std::int64_t next = 8;
  for (int i = 0; i < size && reader.ok() && next != 0; ++i) {
    const std::uint32_t code = read_ue(reader);  // se(v): 1, -1, 2, -2 ...
    const auto delta = static_cast<std::int64_t>(code / 2 + code % 2) * (code % 2 == 0 ? -1 : 1);
    next = (last + delta + 256) % 256;
    if (next != 0) last = next;
  }
}

// What the profiles above Main have in front. Returns chroma_format_idc.
std::uint32_t read_high_profile(BitReader& reader) {
  const std::uint32_t chroma_format = read_ue(reader);
  if (chroma_format == 3) reader.flag();
  read_ue(reader);  // Bit depths.
  read_ue(reader);
  reader.flag();
  if (!reader.flag()) return chroma_format;
  for (int i = 0; i < (chroma_format == 3 ? 12 : 8); ++i) {
    if (reader.flag()) skip_scaling_list(reader, i < 6 ? 16 : 64);
  }
  return chroma_format;
}

void skip_picture_order(BitReader& reader) {
  const std::uint32_t type = read_ue(reader);
  if (type == 0) read_ue(reader);
  if (type != 1) return;
  reader.flag();
  read_ue(reader);
  read_ue(reader);
  const std::uint32_t count = std::min<std::uint32_t>(read_ue(reader), 255);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) read_ue(reader);
}

bool has_high_profile(std::uint32_t profile) {
  constexpr std::array<std::uint32_t, 7> kHigh = {100, 110, 122, 244, 44, 83, 86};
  return std::ranges::find(kHigh, profile) != kHigh.end();
}

std::optional<PictureSize> read_size(BitReader& reader, std::uint32_t chroma_format) {
  constexpr std::uint32_t kMacroblock = 16;
  constexpr std::uint32_t kMost = 16'384 / kMacroblock;
  const std::uint32_t columns = read_ue(reader);
  const std::uint32_t rows = read_ue(reader);
  const bool frames_only = reader.flag();
  if (!frames_only) reader.flag();
  reader.flag();  // direct_8x8_inference_flag
  if (columns >= kMost || rows >= kMost) return std::nullopt;
  const std::uint32_t fields = frames_only ? 1 : 2;
  std::uint32_t width = (columns + 1) * kMacroblock;
  std::uint32_t height = (rows + 1) * kMacroblock * fields;
  if (reader.flag()) {
    const std::uint32_t unit_x = chroma_format == 1 || chroma_format == 2 ? 2 : 1;
    const std::uint32_t unit_y = (chroma_format == 1 ? 2 : 1) * fields;
    std::array<std::uint64_t, 4> crop = {};  // Left, right, top, bottom.
    std::ranges::generate(crop, [&] { return std::uint64_t{read_ue(reader)}; });
    const std::uint64_t sides = (crop[0] + crop[1]) * unit_x;
    const std::uint64_t ends = (crop[2] + crop[3]) * unit_y;
    if (sides >= width || ends >= height) return std::nullopt;
    width -= static_cast<std::uint32_t>(sides);
    height -= static_cast<std::uint32_t>(ends);
  }
  if (!reader.ok()) return std::nullopt;
  return PictureSize{.width = static_cast<std::uint16_t>(width),
                     .height = static_cast<std::uint16_t>(height)};
}

}  // namespace

std::optional<PictureSize> h264_picture_size(Bytes payload) {
  const auto sps = find_sps(payload);
  if (!sps) return std::nullopt;
  // What is needed stands in front; the third zero in a row is escaped (7.4.1).
  std::array<std::uint8_t, 128> plain = {};
  std::size_t size = 0;
  int zeros = 0;
  for (const std::uint8_t octet : sps->subspan(1)) {
    if (size == plain.size()) break;
    const bool is_escape = zeros >= 2 && octet == 3;
    zeros = octet == 0 ? zeros + 1 : 0;
    if (!is_escape) plain[size++] = octet;
  }
  BitReader reader(Bytes(plain).first(size));
  const std::uint32_t profile = reader.bits(8);
  reader.bits(16);  // Constraints and level.
  read_ue(reader);  // Its id.
  const std::uint32_t chroma_format = has_high_profile(profile) ? read_high_profile(reader) : 1;
  read_ue(reader);  // log2_max_frame_num_minus4
  skip_picture_order(reader);
  read_ue(reader);  // max_num_ref_frames
  reader.flag();
  return read_size(reader, chroma_format);
}

}  // namespace parley::codec

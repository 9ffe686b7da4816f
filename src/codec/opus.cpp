#include "codec/opus.h"

#include "base/assert.h"

namespace parley::codec {
namespace {

using std::chrono::microseconds;

constexpr Duration kLongest = std::chrono::milliseconds{120};

// By configuration number (RFC 6716, table 2).
constexpr OpusToc::Mode mode_of(std::uint8_t config) {
  return config < 12   ? OpusToc::Mode::kSilk
         : config < 16 ? OpusToc::Mode::kHybrid
                       : OpusToc::Mode::kCelt;
}

constexpr Duration frame_of(std::uint8_t config) {
  constexpr microseconds kSilk[] = {microseconds(10'000), microseconds(20'000),
                                    microseconds(40'000), microseconds(60'000)};
  if (config < 12) return kSilk[config % 4];
  if (config < 16) return kSilk[config % 2];
  return microseconds(2'500 << config % 4);
}

static_assert(frame_of(1) == std::chrono::milliseconds{20});
static_assert(frame_of(13) == std::chrono::milliseconds{20});
static_assert(frame_of(31) == std::chrono::milliseconds{20});

// A redundant block's header has four octets, the newest one's has one.
constexpr std::uint8_t kMoreFollow = 0x80;
constexpr std::size_t kMaxRedundant = 0x3FF;
constexpr std::uint16_t kMaxOffset = 0x3FFF;

}  // namespace

std::optional<OpusToc> OpusToc::parse(Bytes packet) {
  if (packet.empty()) return std::nullopt;
  const auto config = static_cast<std::uint8_t>(packet[0] >> 3);
  OpusToc toc{
      .mode = mode_of(config), .stereo = (packet[0] & 0x04) != 0, .frame = frame_of(config)};
  switch (packet[0] & 0x03) {
    case 0: toc.frames = 1; break;
    case 1:
    case 2: toc.frames = 2; break;
    default:
      if (packet.size() < 2) return std::nullopt;
      toc.frames = packet[1] & 0x3F;
  }
  if (toc.frames == 0 || toc.duration() > kLongest) return std::nullopt;
  return toc;
}

std::optional<std::vector<RedBlock>> parse_red(Bytes payload) {
  ByteReader reader(payload);
  std::vector<RedBlock> blocks;
  std::vector<std::size_t> sizes;
  while (blocks.size() < kMaxRedBlocks) {
    const std::uint8_t first = reader.u8();
    RedBlock& block = blocks.emplace_back();
    block.payload_type = first & 0x7F;
    if ((first & kMoreFollow) == 0) break;
    const std::uint32_t offset_and_size = std::uint32_t{reader.u16()} << 8 | reader.u8();
    block.timestamp_offset = static_cast<std::uint16_t>(offset_and_size >> 10);
    sizes.push_back(offset_and_size & kMaxRedundant);
  }
  if (!reader.ok() || sizes.size() == blocks.size()) return std::nullopt;
  for (std::size_t i = 0; i < sizes.size(); ++i) blocks[i].payload = reader.bytes(sizes[i]);
  blocks.back().payload = reader.bytes(reader.remaining());
  if (!reader.ok()) return std::nullopt;
  return blocks;
}

void write_red(ByteWriter& writer, std::span<const RedBlock> blocks) {
  PARLEY_ASSERT(!blocks.empty() && blocks.size() <= kMaxRedBlocks);
  for (const RedBlock& block : blocks.first(blocks.size() - 1)) {
    PARLEY_ASSERT(block.payload.size() <= kMaxRedundant && block.timestamp_offset <= kMaxOffset);
    writer.u8(block.payload_type | kMoreFollow);
    const auto packed = static_cast<std::uint32_t>(std::size_t{block.timestamp_offset} << 10 |
                                                   block.payload.size());
    writer.u16(static_cast<std::uint16_t>(packed >> 8));
    writer.u8(static_cast<std::uint8_t>(packed));
  }
  writer.u8(blocks.back().payload_type & 0x7F);
  for (const RedBlock& block : blocks) writer.bytes(block.payload);
}

}  // namespace parley::codec

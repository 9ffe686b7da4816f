#include "probe/payload.h"

#include <utility>

namespace parley::probe {
namespace {

constexpr std::uint32_t kMagic = 0xF0'70'62'65;

}  // namespace

std::vector<std::uint8_t> write_payload(Payload::Kind kind, std::uint32_t number,
                                        std::size_t size) {
  ByteWriter writer;
  writer.u32(kMagic);
  writer.u8(std::to_underlying(kind));
  writer.u32(number);
  if (writer.size() < size) writer.zeros(size - writer.size());
  return writer.take();
}

std::optional<Payload> read_payload(Bytes packet) {
  ByteReader reader(packet);
  const bool is_ours = reader.u32() == kMagic;
  const std::uint8_t kind = reader.u8();
  const std::uint32_t number = reader.u32();
  if (!reader.ok() || !is_ours || kind > std::to_underlying(Payload::Kind::kRamp)) {
    return std::nullopt;
  }
  return Payload{static_cast<Payload::Kind>(kind), number};
}

}  // namespace parley::probe

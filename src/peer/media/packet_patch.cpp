#include "peer/media/packet_patch.h"

#include <algorithm>

#include "rtp/packet.h"

namespace parley::peer {
namespace {

constexpr std::uint16_t kOneByteForm = 0xBEDE;
constexpr std::size_t kFixedHeader = 12;

// Where the extension's value begins; nothing if the packet has none of that id.
std::optional<std::size_t> offset_of(Bytes packet, std::uint8_t id, std::size_t& size) {
  const auto view = rtp::PacketView::parse_header(packet);
  const auto value = view ? view->find_extension(id) : std::nullopt;
  if (!value) return {};
  size = value->size();
  return static_cast<std::size_t>(value->data() - packet.data());
}

}  // namespace

bool overwrite_extension(std::span<std::uint8_t> packet, std::uint8_t id, Bytes value) {
  std::size_t size = 0;
  const auto offset = offset_of(packet, id, size);
  if (!offset || size != value.size()) return false;
  std::ranges::copy(value, packet.begin() + static_cast<std::ptrdiff_t>(*offset));
  return true;
}

bool renumber_extension(std::span<std::uint8_t> packet, std::uint8_t from, std::uint8_t to) {
  std::size_t size = 0;
  const auto offset = offset_of(packet, from, size);
  if (!offset) return false;
  const std::size_t profile = kFixedHeader + std::size_t{4} * (packet[0] & 0x0F);
  const bool one_byte = ByteReader(packet.subspan(profile, 2)).u16() == kOneByteForm;
  if (!one_byte) {  // The id, then the length, then the value.
    packet[*offset - 2] = to;
    return true;
  }
  if (to == 0 || to > 14) return false;
  packet[*offset - 1] = static_cast<std::uint8_t>(to << 4 | (packet[*offset - 1] & 0x0F));
  return true;
}

}  // namespace parley::peer

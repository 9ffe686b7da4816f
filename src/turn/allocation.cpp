#include "turn/allocation.h"

#include <algorithm>

namespace parley::turn {

std::optional<Ticket> Ticket::parse(Bytes value) {
  if (value.size() != kSize) return std::nullopt;
  ByteReader reader(value);
  const AllocationId allocation{reader.u64()};
  return Ticket{allocation, reader.u64()};
}

std::array<std::uint8_t, Ticket::kSize> Ticket::to_bytes() const {
  ByteWriter writer;
  writer.u64(allocation.value);
  writer.u64(secret);
  std::array<std::uint8_t, kSize> bytes = {};
  std::ranges::copy(writer.view(), bytes.begin());
  return bytes;
}

std::optional<std::uint16_t> instance_asked_for(Bytes packet) {
  constexpr std::array<std::uint8_t, 2> kRefreshRequest = {0x00, 0x04};
  if (packet.size() < 2 || !std::ranges::equal(packet.first(2), kRefreshRequest)) {
    return std::nullopt;
  }
  const auto request = stun::MessageView::parse(packet);
  const auto value = request ? request->find(stun::Attribute::kMobilityTicket) : std::nullopt;
  const auto ticket = value ? Ticket::parse(*value) : std::nullopt;
  if (!ticket) return std::nullopt;
  return ticket->instance();
}

Time Allocation::expires() const {
  Time first = kNever;
  for (const Slot& slot : slots) {
    if (slot.relay) first = std::min(first, slot.expires);
  }
  return first;
}

}  // namespace parley::turn

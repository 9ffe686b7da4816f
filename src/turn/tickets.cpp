#include "turn/tickets.h"

#include <algorithm>
#include <functional>

#include "stun/message.h"

namespace parley::turn {
namespace {

constexpr std::size_t kTagSize = 16;
constexpr std::size_t kTextSize = 16;
static_assert(kTagSize + kTextSize == Tickets::kSize);

std::array<std::uint8_t, kTextSize> text_of(const Ticket& ticket) {
  ByteWriter writer;
  writer.u64(ticket.allocation.value);
  writer.u64(ticket.secret);
  std::array<std::uint8_t, kTextSize> text = {};
  std::ranges::copy(writer.view(), text.begin());
  return text;
}

}  // namespace

// As SIV does it (RFC 5297): the tag of the text is the nonce of its encryption, too.
Tickets::Tickets(const TicketKey& key)
    : tag_key_(crypto::derive_key(key, "turn ticket tag")),
      cipher_key_(crypto::derive_key(key, "turn ticket cipher")) {}

std::array<std::uint8_t, Tickets::kSize> Tickets::seal(const Ticket& ticket) const {
  const auto text = text_of(ticket);
  const auto tag = crypto::hmac_sha256(tag_key_, text);
  const auto pad = crypto::hmac_sha256(cipher_key_, Bytes(tag).first(kTagSize));
  std::array<std::uint8_t, kSize> value = {};
  std::ranges::copy(Bytes(tag).first(kTagSize), value.begin());
  std::ranges::transform(text, pad, value.begin() + kTagSize, std::bit_xor<std::uint8_t>());
  return value;
}

std::optional<Ticket> Tickets::open(Bytes value) const {
  if (value.size() != kSize) return std::nullopt;
  const auto pad = crypto::hmac_sha256(cipher_key_, value.first(kTagSize));
  std::array<std::uint8_t, kTextSize> text = {};
  std::ranges::transform(value.subspan(kTagSize), pad, text.begin(), std::bit_xor<std::uint8_t>());
  const auto tag = crypto::hmac_sha256(tag_key_, text);
  if (!crypto::constant_time_equal(value.first(kTagSize), Bytes(tag).first(kTagSize))) {
    return std::nullopt;
  }
  ByteReader reader(text);
  const AllocationId allocation{reader.u64()};
  return Ticket{allocation, reader.u64()};
}

std::optional<std::uint16_t> Tickets::instance_asked_for(Bytes packet) const {
  constexpr std::array<std::uint8_t, 2> kRefreshRequest = {0x00, 0x04};
  if (packet.size() < 2 || !std::ranges::equal(packet.first(2), kRefreshRequest)) {
    return std::nullopt;
  }
  const auto request = stun::MessageView::parse(packet);
  const auto value = request ? request->find(stun::Attribute::kMobilityTicket) : std::nullopt;
  const auto ticket = value ? open(*value) : std::nullopt;
  if (!ticket) return std::nullopt;
  return ticket->instance();
}

}  // namespace parley::turn

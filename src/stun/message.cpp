#include "stun/message.h"

#include <algorithm>
#include <utility>

namespace parley::stun {
namespace {

struct RawAttribute {
  std::uint16_t type = 0;
  Bytes value = {};
};

// Values are padded to four bytes; the length does not count the padding.
RawAttribute read_attribute(ByteReader& reader) {
  const std::uint16_t type = reader.u16();
  const std::size_t length = reader.u16();
  const Bytes value = reader.bytes(length);
  reader.bytes((4 - length % 4) % 4);
  return {.type = type, .value = value};
}

//  0 0 M11..M7 C1 M6..M4 C0 M3..M0
constexpr Class class_of(std::uint16_t type) {
  return static_cast<Class>((type >> 7 & 0b10) | (type >> 4 & 0b01));
}

constexpr Method method_of(std::uint16_t type) {
  return static_cast<Method>((type >> 2 & 0xF80) | (type >> 1 & 0x070) | (type & 0x00F));
}

static_assert(class_of(0x0101) == Class::kSuccess && method_of(0x0101) == Method::kBinding);
static_assert(class_of(0x0113) == Class::kError && method_of(0x0113) == Method::kAllocate);

}  // namespace

std::expected<MessageView, ParseError> MessageView::parse(Bytes datagram) {
  ByteReader header(datagram);
  const std::uint16_t type = header.u16();
  const std::uint16_t length = header.u16();
  const std::uint32_t cookie = header.u32();
  const Bytes transaction_id = header.bytes(TransactionId{}.size());
  const Bytes attributes = header.bytes(length);
  if (!header.ok()) return std::unexpected(ParseError::kTruncated);
  if (type >> 14 != 0 || cookie != kMagicCookie) return std::unexpected(ParseError::kNotStun);
  if (!header.at_end()) return std::unexpected(ParseError::kBadLength);

  ByteReader reader(attributes);
  while (!reader.at_end()) read_attribute(reader);
  if (!reader.ok()) return std::unexpected(ParseError::kBadLength);

  MessageView message;
  message.class_ = class_of(type);
  message.method_ = method_of(type);
  std::ranges::copy(transaction_id, message.transaction_id_.begin());
  message.bytes_ = datagram;
  return message;
}

MessageView::Attributes MessageView::attributes() const {
  return Attributes(bytes_);
}

std::optional<AttributeView> MessageView::find_attribute(Attribute type) const {
  for (const AttributeView& attribute : attributes()) {
    if (attribute.type == type) return attribute;
  }
  return std::nullopt;
}

std::optional<Bytes> MessageView::find(Attribute type) const {
  const auto attribute = find_attribute(type);
  if (!attribute) return std::nullopt;
  return attribute->value;
}

std::optional<std::uint32_t> MessageView::find_u32(Attribute type) const {
  const auto value = find(type);
  if (!value || value->size() != 4) return std::nullopt;
  return ByteReader(*value).u32();
}

std::optional<std::uint64_t> MessageView::find_u64(Attribute type) const {
  const auto value = find(type);
  if (!value || value->size() != 8) return std::nullopt;
  return ByteReader(*value).u64();
}

std::vector<Attribute> MessageView::unknown_attributes(
    std::span<const Attribute> understood) const {
  std::vector<Attribute> unknown;
  const auto is_in = [](std::span<const Attribute> list, Attribute type) {
    return std::ranges::find(list, type) != list.end();
  };
  for (const auto& [type, value, offset] : attributes()) {
    if (must_be_understood(type) && !is_in(understood, type) && !is_in(unknown, type)) {
      unknown.push_back(type);
    }
  }
  return unknown;
}

MessageView::Attributes::Iterator::Iterator(Bytes message) : message_(message) {
  advance();
}

void MessageView::Attributes::Iterator::advance() {
  while (next_ < message_.size()) {
    ByteReader reader(message_.subspan(next_));
    const RawAttribute raw = read_attribute(reader);
    const auto type = static_cast<Attribute>(raw.type);
    current_ = {.type = type, .value = raw.value, .offset = next_};
    next_ = message_.size() - reader.remaining();
    if (!counts(type)) continue;
    if (type == Attribute::kMessageIntegrity || type == Attribute::kMessageIntegritySha256) {
      sealed_by_ = type;
    }
    return;
  }
  at_end_ = true;
}

bool MessageView::Attributes::Iterator::counts(Attribute type) const {
  if (!sealed_by_ || type == Attribute::kFingerprint) return true;
  return *sealed_by_ == Attribute::kMessageIntegrity && type == Attribute::kMessageIntegritySha256;
}

TransactionId make_transaction_id(Random& random) {
  TransactionId id;
  random.fill(id);
  return id;
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::kTruncated: return "truncated";
    case ParseError::kNotStun: return "not STUN";
    case ParseError::kBadLength: return "bad length";
  }
  std::unreachable();
}

}  // namespace parley::stun

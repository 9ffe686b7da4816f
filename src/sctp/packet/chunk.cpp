#include "sctp/packet/chunk.h"

#include <algorithm>

#include "sctp/packet/big_endian.h"

namespace parley::sctp {

namespace {

constexpr std::size_t kTlvHeaderSize = 4;

}  // namespace

std::optional<Tlv> TlvReader::next() {
  if (rest_.empty() || !ok_) return std::nullopt;
  const std::size_t length = rest_.size() < kTlvHeaderSize ? 0 : load_u16(rest_.data() + 2);
  if (length < kTlvHeaderSize || length > rest_.size()) {
    ok_ = false;
    return std::nullopt;
  }
  const Tlv tlv{.type = load_u16(rest_.data()),
                .value = rest_.first(length).subspan(kTlvHeaderSize),
                .whole = rest_.first(length)};
  rest_ = rest_.subspan(std::min(padded(length), rest_.size()));  // The last may lack its padding.
  return tlv;
}

void write_tlv(ByteWriter& writer, std::uint16_t type, Bytes value) {
  writer.u16(type);
  writer.u16(static_cast<std::uint16_t>(kTlvHeaderSize + value.size()));
  writer.bytes(value);
  writer.zeros(padded(value.size()) - value.size());
}

}  // namespace parley::sctp

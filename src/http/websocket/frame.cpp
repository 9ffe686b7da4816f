#include "http/websocket/frame.h"

#include <cstring>
#include <utility>

#include "base/assert.h"

namespace parley::http::websocket {
namespace {

constexpr std::uint8_t kFin = 0x80, kRsv1 = 0x40, kRsv2And3 = 0x30, kMasked = 0x80;
constexpr std::uint8_t kLength16 = 126, kLength64 = 127;

constexpr bool is_known(std::uint8_t opcode) {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA);
}

}  // namespace

bool may_be_sent(std::uint16_t close_code) {
  if (close_code >= 3000) return close_code <= 4999;
  return (close_code >= 1000 && close_code <= 1003) || (close_code >= 1007 && close_code <= 1014);
}

std::size_t frame_header_size(std::uint8_t second) {
  const std::uint8_t length = second & 0x7F;
  const std::size_t extended = length == kLength16 ? 2 : length == kLength64 ? 8 : 0;
  return 2 + extended + ((second & kMasked) != 0 ? 4 : 0);
}

std::expected<FrameHeader, std::string_view> parse_frame_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t first = reader.u8();
  const std::uint8_t second = reader.u8();
  if ((first & kRsv2And3) != 0) return std::unexpected("a reserved bit is set");
  if (!is_known(first & 0x0F)) return std::unexpected("the opcode is reserved");
  if ((second & kMasked) == 0) return std::unexpected("the frame is not masked");

  FrameHeader header{.fin = (first & kFin) != 0,
                     .compressed = (first & kRsv1) != 0,
                     .opcode = static_cast<Opcode>(first & 0x0F)};
  const std::uint8_t length = second & 0x7F;
  header.length = length == kLength16 ? reader.u16() : length == kLength64 ? reader.u64() : length;
  const std::uint64_t least = length == kLength16 ? 126 : length == kLength64 ? 0x10000 : 0;
  if (header.length < least || header.length >> 63 != 0) {
    return std::unexpected("the length is not encoded as it must be");
  }
  if (is_control(header.opcode)) {
    if (!header.fin) return std::unexpected("a control frame is fragmented");
    if (header.length > kMaxControlPayload) return std::unexpected("a control frame is too long");
  }
  const Bytes mask = reader.bytes(4);
  PARLEY_ASSERT(reader.ok());
  std::memcpy(header.mask.data(), mask.data(), 4);
  return header;
}

OutgoingHeader::OutgoingHeader(Opcode opcode, std::size_t payload_size, bool compressed) {
  const auto put = [&](std::size_t byte) { bytes_[size_++] = static_cast<std::uint8_t>(byte); };
  put(std::size_t{kFin} | (compressed ? kRsv1 : 0u) | std::to_underlying(opcode));
  std::size_t width = 0;
  if (payload_size < kLength16) {
    put(payload_size);
  } else if (payload_size < 0x10000) {
    put(kLength16);
    width = 2;
  } else {
    put(kLength64);
    width = 8;
  }
  for (std::size_t shift = width * 8; shift > 0; shift -= 8) put(payload_size >> (shift - 8));
}

void unmask(Bytes from, std::span<std::uint8_t> to, std::array<std::uint8_t, 4> mask,
            std::uint64_t offset) {
  std::array<std::uint8_t, 8> key;  // The mask twice, as it falls on the first byte of `from`.
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = mask[(offset + i) % 4];
  std::uint64_t key_word = 0;
  std::memcpy(&key_word, key.data(), sizeof key_word);
  std::size_t i = 0;
  for (; i + sizeof key_word <= from.size(); i += sizeof key_word) {
    std::uint64_t word = 0;
    std::memcpy(&word, from.data() + i, sizeof word);
    word ^= key_word;
    std::memcpy(to.data() + i, &word, sizeof word);
  }
  for (; i < from.size(); ++i) to[i] = from[i] ^ key[i % 8];
}

}  // namespace parley::http::websocket

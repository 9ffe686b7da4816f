#include "http/websocket/utf8_validator.h"

#include <cstddef>
#include <cstring>

namespace parley::http::websocket {
namespace {

// How many of the first bytes are certainly ASCII; eight are looked at in one step.
std::size_t ascii_prefix(Bytes bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t size = 0;
  for (; size + sizeof(std::uint64_t) <= bytes.size(); size += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + size, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return size;
}

}  // namespace

bool Utf8Validator::feed(Bytes bytes) {
  while (!bytes.empty()) {
    if (missing_ == 0) {
      bytes = bytes.subspan(ascii_prefix(bytes));
      if (bytes.empty()) break;
      if (!feed_lead(bytes.front())) return false;
    } else {
      const std::uint8_t byte = bytes.front();
      if (byte < low_ || byte > high_) return false;
      --missing_;
      low_ = 0x80;
      high_ = 0xBF;
    }
    bytes = bytes.subspan(1);
  }
  return true;
}

// RFC 3629, 4: the first byte says how many follow, and bounds the second.
bool Utf8Validator::feed_lead(std::uint8_t byte) {
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) low_ = 0xA0;   // Less would be an overlong form.
  if (byte == 0xED) high_ = 0x9F;  // More would be a surrogate.
  if (byte == 0xF0) low_ = 0x90;   // Overlong.
  if (byte == 0xF4) high_ = 0x8F;  // Beyond U+10FFFF.
  return true;
}

bool is_utf8(Bytes text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.is_complete();
}

}  // namespace parley::http::websocket

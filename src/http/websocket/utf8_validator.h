#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace parley::http::websocket {

// Checks UTF-8 that arrives in pieces (RFC 3629), and fails at the very first byte after which no
// continuation could make the text valid. Overlong forms, surrogates and what lies beyond U+10FFFF
// are impossible.
class Utf8Validator {
 public:
  // False as soon as the text has become impossible; it must not be called again after that.
  bool feed(Bytes bytes);

  // Whether the text may end here: no character is half received.
  bool is_complete() const { return missing_ == 0; }

 private:
  bool feed_lead(std::uint8_t byte);

  std::uint8_t missing_ = 0;  // Continuation bytes that the present character still needs.
  std::uint8_t low_ = 0x80;   // The range of the next of them: narrower after E0, ED, F0 and F4.
  std::uint8_t high_ = 0xBF;
};

bool is_utf8(Bytes text);

}  // namespace parley::http::websocket

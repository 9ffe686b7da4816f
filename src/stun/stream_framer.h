#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace parley::stun {

enum class FrameError : std::uint8_t { kNotStun, kTooLong };

std::string_view to_string(FrameError error);

// Cuts a TCP stream into STUN messages by the length in their headers (RFC 8489, 6.2.2).
//
// Call append() with what arrived, then next() until it returns nothing. It holds memory only while
// a message is incomplete or waits to be taken.
class StreamFramer {
 public:
  // `max_message`: a longer one is an error; a Binding request needs a few hundred bytes.
  explicit StreamFramer(std::size_t max_message) : max_message_(max_message) {}

  void append(Bytes data);

  // The next whole message, valid until the next call of either function; nothing if it is not
  // complete yet. An error is for good: where the next message would start is unknown.
  std::expected<std::optional<Bytes>, FrameError> next();

  std::size_t held() const { return buffer_.size() - taken_; }

 private:
  void drop_taken();

  std::size_t max_message_;
  std::vector<std::uint8_t> buffer_;
  std::size_t taken_ = 0;  // Bytes at the front of the buffer that next() has handed out.
};

}  // namespace parley::stun

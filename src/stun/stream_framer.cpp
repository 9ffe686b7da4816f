#include "stun/stream_framer.h"

#include <utility>

#include "stun/message.h"

namespace parley::stun {

void StreamFramer::append(Bytes data) {
  drop_taken();
  buffer_.insert(buffer_.end(), data.begin(), data.end());
}

std::expected<std::optional<Bytes>, FrameError> StreamFramer::next() {
  const Bytes waiting = Bytes(buffer_).subspan(taken_);
  if (waiting.empty()) drop_taken();
  ByteReader prefix(waiting);
  const std::uint16_t type = prefix.u16();
  const std::size_t size = kHeaderSize + prefix.u16();
  const std::uint32_t cookie = prefix.u32();
  if (!prefix.ok()) return std::nullopt;
  if (type >> 14 != 0 || cookie != kMagicCookie) return std::unexpected(FrameError::kNotStun);
  if (size > max_message_) return std::unexpected(FrameError::kTooLong);
  if (waiting.size() < size) return std::nullopt;
  taken_ += size;
  return waiting.first(size);
}

void StreamFramer::drop_taken() {
  if (taken_ == buffer_.size()) {
    buffer_ = {};  // Also gives the memory back: an idle connection holds none.
  } else {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  }
  taken_ = 0;
}

std::string_view to_string(FrameError error) {
  switch (error) {
    case FrameError::kNotStun: return "not STUN";
    case FrameError::kTooLong: return "too long";
  }
  std::unreachable();
}

}  // namespace parley::stun

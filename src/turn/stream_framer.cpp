#include "turn/stream_framer.h"

#include <algorithm>

#include "stun/message.h"
#include "turn/channel_data.h"

namespace parley::turn {
namespace {

constexpr std::size_t kPrefixSize = 4;  // Enough of either to know its size.

// The size of the packet that starts here; nothing if it is neither STUN nor ChannelData.
std::optional<std::size_t> packet_size(Bytes packet) {
  const bool has_cookie = packet.size() >= 8;
  if (packet[0] >> 6 == 0 && has_cookie &&
      ByteReader(packet.subspan(4)).u32() != stun::kMagicCookie) {
    return std::nullopt;
  }
  const auto length = static_cast<std::size_t>(packet[2] << 8 | packet[3]);
  if (packet[0] >> 6 == 0 && length % 4 == 0) return stun::kHeaderSize + length;
  if (!ChannelData::is_one(packet)) return std::nullopt;
  return ChannelData::kHeaderSize + length + ChannelData::padding(length);
}

}  // namespace

void StreamFramer::append(Bytes data) {
  drop_taken();
  const std::size_t skipped = std::min(skip_, data.size());
  skip_ -= skipped;
  data = data.subspan(skipped);
  buffer_.insert(buffer_.end(), data.begin(), data.end());
}

std::expected<std::optional<Bytes>, stun::FrameError> StreamFramer::next() {
  const Bytes waiting = Bytes(buffer_).subspan(taken_);
  if (waiting.empty()) drop_taken();
  if (waiting.size() < kPrefixSize) return std::nullopt;
  const auto size = packet_size(waiting);
  if (!size) return std::unexpected(stun::FrameError::kNotStun);
  if (*size > max_packet_) {
    if (!has_spoken_ || !ChannelData::is_one(waiting)) {
      return std::unexpected(stun::FrameError::kTooLong);
    }
    const std::size_t skipped = std::min(*size, waiting.size());
    taken_ += skipped;
    skip_ = *size - skipped;
    return waiting.first(ChannelData::kHeaderSize);
  }
  if (waiting.size() < *size) return std::nullopt;
  has_spoken_ = true;
  taken_ += *size;
  return waiting.first(*size);
}

std::vector<std::uint8_t> StreamFramer::take_rest() {
  const Bytes waiting = Bytes(buffer_).subspan(taken_);
  std::vector<std::uint8_t> rest(waiting.begin(), waiting.end());
  buffer_ = {};
  taken_ = 0;
  return rest;
}

void StreamFramer::drop_taken() {
  if (taken_ == buffer_.size()) {
    buffer_ = {};  // Also gives the memory back: an idle connection holds none.
  } else {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  }
  taken_ = 0;
}

}  // namespace parley::turn

#include "rtp/key_frame_requests.h"

#include <algorithm>
#include <utility>

namespace parley::rtp {

void KeyFrameRequests::request(Time now) {
  if (due_ != kNever) return;
  due_ = last_sent_ ? std::max(now, *last_sent_ + config_.min_interval) : now;
}

// It answers whatever was asked before it, also a request that has not left yet.
void KeyFrameRequests::handle_key_frame(Time) {
  due_ = kNever;
}

bool KeyFrameRequests::poll(Time now) {
  if (now < due_) return false;
  last_sent_ = now;
  due_ = now + config_.retry;
  return true;
}

bool FirFilter::handle(std::uint8_t sequence_number) {
  return std::exchange(last_, sequence_number) != sequence_number;
}

}  // namespace parley::rtp

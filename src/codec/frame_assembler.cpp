#include "codec/frame_assembler.h"

#include <utility>

namespace parley::codec {

std::optional<FrameAssembler::Frame> FrameAssembler::add(std::uint64_t timestamp, bool marker,
                                                         bool lost_before, bool starts_frame,
                                                         Bytes payload) {
  if (current_ && current_->timestamp != timestamp) {  // It never got its last packet.
    broken_ = true;
    ++frames_lost_;
    lost_ = true;
    current_.reset();
  }
  if (!current_) {
    begin(timestamp);
    broken_ = !starts_frame;
    lost_ = lost_ || lost_before;
  } else if (lost_before) {
    broken_ = true;
  }
  size_ += payload.size();
  broken_ = broken_ || size_ > kMaxFrame;
  if (!broken_) current_->payloads.emplace_back(payload.begin(), payload.end());
  if (!marker) return std::nullopt;

  Frame frame = *std::exchange(current_, std::nullopt);
  if (broken_) {
    ++frames_lost_;
    lost_ = true;
    return std::nullopt;
  }
  frame.lost_before = std::exchange(lost_, false);
  return frame;
}

void FrameAssembler::begin(std::uint64_t timestamp) {
  current_ = Frame{.timestamp = timestamp};
  size_ = 0;
}

}  // namespace parley::codec

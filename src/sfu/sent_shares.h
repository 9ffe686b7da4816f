#pragma once

#include <algorithm>
#include <cstdint>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::sfu {

// What of all that is sent is not a picture: sound, retransmissions and padding, and the headers of
// pictures. Measured over half a second at least, as often as its owner comes by.
class SentShares {
 public:
  // `size` with all headers, of which `headers` are what is beyond RTP.
  void handle_video(std::size_t size, std::size_t headers) {
    video_ += size;
    headers_ += headers;
  }
  void handle_other(std::size_t size) { other_ += size; }

  void handle_timeout(Time now) {
    if (now - since_ < std::chrono::milliseconds{500}) return;
    if (since_ != Time()) other_rate_ = DataSize::bytes(other_) / (now - since_);
    if (video_ > 0) header_share_ = static_cast<double>(headers_) / static_cast<double>(video_);
    since_ = now;
    video_ = headers_ = other_ = 0;
  }

  // What is left for video, as publications count it, of so much on the path.
  DataRate left_for_video(DataRate all) const {
    return std::max(all - other_rate_, DataRate()) * (1 - header_share_);
  }
  // And the other way round.
  DataRate needed_for_video(DataRate video) const {
    return video * (1 / (1 - header_share_)) + other_rate_;
  }

 private:
  Time since_ = {};
  std::size_t video_ = 0, headers_ = 0, other_ = 0;  // Bytes since then.
  DataRate other_rate_ = {};
  double header_share_ = 0.04;  // Of packets of 1,200 bytes.
};

}  // namespace parley::sfu

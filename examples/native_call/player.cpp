#include "player.h"

namespace native_call {

using parley::Time;

void Player::start(Time now) {
  started_ = now;
}

std::optional<Player::Frame> Player::poll(Time now) {
  if (next_deadline() > now) return std::nullopt;
  const Frame frame{.at = next_at(), .bytes = file_.frames[next_].bytes};
  if (++next_ == file_.frames.size()) {
    next_ = 0;
    offset_ += file_.length;
  }
  return frame;
}

Time Player::next_deadline() const {
  return is_playing() ? started_ + next_at() : parley::kNever;
}

void Player::jump(std::size_t index) {
  offset_ = next_at() - file_.frames[index].at;
  next_ = index;
}

}  // namespace native_call

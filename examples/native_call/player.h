#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "media_file.h"

namespace native_call {

// Plays a file in a loop: gives each frame when its time has come. A camera would be the same to
// its user, but that it can make a key frame whenever one is asked for; a file can go on from its
// next one.
class Player {
 public:
  struct Frame {
    parley::Duration at = {};  // Since start(); it goes on rising when the file begins anew.
    parley::Bytes bytes = {};  // The file's.
  };

  explicit Player(const MediaFile& file) : file_(file) {}  // The file outlives the player.

  void start(parley::Time now);
  bool is_playing() const { return started_ != parley::kNever; }

  // The next frame, if it is due. Call it until it gives nothing.
  std::optional<Frame> poll(parley::Time now);
  parley::Time next_deadline() const;  // kNever before start().

  // Goes on from the next frame that is one, at the time that the next frame would have had.
  // Nothing where the file has none.
  template <class Predicate>
  void skip_to(Predicate is_key_frame) {
    for (std::size_t i = 0; i < file_.frames.size(); ++i) {
      const std::size_t candidate = (next_ + i) % file_.frames.size();
      if (is_key_frame(parley::Bytes(file_.frames[candidate].bytes))) return jump(candidate);
    }
  }

 private:
  parley::Duration next_at() const { return offset_ + file_.frames[next_].at; }
  void jump(std::size_t index);

  const MediaFile& file_;
  parley::Time started_ = parley::kNever;
  parley::Duration offset_ = {};  // Of the file's beginning in this round, since start().
  std::size_t next_ = 0;
};

}  // namespace native_call

#pragma once

#include <optional>

#include "base/time.h"

namespace parley::sfu {

// How often one receiver is believed that it lost a picture: each key frame costs all who watch,
// and a receiver that says so for ever would have one come for ever. The first few times at once;
// but who got what it asked for and asks again, waits twice as long each time, up to `max_wait`.
//
// What is not believed yet is to be asked again by the owner as long as the picture is lost.
class PictureLosses {
 public:
  struct Config {
    int at_once = 3;
    Duration first_wait = std::chrono::seconds{1};
    Duration max_wait = std::chrono::seconds{4};
    Duration memory = std::chrono::seconds{10};  // Since it was believed last.
  };

  PictureLosses() : PictureLosses(Config{}) {}
  explicit PictureLosses(Config config) : config_(config) {}

  // Whether to ask for a key frame. As long as none comes it is the same loss.
  bool believe(Time now);
  // One was sent to it.
  void handle_key_frame() { waits_ = false; }

 private:
  Duration wait() const;

  Config config_;
  int believed_ = 0;    // In a row.
  bool waits_ = false;  // For a key frame, since then.
  std::optional<Time> last_;
};

}  // namespace parley::sfu

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "rtp/extension_values.h"
#include "sfu/identifiers.h"

namespace parley::sfu {

// Who speaks, from the audio levels that the packets carry (RFC 6464): who keeps on being the
// loudest, not who coughs. Nobody's sound is decoded.
//
// Drive it with handle_level() for each audio packet, and handle_timeout() at next_deadline().
class Speakers {
 public:
  struct Config {
    std::size_t slots = 3;                                // How many are heard at once.
    Duration attack = std::chrono::milliseconds{100};     // So long one has to speak to count.
    Duration release = std::chrono::milliseconds{1'500};  // So long one counts after the last word.
    Duration interval = std::chrono::milliseconds{100};   // Between two decisions.
    std::uint8_t silence = 55;                            // -dBov; what is less loud is no speech.
  };

  Speakers() : Speakers(Config{}) {}
  explicit Speakers(Config config) : config_(config) {}

  void handle_level(Time now, ParticipantId who, rtp::AudioLevel level);
  void remove(Time now, ParticipantId who);
  void handle_timeout(Time now);
  Time next_deadline() const;

  // Those who are heard: at most `slots`, in no order. Who once has a place keeps it until somebody
  // who has none speaks up; then the one that was silent longest gives way. So nobody is cut off by
  // a cough, and sound that stops costs nothing.
  const std::vector<ParticipantId>& heard() const { return heard_; }
  // Those who speak at the moment, the loudest first.
  const std::vector<ParticipantId>& speaking() const { return speaking_; }

 private:
  Config config_;
  std::vector<ParticipantId> heard_;
  std::vector<ParticipantId> speaking_;
};

}  // namespace parley::sfu

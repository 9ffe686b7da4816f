#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "rtp/extension_values.h"
#include "sfu/identifiers.h"

namespace parley::sfu {

// Who speaks, from the audio levels that the packets carry (RFC 6464): who keeps on being the
// loudest, not who coughs. Nobody's sound is decoded.
//
// Drive it with handle_level() or handle_unmeasured() for each audio packet, and handle_timeout()
// at next_deadline().
class Speakers {
 public:
  struct Config {
    std::size_t slots = 3;                                // How many are heard at once.
    Duration attack = std::chrono::milliseconds{100};     // So long one has to speak to be heard,
    Duration word = std::chrono::milliseconds{400};       // and so long to be a speaker.
    Duration release = std::chrono::milliseconds{1'500};  // So long one counts after the last word.
    Duration interval = std::chrono::milliseconds{100};   // Between two decisions.
    std::uint8_t silence = 55;                            // -dBov; what is less loud is no speech.
    double margin = 6;  // dB: so much louder one has to be to come before another who speaks.
  };

  Speakers() : Speakers(Config{}) {}
  explicit Speakers(Config config) : config_(config) {}

  void handle_level(Time now, ParticipantId who, rtp::AudioLevel level);
  // A packet that does not tell its level, as of programs that send none. As long as they come they
  // are heard, as a quiet voice; nobody can say whether they are speech, so it is no speaker.
  void handle_unmeasured(Time now, ParticipantId who);
  void remove(Time now, ParticipantId who);
  void handle_timeout(Time now);
  Time next_deadline() const { return due_; }

  // Those who are heard: at most `slots`. Who once has a place keeps it until somebody who has none
  // speaks up; then the one that was silent longest gives way. So nobody is cut off by a cough, and
  // sound that stops costs nothing. Where all of them speak, the quietest gives way to one who is
  // clearly louder and goes on.
  //
  // Who can hear fewer hears the first of them: who speaks comes before who has stopped, or is much
  // quieter; else they stay in the order they had.
  const std::vector<ParticipantId>& heard() const { return heard_; }
  // Those who speak at the moment, the loudest first.
  const std::vector<ParticipantId>& speaking() const { return speaking_; }

 private:
  // One who spoke lately.
  struct Voice {
    ParticipantId who = {};
    Time last_packet = {};
    Time last_word = {};
    Duration run = {};    // How long it has spoken, since it last paused.
    double loudness = 0;  // dB above silence, smoothed over half a second of speech.
    bool is_measured = true;
  };

  void note_sound(Time now, Voice& voice, double loudness);
  std::vector<Voice>::iterator find(ParticipantId who);
  std::vector<Voice>::iterator add(Time now, ParticipantId who,
                                   std::vector<Voice>::iterator before);
  const Voice* find_voice(ParticipantId who) const;
  bool is_heard(ParticipantId who) const;
  bool speaks(Time now, const Voice& voice) const;
  Duration silent_for(Time now, ParticipantId who) const;
  bool gives_way(Time now, ParticipantId before, ParticipantId after) const;
  void decide_speaking(Time now);
  void decide_heard(Time now);
  void seat(Time now, const Voice& newcomer);
  void order_heard(Time now);
  void forget_silent(Time now);

  Config config_;
  std::vector<Voice> voices_;  // By `who`.
  std::vector<ParticipantId> heard_;
  std::vector<ParticipantId> speaking_;
  Time due_ = kNever;
};

}  // namespace parley::sfu

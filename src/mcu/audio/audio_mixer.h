#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <variant>

#include "base/sans_io.h"
#include "base/shared_bytes.h"
#include "base/time.h"
#include "mcu/audio/audio_frame.h"
#include "mcu/audio/limiter.h"
#include "mcu/audio/opus.h"
#include "mcu/audio/voice.h"
#include "mcu/person.h"

namespace parley::mcu {

// Their microphone, the sound of what they show: each is a voice.
struct VoiceId {
  PersonId of = {};
  std::uint8_t number = 0;

  friend auto operator<=>(const VoiceId&, const VoiceId&) = default;
};

// The sound of a meeting, each 20 ms: everyone's voices in one packet of Opus for all who listen,
// and for each of these who speaks one without their own. So a hundred people cost as many
// encodings as listeners speak, and one more; and only who speaks is decoded.
//
// A SansIo engine; it begins with the first voice. Its output is in the order of time, and of one
// frame all mixes come together, those that end before the others.
class AudioMixer {
 public:
  struct Config {
    Voice::Config voice = {};
    MixEncoder::Config encoder = {};
    // In a mix at once; more, and nobody is understood. Who speaks first is heard.
    std::size_t max_speaking = 6;
    // Who has spoken keeps a mix of their own for so long: most go on after a pause.
    Duration own_mix_lingers = std::chrono::seconds{3};
    // So much is made up for after the owner came late; more is left out.
    std::size_t max_frames_behind = 5;
  };

  struct Input {
    VoiceId from = {};
    Voice::Packet packet = {};
  };
  struct Mixed {
    // Whose voices are not in it, and who is to hear it. Nothing: the mix for everyone else.
    std::optional<PersonId> without = {};
    std::uint64_t timestamp = 0;  // Of 48,000 a second.
    SharedBytes packet = {};
  };
  // From this frame on they are to hear the mix for everyone.
  struct OwnMixEnded {
    PersonId of = {};
  };
  using Output = std::variant<Mixed, OwnMixEnded>;

  struct Counters {
    std::uint64_t frames = 0;     // Each with all its mixes.
    std::uint64_t left_out = 0;   // Frames, as the owner came too late.
    std::uint64_t not_mixed = 0;  // Frames of voices that were one too many.
    std::uint64_t encoded = 0;
    std::uint64_t unknown = 0;  // Packets of nobody's voice.
  };

  AudioMixer() : AudioMixer(Config{}) {}
  explicit AudioMixer(const Config& config);

  void add(Time now, VoiceId voice);
  void remove(VoiceId voice);  // It ends softly.
  // Whether they hear what comes out of here: then they get a mix of their own while they speak.
  void set_listening(PersonId person, bool listening);

  void handle_input(Time now, Input input);  // Of a voice that was not added: dropped.
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // Whether they are to be given a mix of their own now, instead of the one for everyone.
  bool has_own_mix(PersonId person) const { return own_.contains(person); }
  std::size_t speaking() const;
  // Whether any voice of theirs is in the mix now.
  bool is_heard(PersonId person) const;
  // When the sound of that timestamp is mixed; nothing where nothing has come of that voice.
  std::optional<Time> due(VoiceId voice, std::uint64_t timestamp) const;
  const Counters& counters() const { return counters_; }
  std::optional<Voice::Counters> voice_counters(VoiceId voice) const;

 private:
  // One stream of packets: what is heard by some.
  struct Mix {
    explicit Mix(const MixEncoder::Config& config) : encoder(config) {}

    Limiter limiter;
    MixEncoder encoder;
    AudioFrame encoded = {};  // The latest, as it was encoded.
  };
  struct Member {
    explicit Member(const Voice::Config& config) : voice(config) {}

    Voice voice;
    bool is_heard = false;  // In this frame.
    bool leaves = false;    // After the next, in which it is faded out.
    AudioFrame frame = {};
  };
  struct OwnMix {
    std::unique_ptr<Mix> mix = {};
    Time until = {};
  };

  const Member* find(VoiceId voice) const;  // Not one who leaves.
  void mix(Time now);
  void play_voices(Time now);
  void keep_own_mixes(Time now);
  void mix_own(PersonId person, OwnMix& own);
  void encode(Mix& mix, std::optional<PersonId> without, AudioFrame frame, bool independent);

  Config config_;
  std::map<VoiceId, Member> members_;
  std::unordered_set<PersonId> listeners_;
  std::map<PersonId, OwnMix> own_;  // Of listeners who speak, or did lately.
  Mix shared_;
  AudioFrame all_ = {};       // Everyone's voices.
  std::optional<Time> next_;  // When the next frame is due; nothing before the first voice.
  std::uint64_t timestamp_ = 0;
  std::deque<Output> outputs_;
  Counters counters_;
};
static_assert(SansIo<AudioMixer>);

}  // namespace parley::mcu
